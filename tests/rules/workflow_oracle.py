"""What the model of `workflow_model` expects of each command, and learns of it.

`expects` says before a command whether it may be carried out, and `None` where the
model does not know; `learn` hears what came of it.
"""

from datetime import timedelta

from registry import commands
from registry.changes import ChangeType, Verdict
from registry.events import Event
from registry.payloads import Activated, PersonProposed
from registry.people import TIMER, Role
from registry.ratification import Judgement, Ratified
from tests.rules.texts import BOT, PROMPT, TONE
from tests.rules.workflow_model import (
    ANSWERING,
    BUILT_FROM,
    DAY,
    HOUR,
    USES,
    Afterwards,
    Draft,
    Model,
    Proposal,
    dependents,
    fits,
    matched,
    policy_of,
    reading,
    text_of,
    tier_of,
)

SUPPORT = (BOT, PROMPT, TONE)
"""The bot and what it uses."""


def powers(person) -> set:
    """What takes a second administrator to give."""
    return {*person.seats, Role.EVALUATOR, Role.OPERATOR, Role.ADMIN}


class Oracle(Model):
    """The model, asked about commands."""

    def expects(self, handle, via, command, now) -> bool | None:
        at = self.moment(now)
        person = self.people.get(handle)
        if via != TIMER and (person is None or not person.active):
            return False
        if via == "session" and self._was_reset(handle, command, at):
            return False
        name = f"_may_{type(command).__name__.lower()}"
        return getattr(self, name)(handle, via, command, at)

    def _was_reset(self, handle, command, at) -> bool:
        """Whether it waits because somebody else has just set the password."""
        since, wait = self.resets.get(handle), self._wait(handle, command)
        return since is not None and bool(wait) and at < since + wait

    def _wait(self, handle, command) -> timedelta:
        hours = {
            name: max(place.policy["seat_hours"], 24 if name == "production" else 0)
            for name, place in self.places.items()
        }
        match command:
            case commands.SetPerson() if not self._takes_another(command.person):
                return timedelta()
            case commands.SetPerson() | commands.ConfirmPerson():
                return min(168, max(hours.values())) * HOUR
            case commands.AttachCheck():
                one = self.changes.get(command.change)
                vouches = one and self._vouches(handle, one, command.result)
                return hours[one.environment] * HOUR if vouches else timedelta()
            case commands.Judge():
                one = self.ratifications.get(command.ratification)
            case commands.Certify():
                return hours[command.environment] * HOUR
            case (
                commands.Vote()
                | commands.ClearVeto()
                | commands.WaiveCheck()
                | commands.ActivateInEmergency()
            ):
                one = self.changes.get(command.change)
            case _:
                return timedelta()
        return hours[one.environment] * HOUR if one else timedelta()

    def _vouches(self, handle, one: Proposal, result) -> bool:
        content = self.contents.get(result.content)
        tried = [draft.edits for draft in one.drafts if draft.content == content]
        return any(
            self.holds(handle, "evaluator", one.environment, sorted(edits))
            for edits in tried[:1]
        )

    def learn(self, handle, command, event: Event) -> None:
        self.last = event.at
        getattr(self, f"_heard_{type(command).__name__.lower()}")(
            handle, command, event
        )

    def _named(self, number, at) -> Proposal | None:
        return self.changes[number] if self.is_open(number, at) else None

    def _about(self, one: Proposal) -> list:
        return [BOT] if one.type == "resume" else list(one.draft.edits)

    def _moves(self, handle, environment, what) -> bool:
        roles = ("author", "operator")
        return any(self.holds(handle, role, environment, what) for role in roles)

    # Proposing.

    def _edits(self, environment, proposal) -> dict | None:
        """What a proposal replaces; `None` if it cannot."""
        place, edits = self.places[environment], {}
        for ref in proposal.deleted:
            if ref not in place.live or any(u in place.live for u in _users(ref)):
                return None
            edits[ref] = None
        for document in proposal.documents:
            ref, text = document.ref, text_of(document)
            live = place.live.get(ref)
            if live is not None and live.digest == text.digest:
                continue
            before = live or place.gone.get(ref)
            if (ref, text.major) in self.claims:
                return None
            if before is not None and text.major <= before.major:
                return None
            edits[ref] = text
        return None if not edits or self.harmful(place, edits) else edits

    def _in_time(self, environment, earliest, at) -> bool:
        days = self.places[environment].policy["change_days"]
        return earliest is None or at < earliest < at + days * DAY

    def _may_submit(self, handle, via, command, at) -> bool:
        about = [d.ref for d in command.proposal.documents] + [
            *command.proposal.deleted
        ]
        return (
            self.holds(handle, "author", command.environment, about)
            and self._edits(command.environment, command.proposal) is not None
            and self._in_time(command.environment, command.proposal.earliest, at)
        )

    def _may_revise(self, handle, via, command, at) -> bool:
        one = self._named(command.change, at)
        if one is None or one.type != "edit":
            return False
        if not self.holds(handle, "author", one.environment, self._about(one)):
            return False
        again = commands.Submit(environment=one.environment, proposal=command.proposal)
        return self._may_submit(handle, via, again, at)

    def _may_submitpolicy(self, handle, via, command, at) -> bool:
        environment = command.text.policy.environment
        return (
            self.holds(handle, "author", environment)
            and self.policies[self.digests[command.text.source]]["digest"]
            != self.places[environment].policy["digest"]
            and self._in_time(environment, command.earliest, at)
        )

    def _takes(self, command) -> dict:
        """What a promotion replaces; what it uses comes along, unless it is older."""
        source, target = self.places[command.source], self.places[command.target]
        named = [ref for ref in command.documents if ref in source.live]
        found = {}
        for ref in {*named, *(used for one in named for used in BUILT_FROM[one])}:
            text, held = source.live[ref], target.live.get(ref)
            newer = held is None or ref in named or text.major > held.major
            if text != held and newer:
                found[ref] = text
        return dict(sorted(found.items()))

    def _may_promote(self, handle, via, command, at) -> bool:
        edits = self._takes(command)
        return (
            self._moves(handle, command.target, command.documents)
            and bool(edits)
            and not self.harmful(self.places[command.target], edits)
        )

    def _may_resume(self, handle, via, command, at) -> bool:
        place = self.places[command.environment]
        return (
            self._moves(handle, command.environment, [BOT])
            and place.stopped is not None
            and not any(self.is_recalled(ref, place.live) for ref in SUPPORT)
        )

    def _heard_submit(self, handle, command, event: Event) -> None:
        proposal = getattr(command, "proposal", None)
        said, place = event.payload.revision, self.places[event.payload.environment]
        edits = proposal and self._edits(event.payload.environment, proposal)
        if isinstance(command, commands.Promote):
            edits = self._takes(command)
        if isinstance(command, commands.Rollback):
            edits = self._back(command)
        self._draft(event, place, edits, said)

    def _draft(self, event, place, edits, said, **more) -> None:
        after = self.after(place, edits)
        names = dependents(edits, place.live)
        draft = Draft(
            made=event.number,
            by=event.actor.handle,
            at=event.at,
            expires=event.at + place.policy["change_days"] * DAY,
            digest=said.review_digest,
            content=frozenset(edits.items()),
            seq=place.seq,
            edits=edits,
            bases={
                ref: before.digest
                for ref in edits
                for before in [place.live.get(ref) or place.gone.get(ref)]
                if before is not None
            },
            effect={ref: tier_of(ref, place.live, after) for ref in names},
            policy=place.policy,
            earliest=said.earliest,
        )
        for name, value in more.items():
            setattr(draft, name, value)
        payload = event.payload
        type = str(getattr(payload, "type", ChangeType.EDIT))
        self.propose(payload.change, payload.environment, type, draft)

    _heard_revise = _heard_submit
    _heard_promote = _heard_submit

    def _heard_submitpolicy(self, handle, command, event: Event) -> None:
        proposed = self.policies[self.digests[command.text.source]]
        place = self.places[event.payload.environment]
        said = event.payload.revision
        content = proposed["digest"]
        self._draft(event, place, {}, said, proposed=proposed, content=content)

    def _heard_resume(self, handle, command, event: Event) -> None:
        place = self.places[command.environment]
        effect = {ref: place.live[ref].tier for ref in SUPPORT}
        said = event.payload.revision
        content = tuple(reading(ref, place.live) for ref in SUPPORT)
        self._draft(event, place, {}, said, effect=effect, content=content)

    # Talking about it.

    def _may_comment(self, handle, via, command, at) -> bool:
        """Whoever holds anything, wherever; a token is an author's."""
        person = self.people[handle]
        by_token = via == "session" or "author" in map(str, person.roles)
        belongs = person.active and bool(person.roles or person.seats) and by_token
        return command.change in self.changes and belongs

    def _heard_comment(self, handle, command, event: Event) -> None:
        pass

    def _may_vote(self, handle, via, command, at) -> bool | None:
        one = self._named(command.change, at)
        if one is None or via != "session":
            return False
        if handle in self.doubtful(one):
            return None
        return (
            self._votes_here(handle, one, command, at)
            and command.review_digest == one.draft.digest
            and (command.condition is None or self._asks(command, at))
            and self._may_say(handle, one, command)
        )

    def _votes_here(self, handle, one, command, at) -> bool:
        about, seat = [[what] for what in one.draft.effect] or [[]], command.seat
        theirs = self.said(one).get(handle)
        retracts = command.verdict is Verdict.RETRACT and theirs is not None
        return (
            any(self.holds(handle, seat, one.environment, what) for what in about)
            and self.cool(handle, seat, one.environment, at)
            and (handle not in one.contributors or retracts)
        )

    def _may_say(self, handle, one, command) -> bool:
        verdict = command.verdict
        if handle in one.vetoes and verdict not in {Verdict.VETO, Verdict.REJECT}:
            return False
        if verdict is Verdict.RETRACT:
            return any(vote[1] == handle for vote in one.votes)
        if verdict is Verdict.REJECT:
            return command.seat in self.places[one.environment].policy["rejecters"]
        return verdict is not Verdict.APPROVE or not self.stale(one)

    def _asks(self, command, at) -> bool:
        owner = self.people.get(command.condition.owner)
        in_time = at < command.condition.due <= at + 366 * DAY
        approves = command.verdict is Verdict.APPROVE
        return bool(approves and owner and owner.active and in_time)

    def _heard_vote(self, handle, command, event: Event) -> None:
        one = self.changes[command.change]
        said = (event.at, handle, command.review_digest, command.verdict, command.seat)
        one.votes.append(said)
        one.vetoes.discard(handle)
        if command.verdict is Verdict.VETO:
            one.vetoes.add(handle)
        if command.verdict is Verdict.REJECT:
            one.outcome = "rejected"
        one.conditions.pop(handle, None)
        if command.condition is not None:
            one.conditions[handle] = command.condition.owner

    def _may_meetcondition(self, handle, via, command, at) -> bool | None:
        one = self.changes.get(command.change)
        if one is None or via != "session":
            return False
        if command.voter in self.doubtful(one):
            return None
        over = one.outcome != "activated" and not self.is_open(one.id, at)
        owner = one.conditions.get(command.voter)  # `None` once it is met
        counts = command.voter in self.said(one)
        answer = {owner, command.voter} if owner else set()
        return not over and counts and handle in answer

    def _heard_meetcondition(self, handle, command, event: Event) -> None:
        del self.changes[command.change].conditions[command.voter]

    def _may_clearveto(self, handle, via, command, at) -> bool:
        one = self._named(command.change, at)
        if one is None or via != "session" or command.veto_by not in one.vetoes:
            return False
        if command.veto_by == handle:
            return True
        seats = self.places[one.environment].policy["veto_clearers"]
        about = self._about(one)
        return handle not in one.contributors and any(
            self.holds(handle, seat, one.environment, about)
            and self.cool(handle, seat, one.environment, at)
            for seat in seats
        )

    def _heard_clearveto(self, handle, command, event: Event) -> None:
        one = self.changes[command.change]
        one.vetoes.discard(command.veto_by)
        one.cleared = event.at

    def _may_withdraw(self, handle, via, command, at) -> bool:
        one = self._named(command.change, at)
        if one is None:
            return False
        revised = handle in {draft.by for draft in one.drafts}
        theirs = self.holds(handle, "author", one.environment, self._about(one))
        return handle == one.drafts[0].by or (revised and theirs)

    def _heard_withdraw(self, handle, command, event: Event) -> None:
        self.changes[command.change].outcome = "withdrawn"

    # Checks.

    def _may_attachcheck(self, handle, via, command, at) -> bool:
        one = self._named(command.change, at)
        content = self.contents.get(command.result.content)
        return (
            one is not None
            and any(
                self.holds(handle, role, one.environment, self._about(one))
                for role in ("evaluator", "author")
            )
            and content in [draft.content for draft in one.drafts]
            and len(one.attached) < 50
            and [said[1] for said in one.attached].count(handle) < 25
        )

    def _heard_attachcheck(self, handle, command, event: Event) -> None:
        result, one = command.result, self.changes[command.change]
        content = self.contents[result.content]
        vouches = self._vouches(handle, one, result)
        one.attached.append((event.at, handle, content, result.passed, vouches))

    def _may_waivecheck(self, handle, via, command, at) -> bool:
        one = self._named(command.change, at)
        if one is None or via != "session" or self.stale(one):
            return False
        check, because = self.required(one).get(command.check, (None, ()))
        return (
            check is not None
            and command.review_digest == one.draft.digest
            and self.may_waive(one, check, because, handle, command.seat, at)
            and not self.passed(one, check, because, at)
            and at < command.expires <= at + 30 * DAY
        )

    def _heard_waivecheck(self, handle, command, event: Event) -> None:
        waiver = {
            "digest": command.review_digest,
            "expires": command.expires,
            "by": handle,
            "seat": command.seat,
        }
        self.changes[command.change].waivers.append(waiver)

    def _may_certify(self, handle, via, command, at) -> bool | None:
        text = self.places[command.environment].live.get(command.document)
        answering = {"product"} | ({"editor"} if command.document in SUPPORT else set())
        return (
            text is not None
            and via == "session"
            and handle in answering
            and command.digest == text.digest
            and text.digest not in self.recalled
            and at < command.until <= at + 366 * DAY
        )

    def _heard_certify(self, handle, command, event: Event) -> None:
        pass

    # Going live.

    def _may_activate(self, handle, via, command, at) -> bool:
        one = self._named(command.change, at)
        if one is None or command.review_digest != one.draft.digest:
            return False
        policy, about = self.places[one.environment].policy, self._about(one)
        if via == TIMER:
            late = timedelta(minutes=policy["late_minutes"])
            if one.draft.earliest is None or at >= one.draft.earliest + late:
                return False
        elif not self.holds(handle, "operator", one.environment, about):
            own = policy["authors_activate"] and handle == one.drafts[0].by
            if not own or not self.holds(handle, "author", one.environment, about):
                return False
        tiers = set(self.subjects(one).values())
        if tiers & set(policy["separate_tiers"]) and handle in one.contributors:
            return False
        return self.ready(one, at)

    def _heard_activate(self, handle, command, event: Event) -> None:
        one = self.changes[command.change]
        one.outcome = "activated"
        place = self.places[one.environment]
        if one.type == "policy":
            place.policy, place.policy_since = one.draft.proposed, event.number
        elif one.type == "resume":
            place.stopped = None
            place.moved["", "stop"] = event.number
            place.moments.append((event.at, event.number, dict(place.live)))
        else:
            self.put(place, one.draft.edits, event, asked=True)

    def _may_activateinemergency(self, handle, via, command, at) -> bool:
        one = self._named(command.change, at)
        rule = one and self.places[one.environment].policy["emergency"]
        if not rule or via != "session" or one.type in {"policy", "resume"}:
            return False
        place, seat, edits = self.places[one.environment], command.seat, one.draft.edits
        early = one.draft.earliest is not None and at < one.draft.earliest
        return (
            seat in rule["seats"]
            and self.holds(handle, seat, one.environment, edits)
            and self.cool(handle, seat, one.environment, at)
            and all(fits(rule.get("names"), ref) for ref in edits)
            and not any(
                r.environment == one.environment or r.by == handle
                for r in self.overdue(at)
            )
            and command.review_digest == one.draft.digest
            and not early
            and not self.stale(one)
            and not self.blocked(one)
            and not self.harmful(place, edits)
            and not any(self.refused(place, c) for c in self.coming(place, edits))
            and not self.taken(edits)
        )

    def _heard_activateinemergency(self, handle, command, event: Event) -> None:
        one = self.changes[command.change]
        place, draft = self.places[one.environment], one.draft
        asked = self._afterwards(place.policy, draft.effect)
        due = event.at + place.policy["emergency"]["ratify_hours"] * HOUR
        self._heard_activate(handle, command, event)
        about = {what for _, _, because in asked for what in because}
        rest = draft.effect.keys() - about
        if rest:
            asked.append((command.seat, 1, frozenset(rest)))
        self._opened(event, asked, one.contributors | {handle}, due)

    def _afterwards(self, policy, subjects) -> list:
        """Whom the policy would have asked; what nobody covers falls to its own."""
        asked, bare = matched(policy, subjects)
        asked = [one for one in asked if one[0]]
        if bare:
            own, _ = matched(policy, {"policy/production": "high"})
            governing = [(seat, n, frozenset(bare)) for seat, n, _ in own if seat]
            asked += governing or [(None, 1, frozenset(bare))]
        return asked

    def _opened(self, event, asked, excluded, due) -> None:
        place = self.places[event.payload.environment]
        one = Afterwards(
            id=event.number,
            activated=self.digest,
            environment=event.payload.environment,
            seq=place.seq,
            by=event.actor.handle,
            asked=asked,
            excluded=excluded,
            due=due,
        )
        self.ratifications[event.number] = one

    def _may_judge(self, handle, via, command, at) -> bool:
        one = self.ratifications.get(command.ratification)
        if one is None or one.outcome or via != "session":
            return False
        speaks = any(
            seat == command.seat
            and self.speaks(handle, seat, one.environment, what, at)
            for seat, _, because in one.asked
            for what in because
            if seat
        )
        retracts = command.judgement is Judgement.RETRACT
        return (
            speaks
            and handle not in one.excluded
            and command.activated == one.activated
            and not (retracts and handle not in one.votes)
        )

    def _heard_judge(self, handle, command, event: Event) -> None:
        one = self.ratifications[command.ratification]
        one.votes[handle] = (command.judgement, command.seat)
        one.outcome = self._judged(one, event.at)
        one.closed = event.at
        assert event.payload.outcome == one.outcome

    def _judged(self, one: Afterwards, at) -> Ratified | None:
        def saying(judgement, seat, what) -> set:
            return {
                who
                for who, said in one.votes.items()
                if said == (judgement, seat)
                and any(self.speaks(who, seat, one.environment, w, at) for w in what)
            }

        def enough(judgement, seat, count, because) -> bool:
            return seat is not None and all(
                len(saying(judgement, seat, [what])) >= count for what in because
            )

        if any(enough(Judgement.REPUDIATE, *asked) for asked in one.asked):
            return Ratified.REPUDIATED
        met = all(enough(Judgement.RATIFY, *asked) for asked in one.asked)
        return Ratified.RATIFIED if met else None

    # Going back, stopping, recalling.

    def _target(self, command) -> int:
        """The seq that it goes back to."""
        return command.to_seq if command.undo is None else command.undo - 1

    def _back(self, command) -> dict:
        place = self.places[command.environment]
        _, _, then = place.moments[self._target(command)]
        names = {*place.live, *then} if command.scope is None else {command.scope}
        if command.scope == BOT:
            names = set(SUPPORT)
        if command.undo is not None:
            _, _, after = place.moments[command.undo]
            names = {n for n in {*after, *then} if after.get(n) != then.get(n)}
        return {
            ref: then.get(ref)
            for ref in sorted(names)
            if then.get(ref) != place.live.get(ref)
        }

    def _may_rollback(self, handle, via, command, at) -> bool | None:
        place, seq = self.places[command.environment], self._target(command)
        if not 1 <= seq <= place.seq - (command.undo is not None):
            return False
        edits = self._back(command)
        if not edits or self.harmful(place, edits):
            return False
        if command.propose:
            return self._moves(handle, command.environment, list(edits))
        answers = command.scope == BOT and via == "session" and handle in ANSWERING
        if not answers and not self.holds(
            handle, "operator", command.environment, list(edits)
        ):
            return False
        if any(self.unagreed(place, one) for one in self.coming(place, edits)):
            return False
        return not self._too_old(place, seq, edits, at)

    def undone(self, place, seq, edits, at) -> set:
        """What goes back to how it was before it was repudiated, and only that."""
        judged = [
            one
            for one in self.ratifications.values()
            if self.places[one.environment] is place and one.seq == seq + 1
        ]
        if not judged or judged[0].outcome is not Ratified.REPUDIATED:
            return set()
        if at > judged[0].closed + place.policy["rollback_days"] * DAY:
            return set()
        _, number, brought = place.moments[seq + 1]
        then, after = place.moments[seq][2], self.after(place, edits)
        return {
            ref
            for ref in dependents(edits, place.live)
            if reading(ref, then) != reading(ref, brought)
            and place.moved[ref, "bytes"] <= number
            and place.moved[ref, "reading"] <= number
            and reading(ref, then) == reading(ref, after)
        }

    def _too_old(self, place, seq, edits, at) -> bool:
        horizon = at - place.policy["rollback_days"] * DAY
        after, undone = self.after(place, edits), self.undone(place, seq, edits, at)
        for ref in dependents(edits, place.live):
            if ref in undone:
                continue
            now = reading(ref, after)
            if now is None:
                ended = place.moments[seq + 1][0]
            elif (ref, now) not in place.read:
                return True
            else:
                ended = place.read[ref, now]
            if ended is not None and ended < horizon:
                return True
        return False

    def _heard_rollback(self, handle, command, event: Event) -> None:
        if not isinstance(event.payload, Activated):
            self._heard_submit(handle, command, event)
            return
        place, edits = self.places[command.environment], self._back(command)
        after = self.after(place, edits)
        effect = {
            ref: tier_of(ref, place.live, after)
            for ref in dependents(edits, place.live)
        }
        excluded = {handle}
        for ref, text in edits.items():
            base = place.live.get(ref)
            if text is not None:
                stop = base.digest if base else None
                excluded |= self.lineage(ref, text.digest, {stop})
        asked = self._afterwards(place.policy, effect)
        moves = {ref for ref, _ in self.coming(place, edits)}
        undone = self.undone(place, self._target(command), edits, event.at)
        opens = bool(asked) and "high" in effect.values() and not moves <= undone
        assert (event.payload.ratification is not None) is opens
        self.put(place, edits, event, asked=opens)
        if opens:
            due = event.at + 72 * HOUR
            self._opened(event, asked, excluded, due)

    def _may_stop(self, handle, via, command, at) -> bool:
        place = self.places[command.environment]
        in_person = via == "session"
        return place.stopped is None and (
            self.holds(handle, "operator", command.environment, [BOT])
            or (in_person and handle in ANSWERING)
            or (in_person and self.any_seat(handle, command.environment, [BOT]))
        )

    def _heard_stop(self, handle, command, event: Event) -> None:
        place = self.places[command.environment]
        place.stopped = event.number
        place.moved["", "stop"] = event.number
        place.moments.append((event.at, event.number, dict(place.live)))

    def _may_recall(self, handle, via, command, at) -> bool:
        seat = via == "session" and self.any_seat(handle, None, ())
        return (
            command.digest in self.known
            and command.digest not in self.recalled
            and (self.holds(handle, "operator") or seat)
        )

    def _heard_recall(self, handle, command, event: Event) -> None:
        self.recalled.add(command.digest)

    # People.

    def _appoints(self, handle, via, whom) -> bool:
        return via == "session" and self.holds(handle, "admin") and whom != handle

    def _may_setperson(self, handle, via, command, at) -> bool:
        whom = command.person.handle
        return (
            self._appoints(handle, via, whom)
            and self.people.get(whom) != command.person
            and not self._refuses(command.person)
        )

    def _may_confirmperson(self, handle, via, command, at) -> bool:
        asked = self.asked_for.get(command.handle)
        return (
            via == "session"
            and self.holds(handle, "admin")
            and asked is not None
            and (handle != command.handle or self._agrees_to_go(asked[2]))
            and asked[0] == command.proposed
            and asked[1] != handle
            and at < asked[3] + 7 * DAY
            and self.holds(asked[1], "admin")
        )

    def _may_refuseperson(self, handle, via, command, at) -> bool:
        asked = self.asked_for.get(command.handle)
        return (
            via == "session"
            and self.holds(handle, "admin")
            and asked is not None
            and asked[0] == command.proposed
        )

    def _heard_setperson(self, handle, command, event: Event) -> None:
        person = command.person
        given = self._takes_another(person)
        assert isinstance(event.payload, PersonProposed) is given
        if given:
            self.asked_for[person.handle] = (event.number, handle, person, event.at)
        else:
            self._set(person, event.at)

    def _heard_confirmperson(self, handle, command, event: Event) -> None:
        self._set(self.asked_for[command.handle][2], event.at)

    def _heard_refuseperson(self, handle, command, event: Event) -> None:
        del self.asked_for[command.handle]

    def _refuses(self, person) -> bool:
        """Whether nobody may be that: an administrator with a seat."""
        return person.active and Role.ADMIN in person.roles and bool(person.seats)

    def _takes_another(self, person) -> bool:
        """Whether a second administrator has to confirm it."""
        known = self.people.get(person.handle)
        again = known is not None and person.active and not known.active
        gained = bool(powers(person) & self.gained(person))
        return again or gained or self._leaves_one(person)

    def _leaves_one(self, person) -> bool:
        """Whether of several administrators one would be left."""
        there = {handle for handle in self.people if self.holds(handle, "admin")}
        stays = person.active and Role.ADMIN in person.roles
        return len(there) > 1 == len(there - {person.handle}) and not stays

    def _agrees_to_go(self, person) -> bool:
        """Whether the person may confirm it: nobody else could."""
        return self._leaves_one(person) and not powers(person) & self.gained(person)

    def gained(self, person) -> set:
        """The roles and seats that *person* holds as they did not before."""
        before = self.people.get(person.handle)
        if not person.active:
            return set()
        had = {} if before is None or not before.active else _holds(before)
        return {
            held for held, limit in _holds(person).items() if had.get(held) != limit
        }

    def _set(self, person, at) -> None:
        for held in self.gained(person):
            self.held_since[person.handle, str(held)] = at
        self.people[person.handle] = person
        self.asked_for.pop(person.handle, None)


def _holds(person) -> dict:
    """Each role and seat, and how far it goes."""
    limits = {limit.held: limit for limit in person.limits}
    return {held: ("held", limits.get(held)) for held in (*person.roles, *person.seats)}


def _users(ref: str) -> list:
    return [user for user, used in USES.items() if ref in used]


__all__ = ["Oracle", "policy_of"]
