"""Long random histories, each event of which an auditor has to find allowed.

What people try is drawn from a seed, so that a history that fails is the same
the next time; most of what they try is refused.
"""

from collections import Counter
from datetime import timedelta
from functools import cache
from random import Random

import pytest

from registry.changes import Verdict
from registry.errors import RegistryError
from registry.payloads import NAMES
from registry.people import Role
from registry.ratification import Judgement
from tests.rules.assembly import Registry
from tests.rules.audit import Auditor
from tests.rules.audit_afterwards import AfterwardsAuditor
from tests.rules.bench import PEOPLE, PRODUCTION
from tests.rules.texts import (
    BOT,
    PROMPT,
    TONE,
    including,
    make_bot,
    make_fragment,
    make_prompt,
)

pytestmark = pytest.mark.slow

STEPS = 400
SEEDS = range(20)

OTHER = "prompts/acme/other"
DOCUMENTS = [TONE, PROMPT, OTHER, BOT]
AUTHORS = ["author", "editor", "product", "risk"]
VOTERS = ["product", "second-product", "risk", "board", "legal"]
VERDICTS = [*[Verdict.APPROVE] * 8, *Verdict]
LOOSER = """\
environment: production
veto_clearers: [board]
rollback_days: 3
requirements:
  - {name: product agrees, seat: product}
"""
ALARMED = PRODUCTION + "emergency: {seats: [incident], ratify_hours: 48}\n"
ALL = PEOPLE | {"responder": ((Role.AUTHOR,), ("incident",))}
OFTEN = ("go_live", "go_live", "submit", "put", "vote", "promote", "roll_back")
ACTS = (
    *OFTEN * 3,
    *("activate", "revise", "withdraw", "clear_veto", "policy", "recall"),
    *("stop", "resume", "set_person", "restore_person", "restore_person", "wait"),
    *("emergency", "judge", "judge", "undo", "schedule", "tick", "tick"),
)


