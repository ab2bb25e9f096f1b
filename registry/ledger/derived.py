"""The branches for people: `git diff env/staging env/production`.

Each is computed from the ledger and can be thrown away: its tree is the ledger's
`live/<environment>` and nothing else, one commit for each event that moved the
environment.  Its commits, too, depend on what they hold alone, so that comparing
ids is enough to see that nobody has touched them.

The last line of each commit's message says which event it belongs to.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from registry.errors import Invalid, LedgerBroken
from registry.ledger import objects
from registry.ledger.entries import Commit, Step, parse_commit
from registry.ledger.history import commits
from registry.ledger.imports import Import
from registry.ledger.processes import Processes

_TRAILER = re.compile(r"[A-Za-z][A-Za-z0-9-]*: ")
_NUMBER = re.compile(rb"\nPlacet-Event: ([0-9]{1,18})\n\Z")


def write(
    processes: Processes,
    environment: str,
    steps: Sequence[Step],
    *,
    onto: Commit | None,
) -> Commit:
    """Make the commits of *steps* on top of *onto*, and return the last one.

    Raises:
        Invalid: A step breaks a rule, or the numbers do not grow.
        LedgerBroken: A step's commit is not in the repository.
        LedgerUnwritable: The disk is full, or the repository is read-only.
    """
    before = 0 if onto is None else number_at(processes, onto)
    for earlier, later in pairwise((before, *(step.number for step in steps))):
        if later <= earlier:
            raise Invalid(
                f"event {later} cannot follow event {earlier} in {environment}",
                hint="Give the events that the branch does not have yet, in order.",
            )
    with Import(processes, onto=onto) as importing:
        for step, tree in zip(
            steps, _trees(processes, environment, steps), strict=True
        ):
            importing.add_tree(step, _message(step), tree)
        return importing.finish()[-1]


def number_at(processes: Processes, tip: Commit) -> int:
    """The number of the event that the derived commit *tip* belongs to.

    Raises:
        LedgerBroken: It is not a commit of a derived branch.
    """
    ((_, number),) = _numbered(processes, [tip])
    return number


def numbered(processes: Processes, tip: Commit) -> Iterator[tuple[int, Commit]]:
    """Every commit up to *tip* with the number of its event, oldest first.

    Raises:
        LedgerBroken: They are not a line, or one is not of a derived branch.
    """
    line = list(commits(processes, tip, after=None))
    for commit, number in _numbered(processes, line):
        yield number, commit


def _numbered(
    processes: Processes, line: Sequence[Commit]
) -> Iterator[tuple[Commit, int]]:
    for commit, found in zip(line, objects.read(processes, line), strict=True):
        number = None if found is None else _NUMBER.search(found.data)
        if number is None:
            raise LedgerBroken("a derived branch holds a commit of somebody else's")
        yield commit, int(number[1])


def _trees(
    processes: Processes, environment: str, steps: Sequence[Step]
) -> Iterator[str | None]:
    def names() -> Iterator[str]:
        for step in steps:
            yield parse_commit(step.commit)
            yield f"{step.commit}:live/{environment}"

    found = objects.look_up(processes, names())
    for commit, tree in zip(found, found, strict=True):
        if commit is None or commit.type != "commit":
            raise LedgerBroken("the ledger does not have a commit that it gave out")
        yield None if tree is None else tree.id


def _message(step: Step) -> str:
    text = step.message.rstrip("\n")
    _, gap, last = text.rpartition("\n\n")
    trailers = gap and all(map(_TRAILER.match, last.splitlines()))
    return f"{text}\n{'' if trailers else chr(10)}Placet-Event: {step.number}\n"
