"""The whole workflow against a small model: anybody tries anything, in any order.

After each step every invariant of `workflow_invariants` is asked, by its number.
Quick by default and the same each time; `PLACET_DEEP=1` looks further, and
elsewhere each time (`make test-deep`).
"""

import os
import re
from datetime import timedelta
from pathlib import Path

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
from registry.people import SESSION, Limit, Role, person
from registry.policy_text import parse_policy
from registry.ratification import Judgement
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
from tests.rules.workflow_invariants import INVARIANTS
from tests.rules.workflow_model import OTHER
from tests.rules.workflow_world import PEOPLE, SOURCES, furnished

DEEP = "PLACET_DEEP" in os.environ
SETTINGS = settings(
    max_examples=1500 if DEEP else 30,
    stateful_step_count=90 if DEEP else 45,
    derandomize=not DEEP,
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=(Phase.generate, Phase.shrink) if DEEP else (Phase.generate,),
)

REFS = [TONE, PROMPT, OTHER, BOT]
SEATS = ["product", "risk", "board", "legal", "incident"]
HANDLES = list(PEOPLE)
AUTHORS = ["author", "editor", "product", "risk"]
VOTERS = ["product", "second-product", "risk", "board", "legal", "responder"]
VERDICTS = [*[Verdict.APPROVE] * 8, *Verdict]
WAITS = [0.01, 0.5, 1, 6, 13, 25, 49, 80, 200, -3, -100]
LIMITS = [
    Limit(held="product", environments=(), names=("acme/**",)),
    Limit(held="product", environments=(), names=("beta/**",)),
    Limit(held="product", environments=("development",), names=()),
    Limit(held="board", environments=(), names=("acme/**",)),
    Limit(held="risk", environments=("production",), names=("beta/**",)),
    Limit(held="author", environments=(), names=("acme/**",)),
]

MEANWHILE = ["object", "govern", "overlap", "wait", "leave"] * 2
MEANWHILE += ["write", "recall", "go_back", "fail"]

mostly_here = st.sampled_from(["production"] * 4 + ["development"])
mostly_session = st.sampled_from([SESSION] * 9 + ["token:one"])
tiers = st.sampled_from(["low", "low", "high"])
back = st.integers(0, 4)
documents = st.lists(st.sampled_from(REFS), min_size=1, max_size=2, unique=True)


some_are_open = precondition(lambda self: self.registry.state.open_changes)
somebody_waits = precondition(lambda self: self.registry.state.asked_for)
much_happened = precondition(lambda self: self.world.model.places["production"].seq > 1)


class Workflow(RuleBasedStateMachine):
    @initialize()
    def begin(self):
        self.world = furnished()
        self.world.invariants = INVARIANTS
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
        back=st.integers(0, 2),
        meanwhile=st.sampled_from(MEANWHILE),
        by=st.sampled_from(VOTERS),
        n=st.integers(0, 9),
    )
    def race(self, back, meanwhile, by, n):
        """What everybody has agreed to is activated, but something came first."""
        change = self.change(back)
        told = result(content(self.registry, change))
        self.do("evaluator", commands.AttachCheck(change=change, result=told))
        self.agree(back)
        getattr(self, f"_{meanwhile}")(change, by, n)
        command = commands.Activate(change=change, review_digest=self.digest(change))
        self.do("operator", command)

    def _object(self, change, by, n):
        verdict = Verdict.ASK if n % 2 else Verdict.VETO
        self.vote(by, 100 + change, verdict, None, SESSION, None, old=False)

    def _govern(self, change, by, n):
        which = sorted(SOURCES)[n % len(SOURCES)]
        self.put("editor", "production", [BOT], "low", which)

    def _overlap(self, change, by, n):
        """The same document, or what it includes; sometimes with another tier."""
        found = self.registry.change(change)
        refs = [edit.document for edit in found.revision.edits] or [BOT]
        others = refs[:1] if n % 3 else [TONE]
        self.put("editor", found.environment, others, ["low", "high"][n % 2], None)

    def _wait(self, change, by, n):
        self.wait([25, 80, 130, 150, 730][n % 5])

    def _leave(self, change, by, n):
        self.set_person("admin", by, {"active": False} if n % 2 else {"seats": ()})

    def _write(self, change, by, n):
        """Somebody who has agreed to a text proposes it, too."""
        edits = self.registry.change(change).revision.edits
        texts = [self.registry.documents[e.digest] for e in edits if e.digest]
        proposal = self.world.proposal(texts)
        author = by if n % 2 else "product"
        self.do(author, commands.Submit(environment="development", proposal=proposal))

    def _recall(self, change, by, n):
        for edit in self.registry.change(change).revision.edits[:1]:
            if edit.digest:
                recall = commands.Recall(digest=edit.digest, reason="Harmful.")
                self.do("operator", recall)

    def _go_back(self, change, by, n):
        environment = self.registry.change(change).environment
        self.roll_back("operator", None, 1, False, environment)

    def _fail(self, change, by, n):
        self.attach_check(100 + change, "evaluator", 5)

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

    # Time.

    @rule(hours=st.sampled_from(WAITS))
    def wait(self, hours):
        """The clock on the wall may also be set back."""
        self.registry.wait(hours=hours)
        self.world.tick()

    @rule()
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
        if world is not None:
            assert world.folded() == world.registry.state, "i18"
            assert world.again() == world.bodies, "i19"


def _live(place) -> frozenset:
    return frozenset(place.live.items())


NUMBERED = re.compile(r"def (?:test_)?((?:i\d\d_)+)")


def test_every_invariant_has_a_test_with_its_number():
    """Of what a client and a reader do, the tests beside them have the numbers."""
    found = {
        number
        for path in Path(__file__).parents[1].rglob("*.py")
        for numbers in NUMBERED.findall(path.read_text())
        for number in re.findall(r"\d\d", numbers)
    }

    assert found == {f"{number:02}" for number in range(1, 33)}


def test_i01_to_i32_hold_whoever_does_what_in_which_order():
    run_state_machine_as_test(Workflow, settings=SETTINGS)
