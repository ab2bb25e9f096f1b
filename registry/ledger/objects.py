"""Reading what git holds, many objects to a process.

Names are sent a page at a time, and the answers read before the next page: that
much a pipe takes with nobody at its other end, and not more for sure.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from registry.errors import LedgerBroken
from registry.ledger.processes import FAILURES, Process, Processes, broken

_PAGE_BYTES = 4096


class Found(NamedTuple):
    """An object; `data` is empty when only its name was looked up."""

    id: str
    type: str
    data: bytes


def read(processes: Processes, names: Iterable[str]) -> Iterator[Found | None]:
    """What each name stands for, in the same order; None where nothing does.

    Raises:
        LedgerBroken: git cannot read its objects.
    """
    return _answers(processes, "--batch", names)


def look_up(processes: Processes, names: Iterable[str]) -> Iterator[Found | None]:
    """The same without the contents."""
    return _answers(processes, "--batch-check", names)


def _answers(
    processes: Processes, option: str, names: Iterable[str]
) -> Iterator[Found | None]:
    try:
        with processes.start("cat-file", option) as process:
            for page in _pages(names):
                process.stdin.write(b"".join(page))
                process.stdin.flush()
                for _ in page:
                    yield _answer(process, whole=option == "--batch")
            process.finish()
    except FAILURES as error:
        raise broken(error) from error


def _answer(process: Process, *, whole: bool) -> Found | None:
    line = process.stdout.readline()
    if not line.endswith(b"\n"):
        process.finish()
        raise LedgerBroken("git stopped in the middle of an answer")
    if line.endswith((b" missing\n", b" ambiguous\n")):
        return None
    name, kind, size = line.decode().split()
    if not whole:
        return Found(name, kind, b"")
    data = process.stdout.read(int(size) + 1)
    if len(data) != int(size) + 1:
        process.finish()
        raise LedgerBroken("git stopped in the middle of an object")
    return Found(name, kind, data[:-1])


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
