"""What has to hold after every step, whoever does what in which order.

Each function is one invariant, begins with its number, and looks at the world alone:
at what is stored, at what was written, and at what the model knows.
"""

from collections import Counter
from dataclasses import replace
from datetime import timedelta

from registry import events
from registry.changes import Base, ChangeType, Status, Verdict, Vote
from registry.decisions import Decision
from registry.errors import LedgerBroken
from registry.events import file_edits
from registry.fold import apply
from registry.names import Digest, digest_of
from registry.payloads import (
    MOVES,
    Activated,
    PersonSet,
    PolicyActivated,
    Recalled,
    Resumed,
    Stopped,
)
from registry.policies import Matched
from registry.review_digest import review_digest
from registry.review_payloads import Revised, Submitted, Voted
from registry.staleness import stale_because
from registry.standing import is_agreed, requirements, status
from registry.timing import frozen_by
from registry.votes import counting_votes
from tests.rules.workflow_model import reading
from tests.rules.workflow_world import World

OTHER = Digest("sha256:" + "7" * 64)
AGREED = {Status.APPROVED, Status.SCHEDULED}
LIVE = (Activated, PolicyActivated, Resumed)


def went_live(world: World):
    """The payload of what went live in the last step, and its event."""
    event = world.step.event
    return event if event is not None and isinstance(event.payload, LIVE) else None


def by_agreement(world: World):
    """What the model knew of the change that has just gone live because of votes."""
    event = went_live(world)
    if event is None or event.payload.change is None or world.step.model is None:
        return None
    if getattr(event.payload, "ratification", None) is not None:
        return None
    return event, world.step.model, world.step.model.changes[event.payload.change]


def open_changes(world: World, last: int = 3):
    state = world.registry.state
    numbers = sorted(n for n in state.open_changes if n in world.model.changes)[-last:]
    return [(state.changes[n], world.model.changes[n]) for n in numbers]


def told(world: World, change):
    return _once(world, requirements, change)


def stands(world: World, change) -> Status:
    return _once(world, status, change)


def _once(world: World, ask, change):
    """What several invariants ask after one step is worked out once."""
    if world.asked.get("of") is not world.step:
        world.asked = {"of": world.step}
    key = ask, change.id
    if key not in world.asked:
        world.asked[key] = ask(world.registry.state, change, _now(world))
    return world.asked[key]


def _now(world: World):
    return world.model.moment(world.registry.now)


# Authority.


def i01_nothing_goes_live_unagreed_but_what_is_ratified_afterwards(world: World):
    event = went_live(world)
    if event is None:
        return
    new = set(world.step.after.ratifications) - set(world.step.before.ratifications)
    opened = getattr(event.payload, "ratification", None)
    assert new == ({event.number} if opened else set())
    if opened:
        assert event.number in world.step.after.open_ratifications
        assert opened.requirements
        assert event.actor.handle in opened.excluded
    found = by_agreement(world)
    if found is not None:
        event, model, one = found
        assert model.agreed(one, event.at)
        assert model.checked(one, event.at)


def i02_no_contributor_counts(world: World):
    if world.step.event is None:
        return
    for change, one in open_changes(world):
        assert one.contributors <= set(change.contributors)
        for standing in told(world, change):
            assert not {*standing.by, *standing.could} & one.contributors
    event = world.step.event
    if event is not None and isinstance(event.payload, Voted):
        one = world.model.changes[event.payload.change]
        retracts = event.payload.verdict is Verdict.RETRACT
        assert retracts or event.actor.handle not in one.contributors


def i03_a_quorum_is_of_distinct_active_people_who_signed_in(world: World):
    if world.step.event is None:
        return
    event = world.step.event
    if event is not None and isinstance(event.payload, Voted):
        assert event.actor.via == "session"
        assert event.payload.seat in world.step.before.people[event.actor.handle].seats
    for change, one in open_changes(world):
        filled: Counter = Counter()
        for standing in told(world, change):
            assert len(standing.by) == len(set(standing.by))
            for handle in standing.by:
                person = world.model.people[handle]
                said = world.model.said(one)[handle]
                assert person.active
                assert said[3] is Verdict.APPROVE
                assert said[4] in person.seats
                assert standing.seat in {None, said[4]}
            filled.update({(h, standing.seat) for h in standing.by})
        people = [handle for handle, seat in filled if seat]
        assert len(people) == len(set(people)), "one person fills one seat"


