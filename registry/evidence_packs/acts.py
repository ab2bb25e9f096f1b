"""Acts: one event, as a row that somebody can count and look up.

Every row has the number and the digest of its event, so that `verify.py` finds it.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from registry import payloads as p
from registry import review_payloads as r
from registry.evidence_packs.history import Agreement, History
from registry.evidence_packs.signed import Record
from registry.names import Digest
from registry.people import Limit, Person
from registry.state import State


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """Who did something, in which capacity, and where it is recorded.

    Attributes:
        roles: What they held at that moment, like `seats` and `limits`.
        via: How they had signed in.
        what: One sentence.
        reason: In their words; empty where none was asked for.
    """

    event: int
    event_digest: Digest
    type: str
    at: datetime
    by: str
    via: str
    roles: tuple[str, ...]
    seats: tuple[str, ...]
    limits: tuple[Limit, ...]
    password_reset_at: datetime | None
    environment: str | None
    change: int | None
    seq: int | None
    what: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """The last time that a chatbot reported an answer given at a seq.

    The registry counts these; they are not in the ledger, and nothing proves them.
    """

    environment: str
    bot: str
    seq: int
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Times:
    """Attributes:
    approved: The act that completed the requirements.
    approved_told: The same as a sentence, or why there is none.
    last_seen_before: When a chatbot was last seen on an earlier seq; `None` where
        that was not measured.
    """

    approved: Act | None
    approved_told: str
    live: datetime
    last_seen_before: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A requirement, as it stood when something went live.

    Attributes:
        by: Who met it.
    """

    requirement: str
    seat: str | None
    count: int
    met: bool
    by: tuple[str, ...]
    documents: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class WentLive:
    """Something went live, or back, or came into force."""

    act: Act
    documents: tuple[str, ...]
    deleted: tuple[str, ...]
    incident: str | None
    restored: int | None
    times: Times
    asked: tuple[Asked, ...]


def act_of(state: State, record: Record) -> Act:
    event = record.event
    actor, payload = event.actor, event.payload
    return Act(
        event=event.number,
        event_digest=record.digest,
        type=p.NAMES[type(payload)],
        at=event.at,
        by=actor.handle,
        via=actor.via,
        roles=tuple(actor.roles),
        seats=actor.seats,
        limits=actor.limits,
        password_reset_at=actor.reset_at,
        environment=getattr(payload, "environment", None),
        change=getattr(payload, "change", None),
        seq=getattr(payload, "seq", None),
        what=_TOLD[type(payload)](state, payload),
        reason=getattr(payload, "reason", ""),
    )


def went_live(history: History, record: Record, seen: Iterable[Seen]) -> WentLive:
    """How something went live, with its three times."""
    payload = record.event.payload
    agreement = history.agreements.get(record.number)
    activated = payload if isinstance(payload, p.Activated) else None
    opened = activated and activated.ratification
    return WentLive(
        act=act_of(history.state, record),
        documents=tuple(
            f"{one.document} {one.version} {one.digest}"
            for one in (activated.documents if activated else ())
        ),
        deleted=tuple(activated.deleted if activated else ()),
        incident=opened.incident if opened else None,
        restored=activated.restored if activated else None,
        times=_times(history, record, agreement, seen),
        asked=asked_of(agreement),
    )


def asked_of(agreement: Agreement | None) -> tuple[Asked, ...]:
    return tuple(
        Asked(
            requirement=one.name,
            seat=one.seat,
            count=one.count,
            met=one.met,
            by=one.by,
            documents=one.because,
        )
        for one in (agreement.asked if agreement else ())
    )


def _times(
    history: History,
    record: Record,
    agreement: Agreement | None,
    seen: Iterable[Seen],
) -> Times:
    approved = agreement.approved if agreement else None
    act = None if approved is None else act_of(history.state, approved)
    if act is not None:
        told = f"{act.what} ({act.by})"
    elif agreement is None:
        told = "It needed no agreement beforehand."
    else:
        told = "It was not agreed to when it went live."
    return Times(
        approved=act,
        approved_told=told,
        live=record.at,
        last_seen_before=_last_seen(record, seen),
    )


