"""The whole workflow against a small model: anybody tries anything, in any order.

After each step every invariant of `workflow_invariants` is asked, by its number, and
each has a test of its name here: all of them look at one and the same run.  That is
some walks of stories alone, the same each time, and then what the search comes upon.
Quick by default; `PLACET_DEEP=200` looks at so many longer ones of each, and the search
looks elsewhere each time (`make test-deep`).
"""

import os
import re
from datetime import timedelta
from functools import cache
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)

from registry import commands
from registry.changes import Verdict
from registry.conditions import Condition
from registry.names import Ref
from registry.people import SESSION, Role, person
from registry.policy_text import parse_policy
from registry.ratification import Judgement, Ratified
from tests.rules.assembly import rollback
from tests.rules.checking import content, result
from tests.rules.texts import (
    BOT,
    PROMPT,
    TONE,
    including,
    make_bot,
    make_fragment,
    make_prompt,
)
from tests.rules.workflow_invariants import AT_THE_END, INVARIANTS
from tests.rules.workflow_model import OTHER
from tests.rules.workflow_stories import (
    AUTHORS,
    HANDLES,
    LIMITS,
    REFS,
    SEATS,
    STORIES,
    TIERS,
    VOTERS,
    Stories,
)
from tests.rules.workflow_world import PEOPLE, SOURCES, furnished

DEEP = int(os.environ.get("PLACET_DEEP", "0"))
WALKS, STORIES_EACH = max(DEEP, 40), 12 if DEEP else 6
SETTINGS = settings(
    max_examples=DEEP or 6,
    stateful_step_count=60 if DEEP else 30,
    derandomize=not DEEP,
    report_multiple_bugs=False,
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=(Phase.generate, Phase.shrink) if DEEP else (Phase.generate,),
)

BROKE: list[str] = []
"""The invariants that did not hold after the last step of the last run."""
VERDICTS = [*[Verdict.APPROVE] * 8, *Verdict]
WAITS = [0.01, 0.5, 1, 6, 13, 25, 49, 80, 200, -3, -100]
mostly_here = st.sampled_from(["production"] * 4 + ["development"])
mostly_session = st.sampled_from([SESSION] * 9 + ["token:one"])
tiers = st.sampled_from(TIERS)
back = st.integers(0, 4)
documents = st.lists(st.sampled_from(REFS), min_size=1, max_size=2, unique=True)


some_are_open = precondition(lambda self: self.registry.state.open_changes)
somebody_waits = precondition(lambda self: self.registry.state.asked_for)
much_happened = precondition(lambda self: self.world.model.places["production"].seq > 1)


