"""Lines: how a check came out, and the order in which people read them."""

from collections.abc import Iterable, Sized
from dataclasses import dataclass
from enum import StrEnum

from registry.check_results import OwnCheck
from registry.mistakes import Finding
from registry.names import Ref

MAX_TOLD = 20
"""How many lines of one check, and one state, people are shown."""


class LineState(StrEnum):
    """How a check came out; the worst first."""

    FAILED = "failed"
    WARNED = "warned"
    NOT_MEASURED = "not-measured"
    PASSED = "passed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """Attributes:
    document: `None` where it is about the change as a whole.
    line: In the document's text; 0 where it is about all of it.
    hint: Empty where there is nothing to do.
    """

    check: str
    state: LineState
    sentence: str
    document: Ref | None
    line: int
    hint: str


def whole(check: str, state: LineState, sentence: str, hint: str = "") -> Line:
    """A line about the change as a whole."""
    return Line(
        check=check, state=state, sentence=sentence, document=None, line=0, hint=hint
    )


def passed(check: OwnCheck, sentence: str) -> Line:
    return whole(check, LineState.PASSED, sentence)


def told(check: OwnCheck, state: LineState, document: Ref, finding: Finding) -> Line:
    """A line about one place of one document."""
    return Line(
        check=check,
        state=state,
        sentence=finding.message,
        document=document,
        line=finding.line,
        hint=finding.hint,
    )


def count(what: Sized, noun: str) -> str:
    """`1 text`, `2 texts`."""
    number = len(what)
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def in_order(lines: Iterable[Line]) -> tuple[Line, ...]:
    """The worst first, then as the checks are told, then by document and line."""
    return tuple(sorted(lines, key=_rank))


def _rank(line: Line) -> tuple[int, int, str, str, int]:
    own = _OWN.get(line.check, len(_OWN))
    return _STATES[line.state], own, line.check, line.document or "", line.line


def shortened(lines: Iterable[Line]) -> tuple[Line, ...]:
    """*lines* with at most so many of one check and state as somebody reads."""
    groups: dict[tuple[str, LineState], list[Line]] = {}
    for line in lines:
        groups.setdefault((line.check, line.state), []).append(line)
    shown: list[Line] = []
    for (check, state), group in groups.items():
        shown += group[:MAX_TOLD]
        if len(group) > MAX_TOLD:
            shown.append(whole(check, state, f"and {len(group) - MAX_TOLD:,} more"))
    return tuple(shown)


_STATES = {state: rank for rank, state in enumerate(LineState)}
_OWN = {str(own): rank for rank, own in enumerate(OwnCheck)}