class Histories:
    """People who do what they like to a registry."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)  # noqa: S311 (a history, and no secret)
        self.registry = Registry(production=ALARMED, people=ALL)
        self.auditors = Auditor(), AfterwardsAuditor()
        self.heard = 0
        self.versions = 0
        self.registry.put(make_fragment("0.1.0"), make_prompt("0.1.0", including()))
        self.registry.put(make_prompt("0.1.0", name="acme/other"), make_bot("0.1.0"))

    def attempt(self, act, *arguments, **named) -> None:
        try:
            act(*arguments, **named)
        except RegistryError:
            pass
        finally:
            for event in self.registry.events[self.heard :]:
                for auditor in self.auditors:
                    auditor.hear(event)
            self.heard = len(self.registry.events)

    def step(self) -> None:
        getattr(self, self.random.choice(ACTS))()

    def some_change(self) -> int:
        """One of the latest, open or not; a number that is none before the first."""
        last = len(self.registry.state.changes)
        return max(1, last - self.random.choice([0, 0, 0, 1, 1, 2, 3, 5]))

    def some_document(self, ref: str):
        self.versions += 1
        words = self.random.randrange(4)
        version, text = f"{self.versions}.0.0", f"Words {words}."
        tier = self.random.choice(["low", "low", "high"])
        if ref == TONE:
            return make_fragment(version, text, tier=tier)
        if ref == BOT:
            used = [["acme/refunds"], ["acme/other"], ["acme/refunds", "acme/other"]]
            return make_bot(version, used[words % 3], tier=tier)
        name = ref.removeprefix("prompts/")
        text = including(text=text) if words % 2 else text
        return make_prompt(version, text, name=name, tier=tier)

    def submit(self) -> None:
        chosen = self.random.sample(DOCUMENTS, self.random.choice([1, 1, 2]))
        gone = self.random.choice([(), (), (), (), (chosen[0],)])
        documents = [self.some_document(ref) for ref in chosen if ref not in gone]
        self.attempt(
            self.registry.submit,
            *documents,
            by=self.random.choice(AUTHORS),
            to=self.random.choice(["production", "production", "development"]),
            deleted=gone,
        )

    def put(self) -> None:
        self.submit()
        self.go_live(len(self.registry.state.changes))

    def promote(self) -> None:
        way = ["development", "production"]
        self.random.shuffle(way)
        self.attempt(
            self.registry.promote,
            self.random.choice(DOCUMENTS),
            by=self.random.choice(AUTHORS),
            source=way[0],
            target=way[1],
        )

    def revise(self) -> None:
        document = self.some_document(self.random.choice(DOCUMENTS))
        by = self.random.choice(AUTHORS)
        self.attempt(self.registry.revise, self.some_change(), document, by=by)

    def policy(self) -> None:
        text = self.random.choice([LOOSER, ALARMED, ALARMED])
        self.attempt(self.registry.submit_policy, text, by=self.random.choice(AUTHORS))

    def vote(self) -> None:
        voter, verdict = self.random.choice(VOTERS), self.random.choice(VERDICTS)
        self.cast(self.some_change(), voter, verdict)

    def cast(self, change: int, voter: str, verdict: Verdict) -> None:
        seats = self.registry.state.people[voter].seats
        if seats and change in self.registry.state.changes:
            seat = self.random.choice(seats)
            self.attempt(self.registry.vote, change, voter, verdict, seat=seat)

    def go_live(self, change: int | None = None) -> None:
        change = change or self.some_change()
        for voter in VOTERS:
            self.cast(change, voter, Verdict.APPROVE)
        self.activate(change)

    def activate(self, change: int | None = None) -> None:
        by = self.random.choice(["operator", "operator", "operator", "author"])
        self.attempt(self.registry.activate, change or self.some_change(), by=by)

    def withdraw(self) -> None:
        by = self.random.choice(AUTHORS)
        self.attempt(self.registry.withdraw, self.some_change(), by=by)

    def clear_veto(self) -> None:
        veto_by, by = self.random.choice(VOTERS), self.random.choice(VOTERS)
        self.attempt(self.registry.clear_veto, self.some_change(), veto_by, by)

    def roll_back(self) -> None:
        self.attempt(
            self.registry.roll_back,
            self.random.choice([*DOCUMENTS, None]),
            by=self.random.choice(["operator", "operator", "author"]),
            seq=self.registry.environment().seq - self.random.choice([1, 1, 2, 3]),
            propose=self.random.choice([True, False, False]),
        )

    def undo(self) -> None:
        """A seq, most often one that people have repudiated."""
        state = self.registry.state
        judged = state.ratifications.values()
        repudiated = [one.seq for one in judged if one.outcome == "repudiated"]
        last = self.registry.environment().seq
        seq = self.random.choice([*repudiated, *repudiated, last, last - 1])
        self.attempt(self.registry.roll_back, None, undo=seq)

    def emergency(self) -> None:
        self.submit()
        last = len(self.registry.state.changes)
        if last:
            self.attempt(self.registry.activate_in_emergency, last)

    def judge(self) -> None:
        state = self.registry.state
        if state.ratifications:
            number = self.random.choice(sorted(state.ratifications)[-4:])
            self.attempt(
                self.registry.judge,
                number,
                self.random.choice([v for v in VOTERS if state.people[v].seats]),
                self.random.choice([*[Judgement.RATIFY] * 3, *Judgement]),
            )

    def schedule(self) -> None:
        document = self.some_document(self.random.choice(DOCUMENTS))
        hours = self.random.choice([0.1, 1, 30])
        moment = self.registry.now + timedelta(hours=hours)
        by = self.random.choice(AUTHORS)
        self.attempt(self.registry.submit, document, by=by, earliest=moment)
        change = len(self.registry.state.changes)
        for voter in VOTERS:
            self.cast(change, voter, Verdict.APPROVE)
        self.registry.wait(hours=hours)
        self.tick()

    def tick(self) -> None:
        self.attempt(self.registry.tick)

    def stop(self) -> None:
        by = self.random.choice(["operator", "product", "author"])
        self.attempt(self.registry.stop, by=by)

    def resume(self) -> None:
        self.attempt(self.registry.resume, by=self.random.choice(AUTHORS))

    def recall(self) -> None:
        """Something that is live now, or was a moment ago."""
        environment = self.registry.environment()
        seq = environment.seq - self.random.choice([0, 1, 2])
        live = dict(environment.moments[seq].live.items()) if seq > 0 else {}
        if live and self.random.random() < 0.3:
            document = live[self.random.choice(sorted(live))].document
            digest = self.random.choice([document.digest, document.composed])
            self.attempt(self.registry.recall, digest)

    def set_person(self) -> None:
        what = self.random.choice(
            [
                {"active": False},
                {"seats": ()},
                {"seats": ("product", "risk")},
                {"roles": (), "seats": ("risk",)},
            ]
        )
        self.attempt(self.registry.set_person, self.random.choice(VOTERS), **what)

    def restore_person(self) -> None:
        handle = self.random.choice(VOTERS)
        seat = handle.removeprefix("second-")
        what = {"active": True, "seats": (seat,), "roles": (Role.AUTHOR,)}
        self.attempt(self.registry.set_person, handle, **what)

    def wait(self) -> None:
        self.registry.wait(days=self.random.choice([0.1, 1, 2, 12, -1]))


@cache
def lived(seed: int) -> Histories:
    histories = Histories(seed)
    for _ in range(STEPS):
        histories.step()
    return histories


@pytest.mark.parametrize("seed", SEEDS)
def test_everything_that_goes_live_was_allowed_to(seed):
    histories = lived(seed)

    assert histories.heard == len(histories.registry.events)
    _, afterwards = histories.auditors
    assert set(afterwards.open) == set(histories.registry.state.open_ratifications)


def test_much_happens_in_these_histories():
    happened = Counter(
        NAMES[type(event.payload)]
        for seed in SEEDS
        for event in lived(seed).registry.events
    )

    for kind in (
        *("activated", "policy-activated", "stopped", "resumed", "recalled", "judged"),
    ):
        assert happened[kind] >= 10, happened
