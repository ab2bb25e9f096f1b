"""Arrivals: what somebody has pushed, looked at where it can do no harm.

Each push has a repository of its own, in a folder that is gone afterwards.  It
borrows the objects of the environment's copy, so that a push is as small as what
it changes, and writes to nothing else: neither the ledger nor a copy ever has an
object of a stranger's.

 1. git's own `index-pack` takes the objects in, within limits, and checks every
    one of them as strictly as it can.
 2. The commit must be one, and go back to what is live.
 3. Its files are compared with those of the last commit in common, entry by
    entry (`registry.ledger.trees`), and only then are texts read.

No hook runs, and no receive-pack: there is nothing to configure wrongly.
"""

import fcntl
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from registry.errors import Invalid, TooLarge, Unavailable
from registry.ledger.entries import Commit
from registry.ledger.gitpython import GitCommandError
from registry.ledger.limits import Limits
from registry.ledger.objects import look_up, read
from registry.ledger.processes import FAILURES, Processes, unwritable
from registry.ledger.trees import Changed, differences, read_all, sizes
from registry.names import digest_of
from registry.pushes import Pushed, check_sizes

MAX_OBJECTS = 20_000
MAX_MESSAGE_BYTES = 64 * 2**10

LIMITS = Limits(memory_bytes=2**29, cpu_s=60, longest_s=120)

_FRUGAL = {
    "core.bigFileThreshold": "1m",
    "core.packedGitLimit": "64m",
    "core.packedGitWindowSize": "8m",
}
_HEADER_BYTES = 12
_CHECKED = re.compile(r"object [0-9a-f]+: (\w+): ")
_MEANS = {
    "duplicateEntries": "a folder has one name twice",
    "emptyName": "something has no name",
    "fullPathname": "a name has a slash in it",
    "hasDot": "something is called `.`",
    "hasDotdot": "something is called `..`",
    "hasDotgit": "something is called `.git`, or what a system takes for it",
    "nullSha1": "a folder names an object that there cannot be",
    "treeNotSorted": "a folder is not in order",
    "zeroPaddedFilemode": "a mode begins with a zero",
}
_WHOLE = "Fetch everything (`git fetch --unshallow`), then push again."


