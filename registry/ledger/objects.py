"""Reading what git holds, many objects to a process.

Names are sent a page at a time, and the answers to a page read when the next one was
sent, so that git never waits for us: two pages are what a pipe takes with nobody at
its other end, and not more for sure.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import NamedTuple

from registry.errors import LedgerBroken
from registry.ledger.processes import FAILURES, Process, Processes, broken

_PAGE_BYTES = 2048


class Found(NamedTuple):
    """An object; `data` is empty when only its name was looked up."""

    id: str
    type: str
    size: int
    data: bytes


def read(processes: Processes, names: Iterable[str]) -> Iterator[Found | None]:
    """What each name stands for, in the same order; None where nothing does.

    Raises:
        LedgerBroken: git cannot read its objects.
    """
    return _answers(processes, names, whole=True)


def look_up(processes: Processes, names: Iterable[str]) -> Iterator[Found | None]:
    """The same without the contents."""
    return _answers(processes, names, whole=False)


class Reader:
    """One process that is asked many times: each new one costs milliseconds."""

    def __init__(self, process: Process, *, whole: bool) -> None:
        self._process = process
        self._whole = whole

    def answers(self, names: Iterable[str]) -> Iterator[Found | None]:
        """What each name stands for, in the same order; None where nothing does."""
        asked = 0
        for page in _pages(names):
            self._process.stdin.write(b"".join(page))
            self._process.stdin.flush()
            for _ in range(asked):
                yield _answer(self._process, whole=self._whole)
            asked = len(page)
        for _ in range(asked):
            yield _answer(self._process, whole=self._whole)


@contextmanager
def reader(processes: Processes, *, whole: bool) -> Iterator[Reader]:
    """Something that reads objects while the block lasts.

    Args:
        whole: With their contents, not only their names.

    Raises:
        LedgerBroken: git cannot read its objects.
    """
    try:
        with processes.start(
            "cat-file", "--batch" if whole else "--batch-check"
        ) as process:
            yield Reader(process, whole=whole)
            process.finish()
    except FAILURES as error:
        raise broken(error) from error


def _answers(
    processes: Processes, names: Iterable[str], *, whole: bool
) -> Iterator[Found | None]:
    with reader(processes, whole=whole) as asking:
        yield from asking.answers(names)


def _answer(process: Process, *, whole: bool) -> Found | None:
    line = process.stdout.readline()
    if not line.endswith(b"\n"):
        process.finish()
        raise LedgerBroken("git stopped in the middle of an answer")
    if line.endswith((b" missing\n", b" ambiguous\n")):
        return None
    name, kind, size = line.decode().split()
    if not whole:
        return Found(name, kind, int(size), b"")
    data = process.stdout.read(int(size) + 1)
    if len(data) != int(size) + 1:
        process.finish()
        raise LedgerBroken("git stopped in the middle of an object")
    return Found(name, kind, int(size), data[:-1])


def _pages(names: Iterable[str]) -> Iterator[list[bytes]]:
    page: list[bytes] = []
    room = _PAGE_BYTES
    for name in names:
        line = name.encode() + b"\n"
        if page and len(line) > room:
            yield page
            page, room = [], _PAGE_BYTES
        page.append(line)
        room -= len(line)
    if page:
        yield page
