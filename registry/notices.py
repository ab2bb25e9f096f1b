"""Notices: what people and other systems are told, outside the registry.

The rules:

 * A notice has an id that follows from its cause, so that the same cause never
   tells anybody twice, whoever finds it, however often.
 * It says that something happened or is due, in which change or to which bot, and
   where to read on.  It never has the text of a prompt, a comment or another
   document in it: those are read in the registry, by whoever may.
 * It is for people by their handles, for whoever holds a seat, or for everybody;
   never for whoever did it, and never for somebody who is not active.
 * What people wrote (titles, reasons) is one line of limited length, without
   characters that steer or hide; one with a credential in it is left out.

Nothing here reads a clock, a file or a database.
"""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from registry.leaks import leaks
from registry.names import digest_of
from registry.people import Person

KINDS = (
    "change-submitted",
    "change-revised",
    "change-commented",
    "change-approved",
    "changes-requested",
    "change-rejected",
    "veto-cleared",
    "vetoed",
    "condition-set",
    "condition-met",
    "change-withdrawn",
    "change-stale",
    "change-activated",
    "emergency-activated",
    "rolled-back",
    "policy-activated",
    "stopped",
    "resumed",
    "recalled",
    "restored",
    "ratified",
    "repudiated",
    "person-proposed",
    "person-set",
    "password-set",
    "reminder-vote",
    "reminder-change",
    "reminder-decision",
    "reminder-waiver",
    "reminder-schedule",
    "reminder-condition",
    "reminder-review",
    "reminder-ratification",
    "reminder-person",
    "reminder-token",
)
"""What notices are about; what somebody tries a target out with is none of them."""

MAX_LINE_CHARS = 300
MAX_SENTENCES = 20
LEFT_OUT = "(Left out here: it looks as if a credential were in it.)"

_HIDDEN = {"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"}


class Urgency(StrEnum):
    """How soon somebody should look; from the least."""

    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"


_ORDER = tuple(Urgency)


@dataclass(frozen=True, slots=True, kw_only=True)
class Audience:
    """Whom a notice is for.

    Attributes:
        handles: Sorted, each once.
        seats: Everybody who holds one of them.
    """

    handles: tuple[str, ...]
    seats: tuple[str, ...]
    everybody: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """Something to tell.

    Attributes:
        id: The same for the same cause, and for no other.
        environment: `None` for what concerns the whole registry.
        subject: One sentence.
        body: More sentences, one a line.
        path: Where to read on, below the address of the registry.
        by: Who did it; empty if time did.
        due: Until when somebody has to act.
    """

    id: str
    at: datetime
    kind: str
    environment: str | None
    subject: str
    body: tuple[str, ...]
    change: int | None
    bot: str | None
    path: str
    audience: Audience
    urgency: Urgency
    by: str
    due: datetime | None


def notice_id(repository: str, kind: str, *cause: str) -> str:
    """The id of the notice of *kind* that *cause* gives rise to.

    Args:
        repository: Receivers may listen to several registries.
        cause: What makes it one and no other: a digest, or numbers and words.
    """
    told = "\n".join(map(one_line, (repository, kind, *cause)))
    return "ntc_" + digest_of(told.encode()).removeprefix("sha256:")[:32]


def audience(
    *handles: str, seats: tuple[str, ...] = (), everybody: bool = False
) -> Audience:
    return Audience(
        handles=tuple(sorted(set(handles))),
        seats=tuple(sorted(set(seats))),
        everybody=everybody,
    )


def recipients(notice: Notice, people: Mapping[str, Person]) -> tuple[str, ...]:
    """The handles of everybody whom *notice* is for, at this moment; sorted."""
    wanted = notice.audience
    return tuple(
        sorted(
            person.handle
            for person in people.values()
            if person.active
            and person.handle != notice.by
            and (
                wanted.everybody
                or person.handle in wanted.handles
                or not set(wanted.seats).isdisjoint(person.seats)
            )
        )
    )


def is_at_least(urgency: Urgency, least: Urgency) -> bool:
    return _ORDER.index(urgency) >= _ORDER.index(least)


def one_line(text: str, max_chars: int = MAX_LINE_CHARS) -> str:
    """*text* on one line, with nothing hidden in it, cut if it is too long."""
    seen = "".join(
        " " if unicodedata.category(character) in _HIDDEN else character
        for character in text
    )
    whole = " ".join(seen.split())
    return whole if len(whole) <= max_chars else whole[: max_chars - 1].rstrip() + "…"


def sentence(text: str) -> str:
    """*text* as a notice says it: on one line, or that it is left out."""
    return LEFT_OUT if leaks(text) else one_line(text)


def sentences(*texts: str) -> tuple[str, ...]:
    """The body of a notice: each of *texts* on a line, without empty ones."""
    lines = tuple(filter(None, map(sentence, texts)))
    left = len(lines) - MAX_SENTENCES
    if left <= 0:
        return lines
    return (*lines[:MAX_SENTENCES], f"And {left} more.")
