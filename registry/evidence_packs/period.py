"""The evidence of a period: every act in it, listed and counted.

* The whole population: each event of the period stands in exactly one list, so that
  the counts add up to the number of events.  Some lists have others in them
  (vetoes are votes); these are told apart and counted once.
* The events of a period stand beside one another in the ledger.  A pack has all of
  them, of every environment, so that anybody can count again and see that none was
  left out; only the lists keep to one environment, if one was asked for.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from registry import payloads as p
from registry import review_payloads as r
from registry.changes import Verdict
from registry.evidence_packs.acts import Act, Seen, WentLive, act_of, went_live
from registry.evidence_packs.history import History, environment_of
from registry.evidence_packs.holders import Held, InForce, holders, policies
from registry.evidence_packs.signed import Record
from registry.ratification import status_of

LISTS: Mapping[str, tuple[type[p.Payload], ...]] = {
    "activations": (p.Activated,),
    "policy changes": (p.PolicyActivated,),
    "stops": (p.Stopped,),
    "resumptions": (p.Resumed,),
    "recalls": (p.Recalled,),
    "votes": (r.Voted,),
    "vetoes cleared": (r.VetoCleared,),
    "votes on ratifications": (p.Judged,),
    "waivers": (r.CheckWaived,),
    "people changes": (
        p.RegistryCreated,
        p.PersonSet,
        p.PersonProposed,
        p.PersonRefused,
    ),
    "proposals": (r.Submitted, r.Revised),
    "changes that ended": (r.Closed,),
    "check results": (r.CheckAttached,),
    "conditions met": (r.ConditionMet,),
    "certifications": (p.Certified,),
    "comments": (r.Commented,),
    "restored backups": (p.EpochRaised,),
}
"""Each type of event is in one of them."""

_OF_VERDICTS = {
    "vetoes": Verdict.VETO,
    "rejections": Verdict.REJECT,
    "requests for changes": Verdict.ASK,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """Attributes:
    name: What the list is of.
    of: The list that these are part of; `None` for one that adds to the total.
    """

    name: str
    of: str | None
    count: int
    acts: tuple[Act, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ToRatify:
    """Something that went live in the period, and had to be ratified.

    Attributes:
        status: When the last signed event happened, which may be later.
    """

    act: Act
    incident: str | None
    due: datetime
    status: str
    closed_at: datetime | None
    votes: tuple[Act, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodEvidence:
    """Attributes:
    environment: `None` for all.
    end: Not in the period any more.
    first: The number of the first event of the period, `last` of the last one;
        `first` is greater if there was none.
    events: How many; the lists that add up come to as many.
    elsewhere: How many more there were, in other environments.
    """

    environment: str | None
    begin: datetime
    end: datetime
    first: int
    last: int
    events: int
    elsewhere: int
    lists: tuple[Listed, ...]
    live: tuple[WentLive, ...]
    ratifications: tuple[ToRatify, ...]
    policies: tuple[InForce, ...]
    holders: tuple[Held, ...]


def period_evidence(
    history: History,
    begin: datetime,
    end: datetime,
    environment: str | None,
    seen: Sequence[Seen],
) -> PeriodEvidence:
    """Raises:
    NotFound: There is no such environment.
    """
    if environment is not None:
        history.state.environment(environment)
    inside = [one for one in history.records if begin <= one.at < end]
    before = sum(one.at < begin for one in history.records)
    records = [
        one
        for one in inside
        if environment is None or environment_of(one.event) in {None, environment}
    ]

    def overlaps(since: Record, until: Record | None) -> bool:
        return since.at < end and (until is None or until.at >= begin)

    return PeriodEvidence(
        environment=environment,
        begin=begin,
        end=end,
        first=before + 1,
        last=before + len(inside),
        events=len(records),
        elsewhere=len(inside) - len(records),
        lists=tuple(_lists(records)),
        live=tuple(
            went_live(history, one, seen)
            for one in records
            if isinstance(
                one.event.payload, p.Activated | p.PolicyActivated | p.Resumed
            )
        ),
        ratifications=tuple(_to_ratify(history, records)),
        policies=policies(history, environment, overlaps),
        holders=holders(history, overlaps),
    )


def _lists(records: list[Record]) -> Iterator[Listed]:
    for name, types in LISTS.items():
        found = [one for one in records if isinstance(one.event.payload, types)]
        yield _listed(name, None, found)
        if name == "activations":
            yield from _kinds_of_activation(found)
        elif name == "votes":
            for part, verdict in _OF_VERDICTS.items():
                cast = [o for o in found if _verdict(o) is verdict]
                yield _listed(part, name, cast)


def _kinds_of_activation(found: list[Record]) -> Iterator[Listed]:
    made = [(one, one.event.payload) for one in found]
    emergencies = [
        one
        for one, payload in made
        if isinstance(payload, p.Activated)
        and payload.ratification is not None
        and payload.ratification.incident is not None
    ]
    rollbacks = [
        one
        for one, payload in made
        if isinstance(payload, p.Activated) and payload.restored is not None
    ]
    yield _listed("emergencies", "activations", emergencies)
    yield _listed("rollbacks", "activations", rollbacks)


def _verdict(record: Record) -> Verdict | None:
    payload = record.event.payload
    return payload.verdict if isinstance(payload, r.Voted) else None


def _listed(name: str, of: str | None, records: list[Record]) -> Listed:
    acts = tuple(act_of(one) for one in records)
    return Listed(name=name, of=of, count=len(acts), acts=acts)


def _to_ratify(history: History, records: list[Record]) -> Iterator[ToRatify]:
    state, now = history.state, history.records[-1].at
    for one in records:
        found = state.ratifications.get(one.number)
        if found is not None:
            votes = [
                act_of(other)
                for other in history.records
                if isinstance(other.event.payload, p.Judged)
                and other.event.payload.ratification == one.number
            ]
            yield ToRatify(
                act=act_of(one),
                incident=found.opened.incident,
                due=found.opened.due,
                status=status_of(found, now),
                closed_at=found.closed_at,
                votes=tuple(votes),
            )