class Workflow(Stories, RuleBasedStateMachine):
    @initialize()
    def begin(self):
        self.world = furnished()
        self.world.invariants, self.world.broke = INVARIANTS, BROKE
        for ref, tier in ((OTHER, "low"), (PROMPT, "high")):
            proposal = self.proposal([ref], tier)
            self.do(
                "author", commands.Submit(environment="production", proposal=proposal)
            )

    # What is there to act on.

    @property
    def registry(self):
        return self.world.registry

    def do(self, handle, command, via=SESSION):
        return self.world.do(handle, command, via)

    def change(self, back: int) -> int:
        """One of the latest open ones; rarely one that is decided.

        A number of 100 or more is that of the change itself, and 100 more.
        """
        state = self.registry.state
        if back >= 100:
            return back - 100
        numbers = sorted(state.open_changes) or [len(state.changes)]
        if back == 4:
            return len(state.changes) - 1
        return numbers[-1 - min(back, len(numbers) - 1)]

    def digest(self, change: int):
        return self.registry.change(change).revision.review_digest

    def document(self, ref: str, tier: str, again: bool = False):
        """A new text; sometimes under a version that another text has, too."""
        world = self.world
        world.versions += not again
        version, text = f"{world.versions}.0.0", f"Words {world.versions} {again}."
        if ref == TONE:
            return make_fragment(version, text, tier=tier)
        if ref == BOT:
            return make_bot(version, purpose=text, tier=tier)
        name = ref.removeprefix("prompts/")
        text = including(text=text) if ref == PROMPT else text
        return make_prompt(version, text, name=name, tier=tier)

    def proposal(self, refs, tier, gone=False, again=False, later=None):
        deleted = [Ref(ref) for ref in refs[:1] if gone]
        texts = [self.document(r, tier, again) for r in refs if r not in deleted]
        at = None if later is None else self.registry.now + timedelta(hours=later)
        return self.world.proposal(texts, deleted, at)

    # Proposing.

    @rule(
        by=st.sampled_from([*AUTHORS, *AUTHORS, "operator"]),
        to=mostly_here,
        refs=documents,
        tier=tiers,
        gone=st.sampled_from([False] * 7 + [True]),
        again=st.sampled_from([False] * 5 + [True]),
        later=st.sampled_from([None] * 5 + [2, 30, -1, 9999]),
    )
    def submit(self, by, to, refs, tier, gone, again, later):
        proposal = self.proposal(refs, tier, gone, again, later)
        self.do(by, commands.Submit(environment=to, proposal=proposal))

    @some_are_open
    @rule(by=st.sampled_from(["product", "risk", *AUTHORS]), back=back)
    def submit_the_same_elsewhere(self, by, back):
        """Whoever proposes a text becomes an author of it, wherever they do it.

        Also if they have voted on it before.
        """
        change = self.registry.state.changes[self.change(back)]
        edits = change.revision.edits
        for seat in self.registry.state.people[by].seats[:1]:
            self.approve(by, change.id, seat)
        texts = [self.registry.documents[e.digest] for e in edits if e.digest]
        proposal = self.world.proposal(texts)
        for to in ("development", "production")[: 1 + bool(texts)]:
            self.do(by, commands.Submit(environment=to, proposal=proposal))

    @some_are_open
    @rule(by=st.sampled_from(AUTHORS), back=back, refs=documents, tier=tiers)
    def revise(self, by, back, refs, tier):
        proposal = self.proposal(refs, tier)
        self.do(by, commands.Revise(change=self.change(back), proposal=proposal))

    @precondition(
        lambda self: len(set(map(_live, self.world.model.places.values()))) > 2
    )
    @rule(
        by=st.sampled_from([*AUTHORS, "promoter", "operator", "board"]),
        ref=st.sampled_from([TONE, PROMPT, OTHER]),
        forth=st.booleans(),
    )
    def promote(self, by, ref, forth):
        way = ["development", "production"][:: 1 if forth else -1]
        promote = commands.Promote(
            title="Bring it on", source=way[0], target=way[1], documents=(Ref(ref),)
        )
        self.do(by, promote)

    @precondition(lambda self: self.world.versions % 3 == 0)
    @rule(by=st.sampled_from(AUTHORS), which=st.sampled_from(sorted(SOURCES)))
    def submit_policy(self, by, which):
        text = parse_policy(SOURCES[which])
        self.do(by, commands.SubmitPolicy(title="Ask others", text=text))

    # Talking about it.

    @some_are_open
    @rule(
        by=st.sampled_from([*VOTERS, *VOTERS, *AUTHORS]),
        back=back,
        verdict=st.sampled_from(VERDICTS),
        seat=st.sampled_from([None] * 6 + SEATS),
        via=mostly_session,
        condition=st.sampled_from([None] * 8 + [24, -1]),
        old=st.sampled_from([False] * 9 + [True]),
    )
    def vote(self, by, back, verdict, seat, via, condition, old):
        change = self.change(back)
        revisions = self.registry.change(change).revisions
        seats = self.registry.state.people[by].seats
        asked = condition and Condition(
            text="Mind the gap.",
            owner="editor",
            due=self.registry.now + timedelta(hours=condition),
        )
        command = commands.Vote(
            change=change,
            review_digest=revisions[0 if old else -1].review_digest,
            verdict=verdict,
            seat=seat or (seats[0] if seats else "product"),
            reason="Because.",
            condition=asked or None,
        )
        self.do(by, command, via)

    @rule(
        back=back,
        by=st.sampled_from(["editor", "editor", *VOTERS]),
        voter=st.sampled_from([None, None, *VOTERS]),
        via=mostly_session,
    )
    def meet_condition(self, back, by, voter, via):
        """Of whoever has asked for something, if somebody has."""
        change = self.change(back)
        asking = [v.by for v in self.registry.change(change).votes if v.condition]
        command = commands.MeetCondition(
            change=change, voter=voter or (asking or VOTERS)[0], note="It is done."
        )
        self.do(by, command, via)

    @some_are_open
    @rule(back=back)
    def agree(self, back):
        """Whoever can, approves."""
        change = self.change(back)
        for handle in VOTERS:
            for seat in self.registry.state.people[handle].seats[:1]:
                self.approve(handle, change, seat)

    def approve(self, by, change, seat):
        approve = commands.Vote(
            change=change,
            review_digest=self.digest(change),
            verdict=Verdict.APPROVE,
            seat=seat,
            reason="",
        )
        self.do(by, approve)

    @some_are_open
    @rule(back=back, by=st.sampled_from(HANDLES), veto_by=st.sampled_from(VOTERS))
    def clear_veto(self, back, by, veto_by):
        change = self.change(back)
        vetoes = self.registry.change(change).vetoes
        owner = vetoes[0].by if vetoes else veto_by
        command = commands.ClearVeto(change=change, veto_by=owner, reason="Solved.")
        self.do(by, command)

    @rule(back=back, by=st.sampled_from(HANDLES), via=mostly_session)
    def comment(self, back, by, via):
        self.do(by, commands.Comment(change=self.change(back), text="Hm."), via)

    @some_are_open
    @rule(back=back, by=st.sampled_from(AUTHORS))
    def withdraw(self, back, by):
        self.do(by, commands.Withdraw(change=self.change(back), reason="Not now."))

    @some_are_open
    @rule(
        back=back,
        by=st.sampled_from(["evaluator", "evaluator", "author", "product", "board"]),
        failed=st.sampled_from([0, 0, 0, 5]),
    )
    def attach_check(self, back, by, failed):
        change = self.change(back)
        told = result(content(self.registry, change), failed=failed)
        self.do(by, commands.AttachCheck(change=change, result=told))

    @some_are_open
    @rule(
        back=back,
        by=st.sampled_from(["risk", "risk", "product", "board"]),
        days=st.sampled_from([0.1, 3, 29, 31, -1]),
    )
    def waive(self, back, by, days):
        change = self.change(back)
        command = commands.WaiveCheck(
            change=change,
            review_digest=self.digest(change),
            check="answers",
            seat="risk",
            reason="It is only a comma.",
            expires=self.registry.now + timedelta(days=days),
        )
        self.do(by, command)

    @rule(
        ref=st.sampled_from(REFS),
        by=st.sampled_from(["product", "editor", "board"]),
        days=st.sampled_from([30, 400]),
    )
    def certify(self, ref, by, days):
        live = self.registry.live().get(ref)
        command = commands.Certify(
            environment="production",
            document=Ref(ref),
            digest=live or self.registry.live()[BOT],
            until=self.registry.now + timedelta(days=days),
            seat=None,
            reason="Read it again.",
        )
        self.do(by, command)

    # Going live.

    @some_are_open
    @rule(
        back=back,
        by=st.sampled_from(["operator"] * 4 + ["responder", "author", "board"]),
        old=st.sampled_from([False] * 7 + [True]),
        via=mostly_session,
    )
    def activate(self, back, by, old, via):
        change = self.change(back)
        revisions = self.registry.change(change).revisions
        digest = revisions[0 if old else -1].review_digest
        self.do(by, commands.Activate(change=change, review_digest=digest), via)

    @some_are_open
    @rule(back=back, hours=st.sampled_from([0, 0, 25, 80, 130, 200, 800]))
    def agree_and_activate(self, back, hours):
        """At once, or after a while."""
        change = self.change(back)
        self.agree(back)
        self.wait(hours)
        for by in ("operator", self.registry.change(change).author):
            command = commands.Activate(
                change=change, review_digest=self.digest(change)
            )
            self.do(by, command)

    @rule(
        by=st.sampled_from(AUTHORS),
        to=mostly_here,
        refs=documents,
        tier=tiers,
        policy=st.sampled_from([None] * 15 + sorted(SOURCES)),
    )
    def put(self, by, to, refs, tier, policy):
        """All that it takes, one after the other, unless somebody is in the way."""
        if policy is None:
            self.submit(by, to, refs, tier, gone=False, again=False, later=None)
        else:
            self.submit_policy(by, policy)
        change = len(self.registry.state.changes)
        if change in self.registry.state.open_changes:
            told = result(content(self.registry, change))
            self.do("evaluator", commands.AttachCheck(change=change, result=told))
            self.agree_and_activate(0, 0)

    @some_are_open
    @rule(
        back=back,
        by=st.sampled_from(["responder"] * 3 + ["risk", "operator"]),
        seat=st.sampled_from(["incident", "incident", "risk"]),
    )
    def activate_in_emergency(self, back, by, seat):
        change = self.change(back)
        command = commands.ActivateInEmergency(
            change=change,
            review_digest=self.digest(change),
            seat=seat,
            incident="INC-7",
            reason="It insults customers.",
        )
        self.do(by, command)

    @precondition(lambda self: self.registry.state.ratifications)
    @rule(
        by=st.sampled_from(VOTERS),
        judgement=st.sampled_from([*[Judgement.RATIFY] * 3, *Judgement]),
        seat=st.sampled_from([None] * 4 + SEATS),
    )
    def judge(self, by, judgement, seat):
        found = max(self.registry.state.ratifications)
        seats = self.registry.state.people[by].seats
        command = commands.Judge(
            ratification=found,
            activated=self.registry.state.ratifications[found].activated,
            judgement=judgement,
            seat=seat or (seats[0] if seats else "product"),
            reason="Looked at it.",
        )
        self.do(by, command)

    @much_happened
    @rule(
        by=st.sampled_from(["operator"] * 3 + ["product", "author"]),
        scope=st.sampled_from([None, BOT, *REFS]),
        seqs=st.integers(1, 4),
        propose=st.sampled_from([False, False, False, True]),
        to=mostly_here,
    )
    def roll_back(self, by, scope, seqs, propose, to):
        seq = self.registry.environment(to).seq - seqs
        command = rollback(scope, seq=seq, propose=propose, environment=to)
        self.do(by, command)

    @much_happened
    @rule(by=st.sampled_from(["operator"] * 3 + ["product"]), seqs=st.integers(0, 3))
    def undo(self, by, seqs):
        """Of the last one that somebody repudiated, if there is one."""
        ratifications = self.registry.state.ratifications.values()
        refused = [r for r in ratifications if r.outcome is Ratified.REPUDIATED]
        if refused and seqs:
            last = max(refused, key=lambda one: one.id)
            to, seq = last.environment, last.seq
        else:
            to, seq = "production", self.registry.environment().seq - seqs
        if seq > 1:  # nothing is live before the first
            self.do(by, rollback(None, undo=seq, environment=to))

    @rule(by=st.sampled_from(HANDLES), via=mostly_session)
    def stop(self, by, via):
        command = commands.Stop(
            environment="production", bot="acme/support", reason="It lied."
        )
        self.do(by, command, via)

    @rule(by=st.sampled_from([*AUTHORS, "operator", "board"]))
    def resume(self, by):
        command = commands.Resume(
            environment="production", bot="acme/support", title="It is mended"
        )
        self.do(by, command)

    @much_happened
    @rule(
        by=st.sampled_from(["operator", "risk", "author"]),
        ref=st.sampled_from(REFS),
        seqs=st.integers(0, 3),
        composed=st.booleans(),
    )
    def recall(self, by, ref, seqs, composed):
        environment = self.registry.environment()
        live = environment.moments[max(1, environment.seq - seqs)].live.get(Ref(ref))
        if live is not None and self.world.versions % 2 == 0:
            digest = live.document.composed if composed else live.document.digest
            self.do(by, commands.Recall(digest=digest, reason="Harmful."))

    # By chance, and not as the search would have it: that likes to repeat itself.

    @rule(seed=st.integers(0, 9999))
    def tell_a_story(self, seed):
        chance = Random(f"{seed} {self.world.versions}")  # noqa: S311 (no secret)
        story = chance.choice(STORIES)
        getattr(self, story)(chance)

    # People.

    @rule(
        by=st.sampled_from(["admin", "admin", "second-admin", "author"]),
        whom=st.sampled_from([*VOTERS, *VOTERS, "operator", "author", "editor"]),
        what=st.sampled_from(
            [
                {"active": False},
                {"seats": ()},
                {"roles": ()},
                {"seats": ("product", "risk")},
                {"seats": ("risk",)},
            ]
        ),
    )
    def set_person(self, by, whom, what):
        known = self.registry.state.people[whom]
        said = {
            "roles": known.roles,
            "seats": known.seats,
            "active": True,
        } | what
        limits = [x for x in known.limits if x.held in {*said["roles"], *said["seats"]}]
        given = person(whom, limits=tuple(limits), **said)
        self.do(by, commands.SetPerson(person=given))

    @rule(
        by=st.sampled_from(["admin", "second-admin"]),
        whom=st.sampled_from(VOTERS),
        limit=st.sampled_from([None, *LIMITS]),
    )
    def restore_or_limit(self, by, whom, limit):
        roles, seats = PEOPLE[whom]
        roles = tuple({*roles, Role.AUTHOR}) if limit else roles
        limits = (limit,) if limit and limit.held in {*roles, *seats} else ()
        given = person(whom, roles=roles, seats=seats, active=True, limits=limits)
        self.do(by, commands.SetPerson(person=given))
        self.confirm(whom, "second-admin" if by == "admin" else "admin", 0)

    @somebody_waits
    @rule(
        whom=st.sampled_from(VOTERS),
        by=st.sampled_from(["admin", "second-admin", "board"]),
        off=st.sampled_from([0, 0, 0, 1]),
    )
    def confirm(self, whom, by, off):
        asked = self.registry.state.asked_for.get(whom)
        number = asked.number + off if asked else 1
        self.do(by, commands.ConfirmPerson(handle=whom, proposed=number))

    @somebody_waits
    @rule(whom=st.sampled_from(VOTERS), by=st.sampled_from(["admin", "author"]))
    def refuse_person(self, whom, by):
        asked = self.registry.state.asked_for.get(whom)
        number = asked.number if asked else 1
        command = commands.RefusePerson(handle=whom, proposed=number, reason="No.")
        self.do(by, command)

    @rule(whom=st.sampled_from(HANDLES))
    def reset_password(self, whom):
        self.world.reset(whom)

    # Time.

    @rule(hours=st.sampled_from([*WAITS, *[None] * 4]))
    def pass_time(self, hours):
        if hours is None:
            self.wait_for_the_next_moment()
        else:
            self.wait(hours)

    def wait(self, hours):
        """The clock on the wall may also be set back."""
        self.registry.wait(hours=hours)
        self.world.tick()

    def wait_for_the_next_moment(self):
        """Just before something that was scheduled, and then exactly at it."""
        state = self.registry.state
        moments = [
            state.changes[n].revision.earliest
            for n in state.open_changes
            if state.changes[n].revision.earliest
        ]
        for before in (timedelta(seconds=1), timedelta()):
            if moments:
                self.registry.now = max(self.registry.now, min(moments) - before)
            self.world.tick()

    def teardown(self):
        world = getattr(self, "world", None)
        if world is not None and not world.broke:
            world.invariants, world.over = AT_THE_END, True
            world.look()


