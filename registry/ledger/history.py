"""Reading the ledger from its first commit to its last.

 * The branch is a line: every commit has the one before it as its only parent.
 * The n-th commit brings the n-th event.
 * What was read once stays: a branch that no longer contains the commit at which
   a reader stopped has been rewritten, and the reader is told so.

An event is read from the tree of its own commit, not of the last one.
"""

import re
from collections import deque
from collections.abc import Iterator

from registry.errors import HistoryRewritten, LedgerBroken
from registry.events import path_of
from registry.ledger import objects
from registry.ledger.entries import Commit, parse_commit
from registry.ledger.processes import FAILURES, Processes, broken


def commits(
    processes: Processes, head: Commit, *, after: Commit | None
) -> Iterator[Commit]:
    """The commits up to *head*, oldest first, without *after* and those before it.

    Raises:
        HistoryRewritten: *after* is not among those before *head*.
        LedgerBroken: They are not a line, or git cannot read them.
    """
    arguments = ["rev-list", "--reverse", "--parents", "--ignore-missing", head]
    if after is not None:
        arguments.append(f"^{after}")
    last = after
    try:
        with processes.start(*arguments) as process:
            for line in process.stdout:
                commit, *parents = line.decode().split()
                if parents != ([] if last is None else [last]):
                    raise _not_a_line(first=last == after, after=after)
                last = Commit(commit)
                yield last
            process.finish()
    except FAILURES as error:
        raise broken(error) from error
    if last != head:
        raise _not_a_line(first=True, after=after)


def events(
    processes: Processes, head: Commit, *, after: Commit | None
) -> Iterator[tuple[Commit, bytes]]:
    """The commits up to *head*, each with the bytes of its event.

    Raises:
        HistoryRewritten: *after* is not among those before *head*.
        LedgerBroken: The commits are not a line, or an event is missing.
    """
    asked: deque[tuple[int, Commit]] = deque()

    def names() -> Iterator[str]:
        number = 0
        for commit in commits(processes, head, after=after):
            if number == 0 and after is not None:
                number = last_event(processes, after)
            number += 1
            asked.append((number, commit))
            yield f"{commit}:{path_of(number)}"

    for found in objects.read(processes, names()):
        number, commit = asked.popleft()
        if found is None or found.type != "blob":
            raise LedgerBroken(f"event {number} is not in the commit that made it")
        yield commit, found.data


def last_event(processes: Processes, commit: Commit) -> int:
    """The number of the last event in the tree of *commit*, 0 if it has none.

    Raises:
        LedgerBroken: git cannot read the tree.
    """
    folders = _listing(processes, commit, "events/", rb"events/(\d+)\n")
    thousand = path_of(1000 * max(folders, default=0)).rpartition("/")[0]
    numbers = _listing(processes, commit, f"{thousand}/", rb"/(\d+)\.json\n")
    return max(numbers, default=0)


def _listing(
    processes: Processes, commit: Commit, folder: str, number: bytes
) -> list[int]:
    try:
        names = processes.run("ls-tree", "--name-only", commit, folder)
    except FAILURES as error:
        raise broken(error) from error
    return [int(found) for found in re.findall(number, names)]


def _not_a_line(*, first: bool, after: Commit | None) -> LedgerBroken:
    if first and after is not None:
        return HistoryRewritten("the ledger no longer contains what was read from it")
    return LedgerBroken("the commits of the ledger are not one line")


def newest(processes: Processes, commit: Commit, count: int) -> list[Commit]:
    """*commit* and what is before it, *count* at most, oldest first.

    Raises:
        LedgerBroken: *commit* is not in the repository.
    """
    try:
        listed = processes.run("rev-list", f"--max-count={count}", commit)
    except FAILURES as error:
        raise broken(error) from error
    return [parse_commit(line) for line in reversed(listed.decode().split())]