def i04_taking_something_away_agrees_to_nothing(world: World):
    if world.step.event is None:
        return
    state, now = world.registry.state, _now(world)
    for change, _ in open_changes(world, 1):
        if is_agreed(change, told(world, change)):
            continue
        for handle in {v.by for v in change.votes} | {"product", "board"}:
            person = state.people[handle]
            poorer = replace(person, active=False)
            if state.head.number % 2:
                poorer = replace(person, seats=(), limits=())
            people = state.people.insert(handle, poorer)
            without = replace(state, people=people)
            assert not is_agreed(change, requirements(without, change, now))


def i05_asking_for_more_agrees_to_nothing(world: World):
    if world.step.event is None:
        return
    state, now = world.registry.state, _now(world)
    for change, _ in open_changes(world, 1):
        asked = change.revision.requirements
        agreed = is_agreed(change, told(world, change))
        extra = Matched(
            name="extra", seat="absent", count=1, because=("x",), covered=True
        )
        more = tuple(replace(m, count=m.count + 1) if m.seat else m for m in asked)
        veto = Vote(
            by="somebody",
            at=now,
            revision=1,
            review_digest=OTHER,
            verdict=Verdict.VETO,
            seat="board",
            reason="No.",
            condition=None,
        )
        for stricter, final in (
            (_asking(change, (*asked, extra)), True),
            (_asking(change, more), False),
            (replace(change, vetoes=(*change.vetoes, veto)), True),
        ):
            found = is_agreed(stricter, requirements(state, stricter, now))
            assert not found or (agreed and not final)


def _asking(change, asked):
    revision = replace(change.revision, requirements=asked)
    return replace(change, revisions=(*change.revisions[:-1], revision))


def i06_where_nobody_is_eligible_nothing_is_agreed(world: World):
    now = _now(world)
    for change, one in open_changes(world):
        if stands(world, change) not in AGREED:
            continue
        for standing in told(world, change):
            assert standing.because
            for what in standing.because if standing.seat else ():
                eligible = [
                    handle
                    for handle in world.model.people
                    if handle not in one.contributors
                    and world.model.speaks(
                        handle, standing.seat, one.environment, what, now
                    )
                ]
                assert len(eligible) >= max(standing.count, 1)


def i07_a_policy_satisfies_the_old_and_the_new(world: World):
    found = by_agreement(world)
    if found is not None and isinstance(found[0].payload, PolicyActivated):
        event, model, one = found
        for policy in (model.places[one.environment].policy, one.draft.proposed):
            assert model.met_since(one, policy, event.at) is not None
        assert event.payload.digest == one.draft.proposed["digest"]


# Binding.


def i08_what_differs_is_what_was_approved(world: World):
    event = went_live(world)
    if event is None or not isinstance(event.payload, Activated):
        return
    name = event.payload.environment
    before, after = (
        {
            ref: live.document.digest
            for ref, live in state.environment(name).live.items()
        }
        for state in (world.step.before, world.step.after)
    )
    differs = {
        ref: after.get(ref)
        for ref in before.keys() | after.keys()
        if before.get(ref) != after.get(ref)
    }
    root = f"live/{name}/"
    written = {
        edit.path.removeprefix(root).removesuffix(".yaml"): edit.digest
        for edit in event.edits
        if edit.path.startswith(root)
    }
    assert differs == written
    if event.payload.change is not None:
        edits = world.model.changes[event.payload.change].draft.edits
        assert differs == {ref: text and text.digest for ref, text in edits.items()}


def i09_whatever_is_flipped_no_vote_counts(world: World):
    event = world.step.event
    if event is None or not isinstance(event.payload, (Submitted, Revised, Voted)):
        return
    change = world.registry.state.changes[event.payload.change]
    revision, state = change.revision, world.registry.state
    if isinstance(event.payload, Voted):
        other = replace(revision, review_digest=OTHER)
        moved = replace(change, revisions=(*change.revisions[:-1], other))
        assert counting_votes(moved) == ()
        return

    def digest(revision, repository=state.repository, place=change.environment, n=0):
        return review_digest(repository, place, change.id + n, revision)

    assert digest(revision) == revision.review_digest
    flipped = [digest(one) for one in _flipped(revision)]
    flipped += [
        digest(revision, "x"),
        digest(revision, place="x"),
        digest(revision, n=1),
    ]
    assert len({revision.review_digest, *flipped}) == len(flipped) + 1


