"""What was tried on a change, as people see it.

The registry's own checks are looked at when they are asked for.  What they depend on
(the revision, what is live, who is there, the day) mostly stays while people read and
vote, so that the last changes asked for are kept.
"""

from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from threading import Lock

from sqlalchemy import Connection

from registry.changes import Change
from registry.check_lines import Line, attached_lines, in_order, own_lines, shortened
from registry.check_results import Attached, CheckResult
from registry.db.history import read_event
from registry.effects import Documents
from registry.evidence import is_counted
from registry.held_back import held_back
from registry.open_changes import HeldBy
from registry.required_checks import CheckStanding, check_standings
from registry.review_payloads import CheckAttached
from registry.state import State

_MAX_KEPT = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachedView:
    """A result that somebody has attached.

    Attributes:
        revision: The last one that puts in place what was tried.
        counts: Whether it is the last of its name on what is proposed now.
        contributed: Whether whoever attached it has worked on the change.
        evaluator: Whether they were an evaluator; else it meets no requirement.
    """

    by: str
    at: datetime
    revision: int
    counts: bool
    contributed: bool
    evaluator: bool
    result: CheckResult


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """Attributes:
    lines: The registry's own checks and what others attached, failures first.
    required: What the policy requires, met or not.
    """

    lines: tuple[Line, ...]
    required: tuple[CheckStanding, ...]


def checked(
    state: State, change: Change, documents: Documents, now: datetime
) -> Checked:
    own = _KEPT.lines(state, change, documents, now.date())
    return Checked(
        lines=shortened(in_order((*own, *attached_lines(change)))),
        required=check_standings(state, change, documents, now, own)
        if change.outcome is None
        else (),
    )


def unchecked(change: Change, required: Iterable[CheckStanding]) -> str | None:
    """Why what is required keeps *change* back; `None` if it does not."""
    missing = [one for one in required if not one.met]
    told = " ".join(f"{one.name}: {one.why}" for one in missing)
    return f"change {change.id} is not checked. {told}" if missing else None


def holding(state: State, documents: Documents, now: datetime) -> HeldBy:
    """What keeps back each change that everybody agrees to."""

    def required(change: Change) -> tuple[CheckStanding, ...]:
        return checked(state, change, documents, now).required

    return lambda change: held_back(state, change, documents, required, now)


def attached_view(
    connection: Connection, change: Change, attached: Attached
) -> AttachedView:
    """A result with its examples, which only the event has."""
    payload = read_event(connection, attached.event).payload
    assert isinstance(payload, CheckAttached)  # noqa: S101 (so the fold has it)
    return AttachedView(
        by=attached.by,
        at=attached.at,
        revision=attached.revision,
        counts=is_counted(change, attached),
        contributed=attached.by in change.contributors,
        evaluator=attached.by_evaluator,
        result=payload.result,
    )


class _Kept:
    """The lines of the changes that were asked for last."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._kept: OrderedDict[
            tuple[str, int], tuple[tuple[object, ...], tuple[Line, ...]]
        ] = OrderedDict()

    def lines(
        self, state: State, change: Change, documents: Documents, today: date
    ) -> tuple[Line, ...]:
        name = (state.repository, change.id)
        # Values are immutable: whatever is the same object says the same.
        seen = (
            change.revision,
            change.closed_at,
            state.environments[change.environment],
            state.people,
            state.certified,
            today,
        )
        with self._lock:
            kept = self._kept.get(name)
        if kept is not None and all(map(_is_same, kept[0], seen)):
            return kept[1]
        lines = own_lines(state, change, documents, today)
        with self._lock:
            self._kept[name] = (seen, lines)
            self._kept.move_to_end(name)
            while len(self._kept) > _MAX_KEPT:
                self._kept.popitem(last=False)
        return lines


def _is_same(a: object, b: object) -> bool:
    return a is b or (isinstance(a, date) and a == b)


_KEPT = _Kept()