def _live(place) -> frozenset:
    return frozenset(place.live.items())


def walk(seed: int) -> None:
    """Stories alone, a few: where much has happened, little can happen."""
    machine, chance = Workflow(), Random(seed)  # noqa: S311 (no secret)
    machine.begin()
    if chance.random() < 0.4:
        machine.govern(chance)
    for _ in range(STORIES_EACH):
        getattr(machine, chance.choice(STORIES))(chance)
    machine.teardown()


@cache
def run() -> tuple[AssertionError | Exception | None, tuple[str, ...]]:
    """What the machine comes to: an error, and the invariants that do not hold."""
    BROKE.clear()
    try:
        for seed in range(WALKS):
            walk(seed)
        run_state_machine_as_test(Workflow, settings=SETTINGS)
    except Exception as error:  # noqa: BLE001 (each test tells it)
        return error, tuple(BROKE)
    return None, ()


@pytest.mark.parametrize("invariant", INVARIANTS, ids=lambda one: one.__name__)
def test_whoever_does_what_in_which_order(invariant):
    """The run ends at the first step after which something does not hold."""
    error, broke = run()

    if error is not None and broke and invariant.__name__ not in broke:
        pytest.skip(f"looked at only until {', '.join(broke)} did not hold")
    if error is not None:
        raise error


NUMBERED = re.compile(r"def test_((?:i\d\d_)+)")


def test_every_invariant_has_a_test_with_its_number():
    """Of what a client and a reader do, the tests beside them have the numbers."""
    names = [one.__name__ for one in INVARIANTS]
    for path in Path(__file__).parents[1].rglob("test_*.py"):
        names += NUMBERED.findall(path.read_text())
    found = {number for name in names for number in re.findall(r"i(\d\d)_", name)}

    assert found == {f"{number:02}" for number in range(1, 33)}
