"""Files of the ledger, as they were at a commit."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from registry.errors import LedgerBroken
from registry.ledger.entries import Commit, check_path, parse_commit
from registry.ledger.objects import Reader


@dataclass(frozen=True, slots=True)
class Place:
    """A path at a commit; both are well-formed.

    Raises:
        Invalid: One is not.
    """

    commit: Commit
    path: str

    def __post_init__(self) -> None:
        parse_commit(self.commit)
        check_path(self.path)


class Files:
    """Reads as often as it is asked, all through one process."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    def read(self, commit: Commit, paths: Iterable[str]) -> Iterator[tuple[str, bytes]]:
        """Each file of *paths* with its bytes at *commit*, in the same order.

        Raises:
            Invalid: A path or the commit is not well-formed.
            LedgerBroken: A file or the commit is missing.
        """
        places = [Place(commit, path) for path in paths]
        return zip((one.path for one in places), self.at(places), strict=True)

    def at(self, places: Iterable[Place]) -> Iterator[bytes]:
        """The files at *places*, in the same order.

        Raises:
            LedgerBroken: A file or a commit is missing.
        """
        wanted = list(places)
        found = self._reader.answers(f"{one.commit}:{one.path}" for one in wanted)
        for one, file in zip(wanted, found, strict=True):
            if file is None or file.type != "blob":
                raise LedgerBroken(
                    f"{one.path} is not in the ledger where it should be"
                )
            yield file.data
