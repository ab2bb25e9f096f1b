"""Who answers for a document, and until when it is to be looked at again.

* The document's owner answers for it.
* A bot names a deputy and a risk partner as well.  They answer for everything that
  the bot uses, too.
* A document says by which day it is to be reviewed.  That day is still in time; the
  next one, in UTC, is not.
* Whoever is nobody here, or not active any more, answers for nothing: such a
  document is unowned, whatever stands in it.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from registry.binding_rules import find_day
from registry.documents import Document
from registry.effects import Documents, dependents
from registry.names import Digest, Kind, Ref, kind_of
from registry.people import Person
from registry.state import Environment, State


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What a document says of its upkeep, beside its owner.

    Attributes:
        review_before: From then on its review is overdue; `None` if it names no day.
        deputy: Of a bot.
        risk_partner: Of a bot.
    """

    review_before: datetime | None
    deputy: str | None
    risk_partner: str | None


NOTHING_SAID = Said(review_before=None, deputy=None, risk_partner=None)

SaidBy = Callable[[Digest], Said]
"""What the document with a digest says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answering:
    """Who answers for a document, by handle; each group sorted."""

    owner: str
    deputies: tuple[str, ...]
    risk_partners: tuple[str, ...]

    @property
    def everybody(self) -> frozenset[str]:
        return frozenset({self.owner, *self.deputies, *self.risk_partners})

    def part_of(self, handle: str) -> str | None:
        """As what *handle* answers for it; `None` if they do not."""
        if handle == self.owner:
            return "owner"
        if handle in self.deputies:
            return "deputy"
        return "risk partner" if handle in self.risk_partners else None


def said_of(document: Document) -> Said:
    day = find_day(document.value.get("review_by"))
    return Said(
        review_before=None
        if day is None
        else datetime.combine(day + timedelta(days=1), time(), UTC),
        deputy=_handle(document, "deputy"),
        risk_partner=_handle(document, "risk_partner"),
    )


def said_among(documents: Mapping[Digest, Document]) -> SaidBy:
    return lambda digest: said_of(documents[digest])


def answering(environment: Environment, document: Ref, said_by: SaidBy) -> Answering:
    """Who answers for something that is live there."""
    bots = [
        said_by(environment.live[name].document.digest)
        for name in dependents(environment, (document,))
        if kind_of(name) is Kind.BOT
    ]
    return Answering(
        owner=environment.live[document].document.owner,
        deputies=tuple(sorted({bot.deputy for bot in bots if bot.deputy})),
        risk_partners=tuple(
            sorted({bot.risk_partner for bot in bots if bot.risk_partner})
        ),
    )


def answered_for(state: State, documents: Documents, handle: str) -> Iterator[Ref]:
    """What is live somewhere and names *handle*, be there such a person or not."""
    for environment in state.environments.values():
        for name, live in environment.live.items():
            if live.document.owner == handle or (
                kind_of(name) is Kind.BOT
                and handle in _named(documents[live.document.digest])
            ):
                yield name


def missing(
    owner: str, said: Said, kind: Kind, people: Mapping[str, Person]
) -> tuple[str, ...]:
    """Who is to answer for a document and cannot, each in a sentence."""
    return tuple(_missing(owner, said, kind, people))


def _missing(
    owner: str, said: Said, kind: Kind, people: Mapping[str, Person]
) -> Iterator[str]:
    parts = [("owner", owner)]
    if kind is Kind.BOT:
        parts += [
            ("deputy", said.deputy or ""),
            ("risk partner", said.risk_partner or ""),
        ]
    for part, handle in parts:
        person = people.get(handle)
        if not handle:
            yield f"it names no {part}"
        elif person is None:
            yield f"the {part} {handle} is nobody here"
        elif not person.active:
            yield f"the {part} {handle} is not active any more"


def _named(bot: Document) -> Iterator[str | None]:
    return (_handle(bot, part) for part in ("deputy", "on_call", "risk_partner"))


def _handle(document: Document, part: str) -> str | None:
    said = document.value.get(part)
    return said if isinstance(said, str) and kind_of(document.ref) is Kind.BOT else None
