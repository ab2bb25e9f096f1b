"""Who held which seat and role, and which policy was in force: from when to when."""

from collections.abc import Callable
from dataclasses import dataclass

from registry.evidence_packs.acts import Act, act_of
from registry.evidence_packs.history import History
from registry.evidence_packs.signed import Record
from registry.names import Digest
from registry.people import Limit


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """Attributes:
    held: The role or the seat.
    limit: Where, if not everywhere.
    since: The act that gave it.
    asked: The act that asked for it, where another administrator confirmed it.
    until: The act that took it, or gave it anew in another way.
    """

    handle: str
    held: str
    kind: str
    limit: Limit | None
    since: Act
    asked: Act | None
    until: Act | None


@dataclass(frozen=True, slots=True, kw_only=True)
class InForce:
    """A policy: its text's digest, and the acts that began and ended it."""

    environment: str
    digest: Digest
    since: Act
    until: Act | None


Wanted = Callable[[Record, Record | None], bool]
"""Whether what lasted from one event to another is asked for."""


def holders(history: History, wanted: Wanted) -> tuple[Held, ...]:
    """Seats first, then roles; each by name, handle and beginning."""
    found = [
        Held(
            handle=one.handle,
            held=one.held,
            kind="seat" if one.is_seat else "role",
            limit=one.limit,
            since=act_of(one.since),
            asked=None if one.asked is None else act_of(one.asked),
            until=None if one.until is None else act_of(one.until),
        )
        for one in history.tenures
        if wanted(one.since, one.until)
    ]
    found.sort(key=lambda h: (h.kind != "seat", h.held, h.handle, h.since.event))
    return tuple(found)


def policies(
    history: History, environment: str | None, wanted: Wanted
) -> tuple[InForce, ...]:
    found = [
        InForce(
            environment=one.environment,
            digest=one.digest,
            since=act_of(one.since),
            until=None if one.until is None else act_of(one.until),
        )
        for one in history.terms
        if environment in {None, one.environment} and wanted(one.since, one.until)
    ]
    found.sort(key=lambda one: (one.environment, one.since.event))
    return tuple(found)