@contextmanager
def arriving(folder: Path, copy: Path) -> Iterator["Arrival"]:
    """A new repository in *folder*, gone when the block ends.

    Args:
        copy: The repository that what is pushed goes on from.

    Raises:
        LedgerUnwritable: It cannot be made.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        place = Path(tempfile.mkdtemp(dir=folder))
    except OSError as error:
        raise unwritable(error) from error
    held = os.open(place, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(held, fcntl.LOCK_EX)  # whoever sweeps leaves it alone
        _make(place, copy.absolute())
        yield Arrival(place)
    finally:
        shutil.rmtree(place, ignore_errors=True)
        os.close(held)


def sweep(folder: Path) -> None:
    """Remove what was left in *folder* by processes that were killed."""
    for place in folder.glob("*"):
        with suppress(OSError):
            held = os.open(place, os.O_RDONLY | os.O_DIRECTORY)
            try:
                fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(place, ignore_errors=True)
            finally:
                os.close(held)


class Arrival:
    """A repository for one push."""

    def __init__(self, place: Path) -> None:
        self._processes = Processes(place, quick=True, limits=LIMITS, settings=_FRUGAL)

    def take_in(self, pack: BinaryIO) -> None:
        """Store the objects of *pack*, which is read from where it stands.

        Raises:
            Invalid: It is damaged, or has what git takes for an attack.
            TooLarge: It has too many objects.
        """
        objects = _count(pack)
        if objects > MAX_OBJECTS:
            raise TooLarge(
                f"the push has {objects:,} objects, and {MAX_OBJECTS:,} are taken",
                hint="Push fewer commits at once: squash them, or start from a "
                "fresh clone.",
            )
        if objects == 0:
            return
        words = ("index-pack", "--stdin", "--fix-thin", "--strict", "--threads=1")
        try:
            with self._processes.start(*words, given=pack) as process:
                process.answer()
        except GitCommandError as error:
            raise _refused(error) from error
        except FAILURES as error:
            raise unwritable(error) from error

    def read(self, tip: Commit, live: Commit | None) -> Pushed:
        """What *tip* changes since it left the history of *live*.

        Raises:
            Invalid: It cannot be proposed.
            TooLarge: It is more than one change may be.
            LedgerBroken: git gave up on it.
        """
        (found,) = look_up(self._processes, [tip])
        if found is None:
            raise Invalid(f"the push does not bring the commit {tip}", hint=_WHOLE)
        if found.type != "commit" or found.size > MAX_MESSAGE_BYTES:
            raise Invalid(
                "a commit is pushed, with a message of at most 64 KiB, "
                f"and not a {found.type} of {found.size:,} bytes",
                hint="Push HEAD, or the branch that you are on.",
            )
        before = None if live is None else f"{self._common(tip, live)}^{{tree}}"
        message = self._message(tip)
        trees = self._trees(before, f"{tip}^{{tree}}")
        changed = list(differences(self._processes, *trees))
        return self._pushed(tip, message, changed)

    def _pushed(self, tip: Commit, message: str, changed: list[Changed]) -> Pushed:
        news = sizes(self._processes, [c.after for c in changed if c.after], "blob")
        check_sizes({c.path: news[c.after] for c in changed if c.after})
        texts = {one.id: one.data for one in read_all(self._processes, news)}
        olds = [c.before for c in changed if c.before]
        digests = {
            one.id: digest_of(one.data) for one in read_all(self._processes, olds)
        }
        return Pushed(
            commit=tip,
            message=message,
            files={c.path: texts[c.after] if c.after else None for c in changed},
            before={c.path: digests[c.before] for c in changed if c.before},
        )

    def _common(self, tip: Commit, live: Commit) -> Commit:
        """The last commit that both go back to; what is live is a line of them."""
        try:
            answer = self._processes.run("merge-base", live, tip)
        except GitCommandError as error:
            if error.status != 1:
                raise _refused(error) from error
            raise Invalid(
                "the push has no commit in common with what is live",
                hint="Bring in what is live (git pull --rebase), or clone it again, "
                "and push that.",
            ) from error
        return Commit(answer.decode().strip())

    def _message(self, tip: Commit) -> str:
        (found,) = read(self._processes, [tip])
        data = b"" if found is None else found.data.partition(b"\n\n")[2]
        try:
            return data.decode()
        except UnicodeDecodeError:
            raise Invalid(
                "the commit's message is not UTF-8",
                hint="Write it again: git commit --amend.",
            ) from None

    def _trees(self, before: str | None, after: str) -> tuple[str | None, str]:
        names = [after] if before is None else [after, before]
        found = [one.id if one else "" for one in look_up(self._processes, names)]
        if not all(found):
            raise Invalid("the push does not bring all of its folders", hint=_WHOLE)
        return (None if before is None else found[1]), found[0]


def _make(place: Path, copy: Path) -> None:
    """A bare repository; `git init` would take as long as all the rest."""
    try:
        for name in ("objects/info", "objects/pack", "refs"):
            (place / name).mkdir(parents=True)
        (place / "HEAD").write_text("ref: refs/heads/main\n")
        (place / "config").write_text(
            "[core]\n\trepositoryformatversion = 0\n\tbare = true\n"
        )
        borrowed = f"{copy / 'objects'}\n"
        (place / "objects" / "info" / "alternates").write_text(borrowed)
    except OSError as error:
        raise unwritable(error) from error


def _count(pack: BinaryIO) -> int:
    """The number of objects that a pack says it has; it is left where it stood."""
    start = pack.tell()
    header = pack.read(_HEADER_BYTES)
    pack.seek(start)
    if not header:
        return 0
    if len(header) < _HEADER_BYTES or not header.startswith(b"PACK"):
        raise Invalid("what was pushed is not a pack of git's", hint=_WHOLE)
    return int.from_bytes(header[8:])


def _refused(error: GitCommandError) -> Invalid | Unavailable:
    """Why git did not take the objects, in plain words."""
    words = str(error.stderr)
    found = _CHECKED.search(words)
    if found is not None:
        means = _MEANS.get(found[1], f"git finds fault with it ({found[1]})")
        return Invalid(
            f"the push is refused: {means}",
            hint="Look for it with `git fsck`, and push commits without it.",
        )
    if isinstance(error.status, int) and error.status < 0:
        return TooLarge(
            "the push takes too long to read, or too much memory",
            hint="Push less at once.",
        )
    if "out of memory" in words.lower() or "mmap failed" in words:
        return TooLarge(
            "the push takes too much memory to read", hint="Push less at once."
        )
    return Invalid("the push is damaged, or does not bring all it needs", hint=_WHOLE)
