"""An auditor: reads events alone, and knows no rule from the code under test.

It keeps plain dictionaries and asks, of each event that made something live,
whether it was allowed to.  It is slow and simple on purpose.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import timedelta

from registry.changes import ChangeType, Verdict
from registry.documents import Tier
from registry.events import Event
from registry.payloads import (
    Activated,
    Judged,
    LiveDocument,
    PersonSet,
    PolicyActivated,
    Recalled,
    RegistryCreated,
    Resumed,
    Stopped,
)
from registry.people import Role
from registry.policies import Policy, policy_subject, subject
from registry.ratification import Ratified
from registry.review_payloads import (
    Revised,
    Submitted,
    VetoCleared,
    Voted,
)

STRICTNESS = [Tier.LOW, Tier.MEDIUM, Tier.HIGH]


class Auditor:
    """Give it every event in turn; it fails on the first that was not allowed."""

    def __init__(self) -> None:
        self.people = {}
        self.policies: dict[str, tuple[Policy, int]] = {}
        self.live = defaultdict(dict)  # environment -> document -> LiveDocument
        self.moved = defaultdict(dict)  # environment -> document -> last event
        self.read_like = defaultdict(
            dict
        )  # environment -> (document, composed) -> time
        self.stopped = set()  # (environment, bot)
        self.revisions = defaultdict(list)  # change -> (event, revision, by)
        self.environments = {}  # change -> environment
        self.votes = defaultdict(list)  # change -> event and its payload
        self.made = defaultdict(set)  # (document, digest) -> (by, made from)
        self.recalled = set()
        self.ended = set()
        self.held_since = {}  # (handle, seat) -> time
        self.opened = {}  # number of the event -> (environment, seq)
        self.repudiated = {}  # (environment, seq) -> time

    def hear(self, event: Event) -> None:
        heard = {
            RegistryCreated: self._created,
            PersonSet: self._person_set,
            Submitted: self._revised,
            Revised: self._revised,
            Voted: self._voted,
            VetoCleared: self._voted,
            Activated: self._activated,
            PolicyActivated: self._policy_activated,
            Stopped: self._stopped,
            Resumed: self._resumed,
            Recalled: self._recalled,
            Judged: self._judged,
        }
        payload = event.payload
        if type(payload) in heard:
            heard[type(payload)](event, payload)

    def _created(self, event: Event, payload: RegistryCreated) -> None:
        self.people = {person.handle: person for person in payload.people}
        for made in payload.environments:
            self.policies[made.environment] = made.policy, event.number

    def _person_set(self, event: Event, payload: PersonSet) -> None:
        assert payload.person.handle != event.actor.handle
        before = self.people.get(payload.person.handle)
        for seat in payload.person.seats:
            if (
                before is None
                or not before.active
                or _held(before, seat) != _held(payload.person, seat)
            ):
                self.held_since[payload.person.handle, seat] = event.at
        self.people[payload.person.handle] = payload.person

    def _revised(self, event: Event, payload: Submitted | Revised) -> None:
        revision = payload.revision
        earlier = self.revisions[payload.change]
        makes = isinstance(payload, Revised) or payload.type is ChangeType.EDIT
        for edit in revision.edits:
            made = self.made[edit.document, edit.digest]
            made.add((revision.by, edit.base.digest if makes and edit.base else None))
            for _, before, _ in earlier:
                made.update(
                    (revision.by, other.digest)
                    for other in before.edits
                    if other.document == edit.document
                )
        earlier.append((event, revision, event.actor.handle))
        self.environments[payload.change] = payload.environment

    def _voted(self, event: Event, payload: Voted | VetoCleared) -> None:
        assert payload.change not in self.ended
        assert event.actor.via == "session"
        self.votes[payload.change].append((event, payload))
        if isinstance(payload, Voted):
            assert payload.seat in self.people[event.actor.handle].seats
            policy, _ = self.policies[payload.environment]
            since = self.held_since.get((event.actor.handle, payload.seat))
            cooling = timedelta(hours=policy.seat_hours)
            assert since is None or event.at >= since + cooling
            if payload.verdict is Verdict.REJECT:
                self.ended.add(payload.change)

    def _stopped(self, event: Event, payload: Stopped) -> None:
        self.stopped.add((payload.environment, payload.bundle.bot))

    def _recalled(self, event: Event, payload: Recalled) -> None:
        self.recalled.add(payload.digest)

    def _judged(self, event: Event, payload: Judged) -> None:
        if payload.outcome is Ratified.REPUDIATED:
            self.repudiated[self.opened[payload.ratification]] = event.at

    # What made something live.

    def _activated(self, event: Event, payload: Activated) -> None:
        live = self.live[payload.environment]
        changed = {
            one.document: one.digest
            for one in payload.documents
            if one.document not in live or live[one.document].digest != one.digest
        } | dict.fromkeys(payload.deleted)
        for one in payload.documents:
            assert one != live.get(one.document), "an event says what moves"
            assert not {one.digest, one.composed} & self.recalled
        if payload.ratification is not None:
            self.opened[event.number] = payload.environment, payload.seq
        if payload.ratification is not None and payload.ratification.incident:
            self._check_emergency(event, payload)
        elif payload.change is None:
            self._check_rollback(event, payload)
        else:
            self._check_agreed(event, payload.change, self._touched(payload))
            self._check_edits(payload, changed)
        for told in payload.bundles:
            stopped = (payload.environment, told.bot) in self.stopped
            assert (told.stopped is not None) is stopped
        self._put(event, payload, changed)

    def _policy_activated(self, event: Event, payload: PolicyActivated) -> None:
        about = [policy_subject(payload.environment)]
        self._check_agreed(event, payload.change, about)
        self._check_asked(event, payload.change, about, payload.policy)
        policy, _ = self.policies[payload.environment]
        cooling = timedelta(hours=policy.policy_hours)
        said = self._said(payload.change).values()
        assert all(event.at >= at + cooling for at, _ in said)
        self.policies[payload.environment] = payload.policy, event.number

    def _resumed(self, event: Event, payload: Resumed) -> None:
        key = payload.environment, payload.bundle.bot
        assert key in self.stopped
        live = self.live[payload.environment]
        used = _closure([f"bots/{payload.bundle.bot}"], lambda ref: live[ref].uses)
        self._check_agreed(
            event, payload.change, [subject(ref, live[ref].tier) for ref in used]
        )
        made, _, _ = self.revisions[payload.change][-1]
        assert not any(
            self.moved[payload.environment][ref] > made.number for ref in used
        )
        for ref in used:
            assert not {live[ref].digest, live[ref].composed} & self.recalled
        self.stopped.discard(key)

    def _check_emergency(self, event: Event, payload: Activated) -> None:
        policy, _ = self.policies[payload.environment]
        rule, opened = policy.emergency, payload.ratification
        assert set(rule.seats) & set(self.people[event.actor.handle].seats)
        assert event.actor.via == "session"
        assert event.actor.handle in opened.excluded
        assert opened.due == event.at + timedelta(hours=rule.ratify_hours)
        assert opened.requirements
        assert payload.change not in self.ended
        assert not self._vetoes(payload.change)
        self.ended.add(payload.change)

    def _check_rollback(self, event: Event, payload: Activated) -> None:
        policy, _ = self.policies[payload.environment]
        since = event.at - timedelta(days=policy.rollback_days)
        judged = self.repudiated.get((payload.environment, payload.restored + 1))
        for one in payload.documents:
            key = one.document, one.composed
            ended = self.read_like[payload.environment][key]
            assert ended >= since or (judged is not None and judged >= since)
        people = self.people[event.actor.handle]
        assert people.active
        assert Role.OPERATOR in people.roles
        assert payload.reason.strip()

    def _check_edits(self, payload: Activated, changed: dict) -> None:
        made, revision, _ = self.revisions[payload.change][-1]
        moved = self.moved[payload.environment]
        assert changed == {edit.document: edit.digest for edit in revision.edits}
        for edit in revision.edits:
            assert moved.get((edit.document, "bytes"), 0) < made.number
        if revision.strict:
            after = {one.document: one.uses for one in payload.documents}
            live = self.live[payload.environment]
            for ref in _closure(after, lambda r: after.get(r) or _uses(live, r)):
                assert moved.get(ref, 0) < made.number

    def _check_agreed(self, event: Event, change: int, about: list) -> None:
        made, revision, _ = self.revisions[change][-1]
        environment = self.environments[change]
        policy, since = self.policies[environment]
        assert change not in self.ended
        assert event.at < revision.expires
        assert since < made.number, "agreed to under the policy in force"
        itself = event.actor.via == "timer" and revision.earliest is not None
        operates = itself or Role.OPERATOR in event.actor.roles
        assert operates or policy.authors_activate
        if {one.tier for one in about} & set(policy.separate_tiers):
            assert event.actor.handle not in self._contributors(change)
        if environment == "production":
            said = self._said(change).items()
            assert any(
                vote.verdict is Verdict.APPROVE
                and handle not in self._contributors(change)
                for handle, (_, vote) in said
            )
        self._check_asked(event, change, about, policy)
        assert not self._vetoes(change)
        said = self._said(change).values()
        assert Verdict.ASK not in {vote.verdict for _, vote in said}
        self.ended.add(change)

    def _check_asked(
        self, event: Event, change: int, about: list, policy: Policy
    ) -> None:
        contributors = self._contributors(change)
        lasting = timedelta(days=policy.vote_days or 10_000)
        agreeing = {
            handle: vote.seat
            for handle, (at, vote) in self._said(change).items()
            if vote.verdict is Verdict.APPROVE
            and handle not in contributors
            and event.at < at + lasting
            and self.people[handle].active
            and vote.seat in self.people[handle].seats
        }
        covered = set()
        for one in policy.requirements:
            matched = {each.what for each in about if one.matches(each)}
            covered |= matched
            for what in matched if not one.open else ():
                speaking = [
                    handle
                    for handle, seat in agreeing.items()
                    if seat == one.seat
                    and self._reaches(handle, seat, policy.environment, what)
                ]
                assert len(speaking) >= one.count
        assert covered == {each.what for each in about}

    def _reaches(self, handle: str, seat: str, environment: str, what: str) -> bool:
        for limit in self.people[handle].limits:
            if limit.held == seat:
                here = not limit.environments or environment in limit.environments
                kind, _, name = what.partition("/")
                named = not limit.names or kind != "policy"
                return here and named and limit.covers(environment, name)
        return True

    def _contributors(self, change: int) -> set[str]:
        found = {by for _, _, by in self.revisions[change]}
        _, revision, _ = self.revisions[change][-1]
        for edit in revision.edits:
            stop = edit.base and edit.base.digest
            if edit.digest is not None:
                texts = _closure(
                    [edit.digest],
                    lambda text, ref=edit.document, stop=stop: [
                        source
                        for _, source in self.made[ref, text]
                        if source not in {None, stop}
                    ],
                )
                for text in texts:
                    found |= {by for by, _ in self.made[edit.document, text]}
        return found

    def _said(self, change: int) -> dict:
        """The last vote of each person on what is proposed now, with its time."""
        _, revision, _ = self.revisions[change][-1]
        return {
            event.actor.handle: (event.at, payload)
            for event, payload in self.votes[change]
            if isinstance(payload, Voted)
            and payload.review_digest == revision.review_digest
        }

    def _vetoes(self, change: int) -> set[str]:
        found = set()
        for event, payload in self.votes[change]:
            if isinstance(payload, VetoCleared):
                found.discard(payload.veto_by)
            elif payload.verdict is Verdict.VETO:
                found.add(event.actor.handle)
            else:
                found.discard(event.actor.handle)
        return found

    def _touched(self, payload: Activated) -> list:
        """What the policy is asked about: everything that uses what is edited."""
        live = self.live[payload.environment]
        after = {one.document: one for one in payload.documents}
        _, revision, _ = self.revisions[payload.change][-1]
        users = defaultdict(set)
        for ref, one in live.items():
            for used in one.uses:
                users[used].add(ref)
        touched = _closure((e.document for e in revision.edits), users.__getitem__)
        return [
            subject(ref, _stricter(live.get(ref), after.get(ref))) for ref in touched
        ]

    def _put(self, event: Event, payload: Activated, changed: dict) -> None:
        live = self.live[payload.environment]
        moved = self.moved[payload.environment]
        read_like = self.read_like[payload.environment]
        for ref in changed:
            moved[ref, "bytes"] = event.number
        for ref in payload.deleted:
            gone = live.pop(ref)
            moved[ref] = event.number
            read_like[ref, gone.composed] = event.at
        for one in payload.documents:
            before = live.get(one.document)
            if before is not None:
                read_like[one.document, before.composed] = event.at
            live[one.document] = one
            moved[one.document] = event.number
            read_like[one.document, one.composed] = event.at + timedelta(days=10_000)


def _held(person, seat: str) -> tuple:
    limits = [limit for limit in person.limits if limit.held == seat]
    return seat in person.seats and person.active, limits


def _closure(start: Iterable, following) -> set:
    found, waiting = set(), list(start)
    while waiting:
        one = waiting.pop()
        if one not in found:
            found.add(one)
            waiting.extend(following(one))
    return found


def _uses(live: dict, ref: str) -> tuple:
    return live[ref].uses if ref in live else ()


def _stricter(*documents: LiveDocument | None) -> Tier:
    return max((one.tier for one in documents if one), key=STRICTNESS.index)
