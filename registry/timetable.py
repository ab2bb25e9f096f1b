"""The timetable: what the registry has to make live by itself, and when.

The rules:

 * What was agreed to for a moment is tried from that moment on, by the registry
   itself, until it is late (see `registry.schedules`).
 * It is made live by the same rules as by anybody else.  When they refuse it,
   nothing happens and nothing is written: why not is told to whoever looks.
 * A second try of the same revision is the same command with the same key, so that
   of several processes one makes it live, and of a repeated one nothing comes.

Nothing here reads a clock.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from registry.activations import refuse_unready
from registry.changes import Change
from registry.commands import Activate
from registry.errors import RegistryError
from registry.people import REGISTRY, TIMER, Identity
from registry.schedules import is_late
from registry.state import State

ITSELF = Identity(handle=REGISTRY, via=TIMER, roles=frozenset())
"""Who makes live what was scheduled."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """Attributes:
    key: The idempotency key, the same for every try.
    """

    change: int
    command: Activate
    key: str


def due(state: State, now: datetime) -> tuple[Due, ...]:
    """What is to be tried now, the earliest first.

    Only what can go live as far as can be told without composing anything.
    """
    found = [
        change
        for change in _scheduled(state, now)
        if change.revision.earliest is not None
        and now >= change.revision.earliest
        and why_not(state, change, now) is None
    ]
    found.sort(key=lambda change: (change.revision.earliest, change.id))
    return tuple(map(_due, found))


def next_due(state: State, now: datetime) -> datetime | None:
    """The next moment at which something else may be due."""
    moments = (change.revision.earliest for change in _scheduled(state, now))
    return min((one for one in moments if one is not None and one > now), default=None)


def why_not(state: State, change: Change, now: datetime) -> str | None:
    """Why *change* cannot go live at this moment, in a sentence.

    `None` if it can, as far as can be told without composing anything.
    """
    try:
        refuse_unready(state, change, now)
    except RegistryError as refused:
        return str(refused)
    return None


def _scheduled(state: State, now: datetime) -> Iterator[Change]:
    for number in state.open_changes:
        change = state.changes[number]
        policy = state.environments[change.environment].policy
        revision = change.revision
        if (
            revision.earliest is not None
            and now < revision.expires
            and not is_late(policy, revision, now)
        ):
            yield change


def _due(change: Change) -> Due:
    revision = change.revision
    return Due(
        change=change.id,
        command=Activate(change=change.id, review_digest=revision.review_digest),
        key=f"schedule:{change.id}:{revision.number}",
    )