def _flipped(revision):
    second = timedelta(seconds=1)
    yield replace(revision, number=revision.number + 1)
    yield replace(revision, expires=revision.expires + second)
    yield replace(revision, earliest=revision.at + second * 99)
    policy = revision.policy
    yield replace(revision, policy=replace(policy, digest=OTHER))
    yield replace(revision, policy=replace(policy, since=policy.since + 1))
    if revision.proposed_policy:
        other = replace(revision.proposed_policy, digest=OTHER)
        yield replace(revision, proposed_policy=other)
    if revision.resumption:
        for one in ({"stopped": 99}, {"bundle": OTHER}, {"bot": "x"}):
            yield replace(revision, resumption=replace(revision.resumption, **one))
    yield from _flipped_parts(revision)


def _flipped_parts(revision):
    for n, edit in enumerate(revision.edits):
        for other in _edits(edit):
            yield replace(revision, edits=_put(revision.edits, n, other))
    for n, one in enumerate(revision.effect):
        for other in _effects(one, strict=revision.strict):
            yield replace(revision, effect=_put(revision.effect, n, other))
    for n, read in enumerate(revision.reads if revision.strict else ()):
        other = replace(read, base=Base(digest=OTHER, since=1))
        yield replace(revision, reads=_put(revision.reads, n, other))


def _edits(edit):
    others = [
        replace(edit, digest=OTHER),
        replace(edit, base=Base(digest=OTHER, since=1)),
        replace(edit, document=edit.document + "x"),
    ]
    if edit.base is not None:
        others.append(replace(edit, base=replace(edit.base, since=99)))
    return others


def _effects(one, *, strict):
    yield replace(one, tier="medium")
    yield replace(one, owners=("x",))
    if strict:
        yield replace(one, before=Base(digest=OTHER, since=1))
        yield replace(one, after=OTHER)


def _put(values, n, other):
    return (*values[:n], other, *values[n + 1 :])


def i10_votes_never_transfer(world: World):
    state = world.registry.state
    revisions = [r for change in state.changes.values() for r in change.revisions]
    assert len({r.review_digest for r in revisions}) == len(revisions)
    for change, one in open_changes(world):
        for vote in counting_votes(change):
            assert vote.review_digest == change.revision.review_digest
            assert vote.revision == change.revision.number
            assert any(
                said[1:] == (vote.by, one.draft.digest, vote.verdict, vote.seat)
                for said in one.votes
            )


def i11_what_is_stale_stays_stale(world: World):
    state = world.registry.state
    for number in state.open_changes:
        change, one = state.changes[number], world.model.changes[number]
        is_stale = stale_because(state, change) is not None
        assert is_stale == world.model.stale(one)
        assert is_stale or change.revision.review_digest not in world.stale
        if is_stale:
            world.stale.add(change.revision.review_digest)
    event = went_live(world)
    if event is not None and event.payload.change is not None:
        change = state.changes[event.payload.change]
        assert change.revision.review_digest not in world.stale


def i12_of_two_that_overlap_one_goes_live(world: World):
    event = went_live(world)
    if event is None or event.payload.change is None or world.step.model is None:
        return
    one = world.step.model.changes[event.payload.change]
    place = world.step.model.places[one.environment]
    for ref in one.draft.edits:
        assert place.moved[ref, "bytes"] < one.draft.made


# Time.


def i13_nothing_goes_live_out_of_time(world: World):
    event = went_live(world)
    if event is None or event.payload.change is None:
        return
    revision = world.step.before.changes[event.payload.change].revision
    assert event.at < revision.expires
    assert revision.earliest is None or event.at >= revision.earliest
    found = by_agreement(world)
    if found is not None:
        event, model, one = found
        assert not model.frozen(one, event.at)
        assert model.agreed(one, event.at), "also without what has lapsed"
        assert model.cooled_down(one, event.at)


def i14_deny_beats_allow(world: World):
    for change, one in open_changes(world):
        now = _now(world)
        assert bool(frozen_by(world.registry.state, change, now)) == (
            world.model.frozen(one, now)
        )
        if one.type in {ChangeType.POLICY, ChangeType.ROLLBACK}:
            continue
        policy = world.model.places[one.environment].policy
        for window in policy["freezes"]:
            alone = policy | {"freezes": [window]}
            model = world.model
            model.places[one.environment].policy = alone
            denied = model.frozen(one, now)
            model.places[one.environment].policy = policy
            assert not denied or frozen_by(world.registry.state, change, now)


