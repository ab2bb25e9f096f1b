"""Marks: what happened to a bot, each at a moment and in a sentence."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from registry.changes import Change, Verdict, Vote
from registry.ratification import Ratification, Ratified


class MarkKind(StrEnum):
    """What a mark says has happened."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    OBJECTED = "objected"
    ACTIVATED = "activated"
    EMERGENCY = "emergency"
    ROLLED_BACK = "rolled-back"
    STOPPED = "stopped"
    RESUMED = "resumed"
    RATIFIED = "ratified"
    REPUDIATED = "repudiated"
    RECALLED = "recalled"
    ALERT = "alert"
    RESOLVED = "resolved"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """Something that happened to a bot.

    Attributes:
        seq: Where it brought the environment; `None` if it moved nothing.
        by: `None` where no person did it.
        change: The change that it is about, if it is about one.
        sentence: What happened, for people.
    """

    kind: MarkKind
    at: datetime
    seq: int | None
    by: str | None
    change: int | None
    sentence: str


def said(change: Change, bot: str) -> Iterator[Mark]:
    """What was proposed of the bot, and what people said to that."""
    for revision in change.revisions:
        again = "" if revision.number == 1 else f", revision {revision.number}"
        yield Mark(
            kind=MarkKind.PROPOSED,
            at=revision.at,
            seq=None,
            by=revision.by,
            change=change.id,
            sentence=f"{revision.by} proposed change {change.id}{again}: "
            f"{revision.title or bot}",
        )
    for vote in change.votes:
        if vote.verdict is not Verdict.RETRACT:
            yield _voted(change, vote)


_VERDICTS = {
    Verdict.APPROVE: "approved",
    Verdict.ASK: "asked for changes to",
    Verdict.VETO: "vetoed",
    Verdict.REJECT: "rejected",
}


def _voted(change: Change, vote: Vote) -> Mark:
    agreed = vote.verdict is Verdict.APPROVE
    because = f": {vote.reason}" if vote.reason else ""
    return Mark(
        kind=MarkKind.APPROVED if agreed else MarkKind.OBJECTED,
        at=vote.at,
        seq=None,
        by=vote.by,
        change=change.id,
        sentence=f"{vote.by} {_VERDICTS[vote.verdict]} change {change.id} "
        f"for {vote.seat}{because}",
    )


def judged(ratification: Ratification) -> Iterator[Mark]:
    if ratification.outcome is None or ratification.closed_at is None:
        return
    last = ratification.votes[-1]
    ratified = ratification.outcome is Ratified.RATIFIED
    yield Mark(
        kind=MarkKind.RATIFIED if ratified else MarkKind.REPUDIATED,
        at=ratification.closed_at,
        seq=ratification.seq,
        by=last.by,
        change=ratification.change,
        sentence=f"What went live at seq {ratification.seq} was "
        f"{ratification.outcome} by {last.by}",
    )