def _last_seen(record: Record, seen: Iterable[Seen]) -> datetime | None:
    """Of the bots that were told something else from then on."""
    payload = record.event.payload
    if not isinstance(payload, p.Activated | p.Stopped | p.Resumed):
        return None
    bundles = payload.bundles if isinstance(payload, p.Activated) else (payload.bundle,)
    bots = {bundle.bot for bundle in bundles}
    return max(
        (
            one.at
            for one in seen
            if one.environment == payload.environment
            and one.bot in bots
            and one.seq < payload.seq
        ),
        default=None,
    )


def _held(person: Person) -> str:
    if not person.active:
        return "be inactive"
    held = [*map(str, person.roles), *(f"the seat {seat}" for seat in person.seats)]
    limits = [
        f"{one.held} only in {', '.join(one.environments) or 'every environment'} for "
        f"{', '.join(one.names) or 'every document'}"
        for one in person.limits
    ]
    return "; ".join([f"hold {', '.join(held) or 'nothing'}", *limits])


def _person_set(_: State, made: p.PersonSet) -> str:
    asked = f", asked for in event {made.proposed}" if made.proposed else ""
    return f"Let {made.person.handle} {_held(made.person)}{asked}"


def _voted(_: State, made: r.Voted) -> str:
    condition = ""
    if made.condition is not None:
        condition = (
            f", on condition: {made.condition.text} ({made.condition.owner}, by "
            f"{made.condition.due:%Y-%m-%d})"
        )
    return (
        f"Voted {made.verdict} on revision {made.revision} of change {made.change} as "
        f"{made.seat}{condition}"
    )


def _activated(state: State, made: p.Activated) -> str:
    opened = made.ratification
    if made.restored is not None and made.change is None:
        told = f"Went back to what was live at seq {made.restored}"
    else:
        told = f"Made change {made.change} live: {title_of(state, made.change)}"
    if opened is not None and opened.incident is not None:
        told += f"; in an emergency, {opened.incident}, without agreement beforehand"
    elif opened is not None:
        told += "; to be ratified"
    return told


def _judged(_: State, made: p.Judged) -> str:
    done = f", which {made.outcome} it" if made.outcome else ""
    return (
        f"Voted {made.judgement} as {made.seat} on what event {made.ratification} made "
        f"live{done}"
    )


def title_of(state: State, change: int | None) -> str:
    return "" if change is None else state.change(change).revision.title


_TOLD: dict[type[p.Payload], Callable[[State, Any], str]] = {
    p.RegistryCreated: lambda _, m: f"Began the registry {m.repository}",
    p.PersonSet: _person_set,
    p.PersonProposed: lambda _, m: f"Asked to let {m.person.handle} {_held(m.person)}",
    p.PersonRefused: lambda _, m: (
        f"Refused what event {m.proposed} asked for {m.handle}"
    ),
    r.Submitted: lambda _, m: f"Proposed change {m.change}: {m.revision.title}",
    r.Revised: lambda _, m: (
        f"Proposed revision {m.revision.number} of change {m.change}: "
        f"{m.revision.title}"
    ),
    r.Commented: lambda _, m: f"Said about change {m.change}: {m.text}",
    r.Voted: _voted,
    r.ConditionMet: lambda _, m: (
        f"Said that the condition of {m.voter} is met: {m.note}"
    ),
    r.CheckAttached: lambda _, m: (
        f"Attached {m.result.name} to change {m.change}: "
        f"{m.result.total - m.result.failed} of {m.result.total} pass, "
        f"{'passed' if m.result.passed else 'not passed'}"
    ),
    r.CheckWaived: lambda _, m: (
        f"Waived the check {m.check} of change {m.change} as {m.seat}, until "
        f"{m.expires:%Y-%m-%d %H:%M} UTC"
    ),
    r.VetoCleared: lambda _, m: f"Cleared the veto of {m.veto_by} on change {m.change}",
    r.Closed: lambda _, m: f"Change {m.change} was {m.outcome}",
    p.Activated: _activated,
    p.PolicyActivated: lambda s, m: (
        f"Put the policy of change {m.change} in force: {title_of(s, m.change)}"
    ),
    p.Stopped: lambda _, m: f"Stopped the bot {m.bundle.bot}",
    p.Resumed: lambda _, m: f"Let the bot {m.bundle.bot} answer again",
    p.Recalled: lambda _, m: f"Recalled {m.digest}",
    p.Judged: _judged,
    p.Certified: lambda _, m: (
        f"Certified {m.document} until {m.until:%Y-%m-%d}"
        f"{'' if m.seat is None else f' as {m.seat}'}"
    ),
}
"""What each type of event says, as a sentence without its end."""