def i15_no_clock_makes_anything_happen_twice_or_early(world: World):
    event = world.step.event
    if event is None:
        return
    assert event.at == max(
        world.step.now, world.step.before.head.at + timedelta(microseconds=1)
    )
    change = getattr(event.payload, "change", None)
    if isinstance(event.payload, LIVE) and change is not None:
        assert world.step.before.changes[change].outcome is None
        assert world.step.after.changes[change].outcome == "activated"
        assert change not in world.step.after.open_changes


# The ledger.


def i16_the_ledger_is_linear_and_its_tree_is_what_is_live(world: World):
    event, before, after = world.step.event, world.step.before, world.step.after
    if event is None:
        assert after is before, "a refusal changes nothing"
        return
    assert event.number == before.head.number + 1 == len(world.bodies)
    assert event.previous == before.head.digest
    assert after.head.digest == digest_of(world.bodies[-1])
    assert isinstance(world.step.first, Decision)
    assert event.edits == file_edits(world.step.first.files)
    for name, environment in after.environments.items():
        moves = isinstance(event.payload, MOVES) and event.payload.environment == name
        assert environment.seq == before.environments[name].seq + moves
        root = f"live/{name}/"
        assert {p: d for p, d in world.tree.items() if p.startswith(root)} == {
            f"{root}{ref}.yaml": live.document.digest
            for ref, live in environment.live.items()
        }
        assert world.tree[f"policy/{name}.yaml"] == environment.policy_digest


def i18_folding_again_gives_the_same_from_any_cursor(world: World):
    if world.over:
        assert world.folded() == world.registry.state
    if world.step.event is None:
        return
    if world.cursor is not None and len(world.bodies) % 7 == 0:
        assert world.folded(world.cursor) == world.registry.state
    if len(world.bodies) % 10 == 0:
        world.cursor = world.registry.state


def i19_the_same_commands_give_the_same_bytes(world: World):
    if world.over:
        assert world.again() == world.bodies
    if world.step.event is not None:
        body = world.bodies[-1]
        assert events.dump(events.parse(body)) == body


def i20_a_version_is_written_once(world: World):
    event, before = world.step.event, world.step.before
    if event is None:
        return
    for edit in event.edits:
        if edit.path.startswith("versions/"):
            assert edit.digest is not None
            ref, _, version = edit.path[9:].removesuffix(".yaml").rpartition("/")
            assert (ref, version) not in before.claims
    if isinstance(event.payload, Activated):
        for one in event.payload.documents:
            known = before.claims.get((one.document, one.version), one.digest)
            assert known == one.digest
            assert world.tree[f"versions/{one.document}/{one.version}.yaml"] == known


def i21_what_does_not_follow_is_never_folded_in(world: World):
    event, after = world.step.event, world.step.after
    if event is None:
        return
    for wrong in (
        event,  # once more
        replace(event, number=after.head.number + 1),  # of another history
        replace(event, number=after.head.number + 2, previous=after.head.digest),
        replace(
            event,
            number=after.head.number + 1,
            previous=after.head.digest,
            at=event.at - timedelta(seconds=1),
        ),
    ):
        try:
            apply(after, wrong, OTHER)
        except LedgerBroken:
            continue
        raise AssertionError(f"event {wrong.number} was folded in")


# Delivery, as far as it is a rule.


def i25_as_of_a_moment_is_what_was_live_then(world: World):
    if world.step.event is None:
        return
    for name, place in world.model.places.items():
        environment = world.registry.state.environment(name)
        assert environment.seq == place.seq
        for seq in range(max(1, place.seq - 3), place.seq + 1):
            at, number, live = place.moments[seq]
            moment = environment.moments[seq]
            assert environment.seq_at(at) == seq
            assert environment.seq_at(at - timedelta(microseconds=1)) == seq - 1
            assert (moment.at, moment.number) == (at, number)
            assert {r: one.document.digest for r, one in moment.live.items()} == {
                ref: text.digest for ref, text in live.items()
            }


