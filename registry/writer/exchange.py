"""The exchange: git as a way out of the registry, and as a way in.

    HOME/git/<environment>.git    copies, to be cloned; they can be thrown away
    HOME/git/pushes/              one folder for each push, while it lasts

What is cloned is brought up to date when it is asked for.  What is pushed is looked
at and told of; whoever asked writes it like everything else, with `Writer.write`.
"""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from registry.errors import Unavailable
from registry.ledger import Arrival, Commit, Copy, Ledger, arriving, sweep
from registry.writer.afterwards import Afterwards
from registry.writer.fence import Fence
from registry.writer.writer import Writer


class Exchange:
    """Args:
    ledger_path: Where the ledger's repository is.
    folder: For copies and pushes; it is made when it is needed.
    """

    def __init__(
        self,
        *,
        ledger: Ledger,
        ledger_path: Path,
        folder: Path,
        writer: Writer,
        afterwards: Afterwards,
    ) -> None:
        self._ledger = ledger
        self._ledger_path = ledger_path.absolute()
        self._folder = folder.absolute()
        self._writer = writer
        self._afterwards = afterwards
        self._fence = Fence(self._folder / "lock")
        self._copies: dict[str, Copy] = {}
        sweep(self._pushes)

    def whole(self) -> Path:
        """The ledger's repository, with its branches where they should be.

        Raises:
            Unavailable: They could not be brought there.
        """
        for environment in self._writer.state.environments.values():
            self._afterwards.derive(environment)
        self._afterwards.sign()
        return self._ledger_path

    def copy(self, environment: str) -> tuple[Path, Commit | None]:
        """The copy of an environment as it is now, and where its `main` is.

        Raises:
            NotFound: There is no such environment.
            Unavailable: It could not be brought up to date.
        """
        self._afterwards.derive(self._writer.state.environment(environment))
        self._make()
        with self._fence.held():
            place = self._folder / f"{environment}.git"
            copy = self._copies.setdefault(environment, Copy(place))
            return copy.path, self._ledger.copy(environment, copy)

    @contextmanager
    def arriving(self, environment: str) -> Iterator[tuple[Arrival, Commit | None]]:
        """A place for one push, and where the environment's `main` is.

        Raises:
            NotFound: There is no such environment.
            Unavailable: The place cannot be made.
        """
        copy, tip = self.copy(environment)
        with arriving(self._pushes, copy) as arrival:
            yield arrival, tip

    def spool(self) -> BinaryIO:
        """A file without a name, for what somebody sends; gone when it is closed."""
        self._make()
        try:
            # What another process reads from it must not be in a buffer of ours.
            return tempfile.TemporaryFile(dir=self._folder, buffering=0)
        except OSError as error:
            raise _unwritable(error) from error

    @property
    def _pushes(self) -> Path:
        return self._folder / "pushes"

    def _make(self) -> None:
        try:
            self._folder.mkdir(exist_ok=True)
        except OSError as error:
            raise _unwritable(error) from error


def _unwritable(error: OSError) -> Unavailable:
    return Unavailable(
        f"there is no room for what git sends: {error.strerror}",
        hint="Free space, or mend the permissions of the registry's folder.",
    )
