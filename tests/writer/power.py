"""What a power cut leaves: what was flushed, and of the rest as little as may be.

A writer runs under `strace`, which stops it right after each `fsync`. The whole folder
is looked at then, and what the call was about becomes durable:

 * of a file its bytes, as they are at that moment;
 * of a folder the names in it, and which file or folder each stands for.

From that a folder is made as a disk may have it after the power was cut there. POSIX
promises no more than what was flushed; file systems in use keep more, in an order of
their own. So a cut is tried in three ways:

 * `flushed`: nothing but what was flushed, neither names nor bytes;
 * `named`: names are as they were seen, bytes only if they were flushed;
 * `seen`: everything is as it was seen, flushed or not.
"""

import os
import re
import signal
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from stat import S_ISDIR

STRACE = (
    *("strace", "-f", "-qq", "-y"),
    *("-e", "trace=fsync,fdatasync", "-e", "inject=fsync,fdatasync:signal=SIGSTOP"),
)

_FLUSHED = re.compile(r"(\d+) +(?:fsync|fdatasync)\(\d+<(.+?)>\) += 0")
_STOPPED = re.compile(r"(\d+) +--- stopped by SIGSTOP ---")


class Survives(StrEnum):
    FLUSHED = "flushed"
    NAMED = "named"
    SEEN = "seen"


@dataclass(frozen=True, slots=True)
class Seen:
    """A folder as a process sees it: names by folder, and bytes by file."""

    names: dict[int, dict[str, int]]
    contents: dict[int, bytes]
    root: int


@dataclass(slots=True)
class Disk:
    """What is durable; the numbers are those of inodes."""

    names: dict[int, dict[str, int]] = field(default_factory=dict)
    contents: dict[int, bytes] = field(default_factory=dict)

    def flush(self, inode: int, seen: Seen) -> None:
        if inode in seen.names:
            self.names[inode] = dict(seen.names[inode])
        elif inode in seen.contents:
            self.contents[inode] = seen.contents[inode]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """A moment at which the power may be cut.

    Attributes:
        told: What the writer had been told by then.
    """

    after: str
    told: str
    seen: Seen
    names: dict[int, dict[str, int]]
    contents: dict[int, bytes]

    def leave(self, survives: Survives, path: Path) -> None:
        """Make *path* what the disk has when the power is back."""
        names = self.names if survives is Survives.FLUSHED else self.seen.names
        contents = self.seen.contents if survives is Survives.SEEN else self.contents
        _make(path, self.seen.root, names, contents)


def _make(
    path: Path, inode: int, names: dict[int, dict[str, int]], contents: dict[int, bytes]
) -> None:
    path.mkdir()
    for name, child in names.get(inode, {}).items():
        if child in names:
            _make(path / name, child, names, contents)
        else:
            (path / name).write_bytes(contents.get(child, b""))


def look(folder: Path) -> Seen:
    names: dict[int, dict[str, int]] = {}
    contents: dict[int, bytes] = {}
    for here, _, _ in os.walk(folder):
        place = Path(here)
        listed = names.setdefault(place.stat().st_ino, {})
        for each in place.iterdir():
            status = each.lstat()
            listed[each.name] = status.st_ino
            if not S_ISDIR(status.st_mode):
                contents[status.st_ino] = each.read_bytes()
    return Seen(names, contents, folder.stat().st_ino)


def cuts(command: list[str], folder: Path, told: Path) -> Iterator[Cut]:
    """Every moment of *command* right after something in *folder* was flushed.

    What is there at first is durable. The last one is after its end.

    Args:
        told: The file to which the command writes what it was told.
    """
    before = look(folder)
    disk = Disk({**before.names}, {**before.contents})
    pipe = told.with_suffix(".strace")
    os.mkfifo(pipe)
    tracing = subprocess.Popen(
        [*STRACE, "-o", pipe, *command],
        cwd=Path(__file__).parents[2],
    )
    flushed: dict[int, str] = {}
    try:
        with pipe.open() as lines:
            for line in lines:
                if found := _FLUSHED.match(line):
                    flushed[int(found[1])] = found[2]
                elif found := _STOPPED.match(line):
                    path = flushed.pop(int(found[1]), "")
                    if Path(path).is_relative_to(folder) and Path(path).exists():
                        seen = look(folder)
                        disk.flush(Path(path).stat().st_ino, seen)
                        yield _cut(path, told, seen, disk)
                    os.kill(int(found[1]), signal.SIGCONT)
        assert tracing.wait() == 0
    finally:
        tracing.kill()
        tracing.wait()
    yield _cut("its end", told, look(folder), disk)


def _cut(after: str, told: Path, seen: Seen, disk: Disk) -> Cut:
    return Cut(
        after=after,
        told=told.read_text() if told.exists() else "",
        seen=seen,
        names={inode: dict(listed) for inode, listed in disk.names.items()},
        contents=dict(disk.contents),
    )
