"""History: events, and what followed from each.

 * What went live had been agreed to by the act after which all requirements were met
   and stayed met: a vote as a rule, or the end of a veto.
 * Somebody holds a role or a seat from the event that gives it until the one that
   takes it, or that limits it in another way.

Nothing here reads a clock or a file.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from registry.errors import NotFound
from registry.events import Event
from registry.evidence_packs.signed import Record
from registry.fold import EMPTY, apply
from registry.names import Digest
from registry.payloads import (
    Activated,
    PersonSet,
    PolicyActivated,
    RegistryCreated,
    Resumed,
)
from registry.people import Limit, Person
from registry.quorums import Standing
from registry.standing import is_agreed, requirements
from registry.state import State

_LIVE = (Activated, PolicyActivated, Resumed)


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """How what went live had been agreed to.

    Attributes:
        approved: What completed the requirements; `None` where they were not met.
        asked: Every requirement, as it stood when it went live.
    """

    approved: Record | None
    asked: tuple[Standing, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tenure:
    """Somebody held a role or a seat, from one event to another.

    Attributes:
        limit: Where, if not everywhere.
        asked: The event in which another administrator asked for it.
        until: `None` while it is held.
    """

    handle: str
    held: str
    is_seat: bool
    limit: Limit | None
    asked: Record | None
    since: Record
    until: Record | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """A policy was in force, from one event to another."""

    environment: str
    digest: Digest
    since: Record
    until: Record | None


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """Attributes:
    state: After the last of the events.
    agreements: By the number of the event that made it live.
    """

    records: tuple[Record, ...]
    state: State
    agreements: Mapping[int, Agreement]
    tenures: tuple[Tenure, ...]
    terms: tuple[Term, ...]

    def record(self, number: int) -> Record:
        return self.records[number - 1]


def history_of(records: Iterable[Record]) -> History:
    """Raises:
    LedgerBroken: They do not follow one another.
    """
    folding = _Folding()
    for record in records:
        folding.take(record)
    return History(
        records=tuple(folding.records),
        state=folding.state,
        agreements=folding.agreements,
        tenures=tuple(folding.ended) + tuple(folding.held.values()),
        terms=tuple(folding.terms) + tuple(folding.in_force.values()),
    )


def until(records: Sequence[Record], at: datetime) -> tuple[Record, ...]:
    """Those up to *at*.

    Raises:
        NotFound: There was no registry yet.
    """
    found = tuple(record for record in records if record.at <= at)
    if not found:
        raise NotFound(
            f"there was no registry yet at {at.isoformat()}",
            hint="The first event of the ledger is later; give a later time.",
        )
    return found


def change_of(event: Event) -> int | None:
    """The change that an event is about, if it is about one."""
    number: int | None = getattr(event.payload, "change", None)
    return number


def environment_of(event: Event) -> str | None:
    """The environment that an event is about; `None` for the registry as a whole."""
    name: str | None = getattr(event.payload, "environment", None)
    return name


class _Folding:
    def __init__(self) -> None:
        self.records: list[Record] = []
        self.state = EMPTY
        self.agreements: dict[int, Agreement] = {}
        self.ended: list[Tenure] = []
        self.held: dict[tuple[str, str], Tenure] = {}
        self.terms: list[Term] = []
        self.in_force: dict[str, Term] = {}
        self._agreed: dict[int, Record] = {}
        self._said: dict[int, Record] = {}

    def take(self, record: Record) -> None:
        number = change_of(record.event)
        if number is not None and number in self.state.open_changes:
            self._before(record, number)
        self.state = apply(self.state, record.event, record.digest)
        self.records.append(record)
        if number is not None and number in self.state.open_changes:
            self._after(record, number)
        self._note_people(record)
        self._note_policies(record)

    def _before(self, record: Record, number: int) -> None:
        """Time alone may have ended an agreement, or let one come about."""
        change = self.state.changes[number]
        asked = requirements(self.state, change, record.at)
        agreed = is_agreed(change, asked)
        if not agreed:
            self._agreed.pop(number, None)
        if isinstance(record.event.payload, _LIVE):
            said = self._agreed.get(number, self._said.get(number))
            self.agreements[record.number] = Agreement(
                approved=said if agreed else None, asked=asked
            )

    def _after(self, record: Record, number: int) -> None:
        change = self.state.changes[number]
        self._said[number] = record
        if is_agreed(change, requirements(self.state, change, record.at)):
            self._agreed.setdefault(number, record)
        else:
            self._agreed.pop(number, None)

    def _note_people(self, record: Record) -> None:
        payload = record.event.payload
        if isinstance(payload, RegistryCreated):
            for person in payload.people:
                self._note_person(record, person, None)
        elif isinstance(payload, PersonSet):
            asked = payload.proposed and self.records[payload.proposed - 1]
            self._note_person(record, payload.person, asked or None)

    def _note_person(
        self, record: Record, person: Person, asked: Record | None
    ) -> None:
        limits = {limit.held: limit for limit in person.limits}
        holds = {*person.roles, *person.seats} if person.active else set()
        for key in [key for key in self.held if key[0] == person.handle]:
            tenure = self.held[key]
            if key[1] not in holds or limits.get(key[1]) != tenure.limit:
                self.ended.append(replace(self.held.pop(key), until=record))
        for held in sorted(holds):
            self.held.setdefault(
                (person.handle, held),
                Tenure(
                    handle=person.handle,
                    held=held,
                    is_seat=held in person.seats,
                    limit=limits.get(held),
                    asked=asked,
                    since=record,
                    until=None,
                ),
            )

    def _note_policies(self, record: Record) -> None:
        payload = record.event.payload
        if isinstance(payload, RegistryCreated):
            for one in payload.environments:
                self._in_force(record, one.environment, one.digest)
        elif isinstance(payload, PolicyActivated):
            self._in_force(record, payload.environment, payload.digest)

    def _in_force(self, record: Record, environment: str, digest: Digest) -> None:
        before = self.in_force.get(environment)
        if before is not None:
            self.terms.append(replace(before, until=record))
        self.in_force[environment] = Term(
            environment=environment, digest=digest, since=record, until=None
        )
