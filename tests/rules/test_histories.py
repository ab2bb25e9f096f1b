"""Long random histories, each event of which an auditor has to find allowed."""

from datetime import timedelta

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    multiple,
    precondition,
    rule,
)

from registry.changes import Outcome, Verdict
from registry.errors import RegistryError
from registry.people import Role
from tests.rules.assembly import (
    BOT,
    PRODUCTION,
    PROMPT,
    TONE,
    Registry,
    including,
    make_bot,
    make_fragment,
    make_prompt,
)
from tests.rules.audit import Auditor

OTHER = "prompts/acme/other"
AUTHORS = st.sampled_from(["author", "editor", "product", "risk"])
VOTERS = st.sampled_from(["product", "second-product", "risk", "board", "legal"])
ENVIRONMENTS = st.sampled_from(["production", "production", "development"])
TIERS = st.sampled_from(["low", "low", "high"])
VERDICTS = st.sampled_from([Verdict.APPROVE] * 6 + list(Verdict))
REFS = st.sampled_from([TONE, PROMPT, OTHER, BOT])
EDITS = st.tuples(REFS, st.integers(0, 5), TIERS)
LOOSER = """\
environment: production
veto_clearers: [board]
rollback_days: 3
requirements:
  - {name: product agrees, seat: product}
"""


class Histories(RuleBasedStateMachine):
    """People do what they like; most of it is refused, and nothing wrong passes."""

    changes = Bundle("changes")

    def __init__(self) -> None:
        super().__init__()
        self.registry = Registry()
        self.auditor = Auditor()
        self.seen = 0
        self.versions = 0
        self.registry.put(make_fragment("0.1.0"), make_prompt("0.1.0", including()))
        self.registry.put(make_prompt("0.1.0", name="acme/other"), make_bot("0.1.0"))

    def attempt(self, act, *arguments, **named):
        """What *act* returns, `None` if it is refused."""
        try:
            done = act(*arguments, **named)
        except RegistryError:
            done = None
        for event in self.registry.events[self.seen :]:
            self.auditor.see(event)
        self.seen = len(self.registry.events)
        return done

    def document(self, ref: str, words: int, tier: str):
        self.versions += 1
        version, text = f"1.{self.versions}.0", f"Words {words}."
        if ref == TONE:
            return make_fragment(version, text, tier=tier)
        if ref == BOT:
            used = [["acme/refunds"], ["acme/other"], ["acme/refunds", "acme/other"]]
            return make_bot(version, used[words % 3], tier=tier)
        name = ref.removeprefix("prompts/")
        text = including(text=text) if words % 2 else text
        return make_prompt(version, text, name=name, tier=tier)

    @rule(target=changes, by=AUTHORS, to=ENVIRONMENTS, edit=EDITS)
    def submit(self, by, to, edit):
        made = self.attempt(self.registry.submit, self.document(*edit), by=by, to=to)
        return multiple() if made is None else made

    @rule(target=changes, by=AUTHORS, one=EDITS, two=EDITS)
    def submit_two(self, by, one, two):
        documents = self.document(*one), self.document(*two)
        made = self.attempt(self.registry.submit, *documents, by=by)
        return multiple() if made is None else made

    @rule(target=changes, by=AUTHORS, gone=REFS, edit=EDITS)
    def submit_deletion(self, by, gone, edit):
        documents = [] if edit[0] == gone else [self.document(*edit)]
        made = self.attempt(self.registry.submit, *documents, by=by, deleted=(gone,))
        return multiple() if made is None else made

    @rule(by=AUTHORS, to=ENVIRONMENTS, edit=EDITS)
    def put(self, by, to, edit):
        self.attempt(self.registry.put, self.document(*edit), by=by, to=to)

    @rule(target=changes, by=AUTHORS, ref=REFS, back=st.booleans())
    def promote(self, by, ref, back):
        way = ("production", "development") if back else ("development", "production")
        made = self.attempt(
            self.registry.promote, ref, by=by, source=way[0], target=way[1]
        )
        return multiple() if made is None else made

    @rule(target=changes, by=AUTHORS, text=st.sampled_from([LOOSER, PRODUCTION]))
    def submit_policy(self, by, text):
        made = self.attempt(self.registry.submit_policy, text, by=by)
        return multiple() if made is None else made

    @precondition(lambda self: self.registry.told().stopped)
    @rule(target=changes, by=AUTHORS)
    def resume(self, by):
        made = self.attempt(self.registry.resume, by=by)
        return multiple() if made is None else made

    @rule(change=changes, by=AUTHORS, edit=EDITS)
    def revise(self, change, by, edit):
        self.attempt(self.registry.revise, change, self.document(*edit), by=by)

    @rule(change=changes, by=VOTERS, verdict=VERDICTS)
    def vote(self, change, by, verdict):
        if self.registry.state.people[by].seats:
            self.attempt(self.registry.vote, change, by, verdict)

    @rule(change=changes)
    def agree(self, change):
        for by in ("product", "second-product", "risk", "board"):
            if self.registry.state.people[by].seats:
                self.attempt(self.registry.vote, change, by)

    @rule(change=changes, veto_by=VOTERS, by=VOTERS)
    def clear_veto(self, change, veto_by, by):
        self.attempt(self.registry.clear_veto, change, veto_by, by)

    @rule(change=changes, by=st.sampled_from(["operator", "operator", "author"]))
    def activate(self, change, by):
        self.attempt(self.registry.activate, change, by=by)

    @rule(change=consumes(changes))
    def go_live(self, change):
        self.agree(change)
        self.attempt(self.registry.activate, change)

    @rule(change=changes)
    def withdraw(self, change):
        self.attempt(self.registry.withdraw, change)

    @rule(scope=st.sampled_from([TONE, PROMPT, BOT, None]), back=st.integers(1, 4))
    def roll_back(self, scope, back):
        seq = self.registry.environment().seq - back
        self.attempt(self.registry.roll_back, scope, seq=seq)

    @precondition(lambda self: not self.registry.told().stopped)
    @rule(by=st.sampled_from(["operator", "product", "author"]))
    def stop(self, by):
        self.attempt(self.registry.stop, by=by)

    @rule(ref=REFS, back=st.integers(0, 2))
    def recall(self, ref, back):
        environment = self.registry.environment()
        seq = environment.seq - back
        live = environment.moments[seq].live.get(ref) if seq > 0 else None
        if live is not None and back:
            self.attempt(self.registry.recall, live.document.digest)

    @rule(
        handle=VOTERS,
        what=st.sampled_from(
            [
                {"active": False},
                {"active": True},
                {"seats": ()},
                {"seats": ("product",), "roles": (Role.AUTHOR,)},
                {"seats": ("risk",)},
            ]
        ),
    )
    def set_person(self, handle, what):
        self.attempt(self.registry.set_person, handle, **what)

    @rule(days=st.sampled_from([0, 1, 10, -2]))
    def wait(self, days):
        self.registry.now += timedelta(days=days)


TestHistories = Histories.TestCase
TestHistories.settings = settings(
    max_examples=60,
    stateful_step_count=40,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)


def test_the_auditor_sees_what_happens():
    """So that the machine above is known to get anywhere."""
    histories = Histories()
    change = histories.submit(by="author", to="production", edit=(TONE, 1, "high"))

    histories.go_live(change)

    assert histories.registry.change(change).outcome is Outcome.ACTIVATED
    assert histories.seen == len(histories.registry.events)