def i28_a_rollback_is_what_was_at_a_higher_seq(world: World):
    event = world.step.event
    if event is None or getattr(event.payload, "restored", None) is None:
        return
    environment = world.step.after.environment(event.payload.environment)
    then = environment.moments[event.payload.restored].live
    assert environment.seq > event.payload.restored
    for edit in event.edits:
        if edit.path.startswith("live/"):
            ref = edit.path.split("/", 2)[2].removesuffix(".yaml")
            assert edit.digest == (then[ref].document.digest if ref in then else None)
    if (world.step.command.scope, world.step.command.undo) == (None, None):
        now = {ref: one.document.digest for ref, one in environment.live.items()}
        assert now == {ref: one.document.digest for ref, one in then.items()}
    horizon = event.at - timedelta(days=environment.policy.rollback_days)
    was = world.step.before.environment(event.payload.environment)
    undone = _undone(world, event)
    for one in event.payload.documents:
        ended = was.was_live[one.document, one.composed]
        assert ended is None or ended >= horizon or one.document in undone


def _undone(world: World, event) -> set:
    """What was live at a seq that people have repudiated, just before it."""
    state, place = world.step.before, event.payload.environment
    moments = state.environment(place).moments
    judged = state.ratifications.get(moments[event.payload.restored + 1].number)
    if judged is None or judged.outcome != "repudiated":
        return set()
    return set(moments[event.payload.restored].live)


def i29_nothing_recalled_goes_live(world: World):
    event = world.step.event
    recalled = set(world.step.before.recalled)
    if event is None:
        return
    if isinstance(event.payload, Activated):
        for one in event.payload.documents:
            assert not {one.digest, one.composed} & recalled
    if isinstance(event.payload, Resumed):
        place = world.model.places[event.payload.environment]
        for ref in ("bots/acme/support", "prompts/acme/refunds", "fragments/acme/tone"):
            composed = world.model.composed[ref, reading(ref, place.live)]
            assert not {place.live[ref].digest, composed} & recalled
    if isinstance(event.payload, Recalled):
        assert world.step.after.environments == world.step.before.environments


def i30_nothing_that_is_used_is_ever_absent(world: World):
    before, after, event = world.step.before, world.step.after, world.step.event
    for name, environment in after.environments.items():
        for ref, live in environment.live.items():
            assert all(used in environment.live for used in live.document.uses), ref
        activated = event is not None and isinstance(event.payload, Activated)
        if not (activated and event.payload.environment == name):
            assert environment.live is before.environments[name].live
        if event is None or not isinstance(event.payload, (*MOVES, Stopped)):
            assert environment.bots is before.environments[name].bots


def i31_what_becomes_of_people_leaves_the_evidence(world: World):
    before, after, event = world.step.before, world.step.after, world.step.event
    if event is not None and isinstance(event.payload, PersonSet):
        assert after.changes is before.changes
        assert after.ratifications is before.ratifications
        assert after.origins is before.origins
        assert set(before.people) <= set(after.people)
    for number, was in before.changes.items():
        now = after.changes[number]
        if now is not was:
            assert now.revisions[: len(was.revisions)] == was.revisions
            assert now.votes[: len(was.votes)] == was.votes
            assert now.comments[: len(was.comments)] == was.comments
            assert now.attached[: len(was.attached)] == was.attached
            assert set(was.contributors) <= set(now.contributors)


def i32_deciding_is_pure(world: World):
    first, event, refused = world.step.first, world.step.event, world.step.refused
    if refused is not None:
        assert (type(first), str(first)) == (type(refused), str(refused))
        assert refused.hint.strip(), "a refusal says what to do next"
    else:
        assert first.payload == event.payload
        assert event.message.startswith(first.subject)


def the_model_agrees(world: World):
    """Both say of the same command the same, and so they do of each change."""
    step = world.step
    if step.expected is not None:
        done = step.event is not None
        told = f"{type(step.command).__name__} by {step.handle}: {step.refused!r}"
        assert step.expected == done, told
    for change, one in open_changes(world):
        now = _now(world)
        found = stands(world, change)
        doubtful = set(change.contributors) - one.contributors
        if found in {*AGREED, Status.WAITING} and not doubtful:
            assert (found in AGREED) == world.model.agreed(one, now), change.id
        vetoers = {vote.by for vote in change.vetoes}
        assert vetoers == one.vetoes


_NUMBERED = [
    found
    for name, found in sorted(globals().items())
    if name[:1] == "i" and name[1:3].isdigit()
]
INVARIANTS = (*_NUMBERED, the_model_agrees)
AT_THE_END = (
    i18_folding_again_gives_the_same_from_any_cursor,
    i19_the_same_commands_give_the_same_bytes,
)
"""They look at all that happened, once it is over."""
