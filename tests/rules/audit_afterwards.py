"""A second auditor: of what goes live without agreement, or by itself.

Like the first it reads events alone and knows no rule from the code under test.
"""

from collections import defaultdict
from datetime import timedelta

from registry.documents import Tier
from registry.events import Event
from registry.name_patterns import fits_any
from registry.names import kind_of, name_of
from registry.payloads import (
    Activated,
    Judged,
    LiveDocument,
    PersonSet,
    PolicyActivated,
    RegistryCreated,
    Resumed,
)
from registry.policies import subject
from registry.ratification import Judgement, Ratified
from registry.review_payloads import Revised, Submitted

STRICTNESS = [Tier.LOW, Tier.MEDIUM, Tier.HIGH]
GOES_LIVE = (Activated, PolicyActivated, Resumed)


class AfterwardsAuditor:
    """Give it every event in turn; it fails on the first that was not allowed.

    Attributes:
        open: What has to be ratified, by the number of its event.
    """

    def __init__(self) -> None:
        self.people = {}
        self.policies = {}
        self.revisions = {}  # change -> the last one
        self.authors = defaultdict(set)  # change -> who submitted a revision
        self.live = defaultdict(dict)  # environment -> document -> LiveDocument
        self.replaced = {}  # (environment, seq) -> what each document was before
        self.last = defaultdict(dict)  # environment -> document -> what moved it last
        self.repudiated = {}  # (environment, seq) -> when
        self.open = {}  # number -> (event, votes by handle)
        self.brought = defaultdict(set)  # what came -> the seqs that asked people
        self.unratified = defaultdict(set)  # environment -> seqs

    def hear(self, event: Event) -> None:
        payload = event.payload
        assert event.actor.via != "timer" or isinstance(payload, GOES_LIVE)
        if isinstance(payload, GOES_LIVE) and payload.change is not None:
            self._check_schedule(event, self.revisions[payload.change])
        heard = {
            RegistryCreated: self._created,
            PersonSet: self._person_set,
            Submitted: self._revised,
            Revised: self._revised,
            Activated: self._activated,
            PolicyActivated: self._policy_activated,
            Judged: self._judged,
        }
        if type(payload) in heard:
            heard[type(payload)](event, payload)

    def _created(self, event: Event, payload: RegistryCreated) -> None:
        self.people = {person.handle: person for person in payload.people}
        self.policies = {one.environment: one.policy for one in payload.environments}

    def _person_set(self, event: Event, payload: PersonSet) -> None:
        self.people[payload.person.handle] = payload.person

    def _revised(self, event: Event, payload: Submitted | Revised) -> None:
        self.revisions[payload.change] = payload.revision
        self.authors[payload.change].add(event.actor.handle)

    def _policy_activated(self, event: Event, payload: PolicyActivated) -> None:
        self.policies[payload.environment] = payload.policy

    def _check_schedule(self, event: Event, revision) -> None:
        earliest = revision.earliest
        assert earliest is None or event.at >= earliest
        if event.actor.via == "timer":
            policy = self.policies[event.payload.environment]
            late = timedelta(minutes=policy.late_minutes)
            assert event.actor.handle == "placet"
            assert not event.actor.roles
            assert not event.actor.seats
            assert earliest is not None
            assert event.at < earliest + late

    def _activated(self, event: Event, payload: Activated) -> None:
        live = self.live[payload.environment]
        after = {one.document: one for one in payload.documents}
        touched = {*after, *payload.deleted}
        opened = payload.ratification
        if opened is not None:
            assert event.actor.handle in opened.excluded
            assert opened.why
            assert opened.requirements
            self.open[event.number] = (event, {})
        if payload.change is None:
            tiers = {
                ref: max(
                    (one.tier for one in (live.get(ref), after.get(ref)) if one),
                    key=STRICTNESS.index,
                )
                for ref in _users(live, touched)
            }
            asked = self._is_asked_about(event, payload, after, tiers)
            assert (opened is not None) is asked
        elif opened is not None:
            self._check_emergency(event, payload)
        self._check_coming(payload, live)
        before = {ref: live.get(ref) for ref in touched}
        self.replaced[payload.environment, payload.seq] = before
        self.last[payload.environment].update(dict.fromkeys(touched, payload.seq))
        for ref in payload.deleted:
            del live[ref]
        live.update(after)

    def _check_coming(self, payload: Activated, live: dict) -> None:
        """What a rollback brings back was not here only without agreement."""
        coming = {(ref, None) for ref in payload.deleted}
        for one in payload.documents:
            was = live.get(one.document)
            coming |= {(one.document, one.digest), (one.document, one.composed)} - (
                {(was.document, was.digest), (was.document, was.composed)}
                if was
                else set()
            )
        place = payload.environment
        for content in coming:
            seqs = self.brought[place, content]
            agreed = not seqs or seqs - self.unratified[place]
            assert payload.change is not None or agreed
            if payload.change is not None or payload.ratification is not None:
                seqs.add(payload.seq)
        if payload.ratification is not None:
            self.unratified[place].add(payload.seq)

    def _is_asked_about(
        self, event: Event, payload: Activated, after: dict, tiers: dict
    ) -> bool:
        policy = self.policies[payload.environment]
        undone = payload.environment, payload.restored + 1
        at = self.repudiated.get(undone)
        window = timedelta(days=policy.rollback_days)
        decided = at is not None and event.at <= at + window
        if decided and all(
            self.last[payload.environment].get(ref) == undone[1]
            and _reads(self.replaced[undone][ref]) == _reads(after.get(ref))
            for ref in {*after, *payload.deleted}
        ):
            return False
        asks = any(
            not one.open and one.matches(subject(ref, tier))
            for one in policy.requirements
            for ref, tier in tiers.items()
        )
        return asks and Tier.HIGH in tiers.values()

    def _check_emergency(self, event: Event, payload: Activated) -> None:
        rule = self.policies[payload.environment].emergency
        opened = payload.ratification
        assert set(rule.seats) & set(event.actor.seats)
        assert opened.incident.strip()
        assert set(opened.excluded) >= self.authors[payload.change]
        assert opened.due == event.at + timedelta(hours=rule.ratify_hours)
        for edit in self.revisions[payload.change].edits:
            assert not rule.kinds or kind_of(edit.document) in rule.kinds
            assert not rule.names or fits_any(rule.names, name_of(edit.document))
        for number, (earlier, _) in self.open.items():
            near = earlier.payload.environment == payload.environment
            if number != event.number and (
                near or earlier.actor.handle == event.actor.handle
            ):
                assert event.at < earlier.payload.ratification.due

    def _judged(self, event: Event, payload: Judged) -> None:
        activated, votes = self.open[payload.ratification]
        opened = activated.payload.ratification
        handle = event.actor.handle
        assert event.actor.via == "session"
        assert handle not in opened.excluded
        assert payload.seat in self.people[handle].seats
        votes[handle] = payload
        counting = [
            vote
            for by, vote in votes.items()
            if self.people[by].active and vote.seat in self.people[by].seats
        ]

        def count(seat: str, judgement: Judgement) -> int:
            return sum(v.seat == seat and v.judgement is judgement for v in counting)

        refused = any(
            count(one.seat, Judgement.REPUDIATE) >= one.count
            for one in opened.requirements
        )
        agreed = all(
            count(one.seat, Judgement.RATIFY) >= one.count
            for one in opened.requirements
        )
        outcome = Ratified.REPUDIATED if refused else None
        outcome = outcome or (Ratified.RATIFIED if agreed else None)
        assert payload.outcome is outcome
        if outcome is not None:
            del self.open[payload.ratification]
        if outcome is Ratified.RATIFIED:
            self.unratified[activated.payload.environment].discard(
                activated.payload.seq
            )
        if outcome is Ratified.REPUDIATED:
            place = activated.payload.environment, activated.payload.seq
            self.repudiated[place] = event.at


def _reads(document: LiveDocument | None) -> str | None:
    return document.composed if document else None


def _users(live: dict, start: set) -> set:
    """*start* and everything live that uses one of them, however indirectly."""
    found = set(start)
    while True:
        more = {ref for ref, one in live.items() if found & set(one.uses)} - found
        if not more:
            return found
        found |= more
