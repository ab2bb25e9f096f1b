"""Acts: one event, as a row that somebody can count and look up.

Every row has the number and the digest of its event, and everything else in it stands
in that event, so that `verify.py` finds it there.  What was done is told in the words
of the ledger: the first line of the commit's message, which the event holds.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from registry import payloads as p
from registry.evidence_packs.history import Agreement, History
from registry.evidence_packs.signed import Record
from registry.names import Digest
from registry.people import Limit


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """Who did something, in which capacity, and where it is recorded.

    Attributes:
        roles: What they held at that moment, like `seats` and `limits`.
        via: How they had signed in.
        what: One sentence, the subject of the event's commit.
        answers: The event in which somebody else asked for it, where somebody did.
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
    answers: int | None
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


def act_of(record: Record) -> Act:
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
        what=event.message.partition("\n")[0],
        answers=_answered(payload),
        reason=_words(payload),
    )


def _answered(payload: p.Payload) -> int | None:
    if isinstance(payload, p.PersonSet | p.PersonRefused):
        return payload.proposed
    return None


def _words(payload: p.Payload) -> str:
    """What somebody said, whatever it is called in the event."""
    said: Iterable[str] = (
        getattr(payload, name, "") for name in ("reason", "text", "note")
    )
    return next(filter(None, said), "")


def went_live(history: History, record: Record, seen: Iterable[Seen]) -> WentLive:
    """How something went live, with its three times."""
    payload = record.event.payload
    agreement = history.agreements.get(record.number)
    activated = payload if isinstance(payload, p.Activated) else None
    opened = activated and activated.ratification
    return WentLive(
        act=act_of(record),
        documents=tuple(
            f"{one.document} {one.version} {one.digest}"
            for one in (activated.documents if activated else ())
        ),
        deleted=tuple(activated.deleted if activated else ()),
        incident=opened.incident if opened else None,
        restored=activated.restored if activated else None,
        times=_times(record, agreement, seen),
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
    record: Record,
    agreement: Agreement | None,
    seen: Iterable[Seen],
) -> Times:
    approved = agreement.approved if agreement else None
    act = None if approved is None else act_of(approved)
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
