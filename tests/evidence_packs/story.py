"""A ledger in which everything happens, on real git and SQLite."""

from datetime import datetime, timedelta
from pathlib import Path

from registry import commands
from registry.changes import Verdict
from registry.conditions import Condition
from registry.documents import parse
from registry.evidence import content_of
from registry.names import Digest, Ref
from registry.people import SESSION, Identity, Role
from registry.ratification import Judgement
from registry.writer import Home, Open, opened
from tests.rules.assembly import Registry
from tests.rules.bench import NOON, PEOPLE, PRODUCTION
from tests.rules.checking import result
from tests.rules.texts import (
    PROMPT,
    including,
    make_bot,
    make_fragment,
    make_prompt,
)

POLICY = (
    PRODUCTION
    + """\
emergency: {seats: [incident], ratify_hours: 24}
checks: [{name: answers, tiers: [high], waived_by: [risk]}]
"""
)
HOSTILE_TITLE = (
    "<script>alert(1)</script> [x](javascript:alert(1)) | **b** `</pre>` "
    "http://evil.example @you & &lt;"
)
HOSTILE_TEXT = """\
kind: prompt
name: acme/hostile
version: "1.0.0"
owner: product
description: "</pre></td><script>alert(2)</script>"
tier: low
template: none
messages:
  - role: system
    content: |
      ```
      ## Not a heading <img src=x onerror=alert(3)>
      ````` ]]> --> <!-- </pre><h1>no</h1>
"""


class Written(Registry):
    """The same people, on a registry that is really written."""

    def __init__(self, registry: Open, clock: "Clock") -> None:
        self._writer = registry.writer
        self._clock = clock
        people = PEOPLE | {
            "evaluator": ((Role.EVALUATOR,), ()),
            "responder": ((Role.AUTHOR,), ("incident",)),
        }
        super().__init__(production=POLICY, people=people)

    def act(self, handle, command, *, via=SESSION, roles=None, key=None):
        self._clock.at = self.now
        by = Identity(handle=handle, via=via, roles=roles)
        written = self._writer.write(command, by=by, key=key)
        self.state = written.state
        self.events.append(written.event)
        return written.event


class Clock:
    def __init__(self) -> None:
        self.at = NOON

    def __call__(self) -> datetime:
        return self.at


def live_through(home: Home) -> list:
    """Everything that can happen does, and is signed; every event."""
    clock = Clock()
    with opened(home, clock=clock) as registry:
        people = Written(registry, clock)
        _ordinary(people)
        _trouble(people)
        _governing(people)
        registry.afterwards.once()
        return people.events


def _ordinary(people: Written) -> None:
    people.put(
        make_fragment("1.0.0"), make_prompt("1.0.0", including()), make_bot("1.0.0")
    )
    people.wait(days=1)
    change = people.submit(make_prompt("1.1.0", "Be brief."))
    people.act("viewer", commands.Comment(change=change, text="Why? <b>Really</b>"))
    people.vote(change, "product", Verdict.ASK)
    people.revise(change, make_prompt("1.1.0", "Be brief and kind.", tier="high"))
    _check(people, change)
    due = people.now + timedelta(days=9)
    people.act(
        "product",
        commands.Vote(
            change=change,
            review_digest=people.change(change).revision.review_digest,
            verdict=Verdict.APPROVE,
            seat="product",
            reason="Good.",
            condition=Condition(text="Measure it.", owner="editor", due=due),
        ),
    )
    people.wait(hours=1)
    people.vote(change, "risk")
    people.wait(hours=1)
    people.activate(change)
    people.act(
        "editor", commands.MeetCondition(change=change, voter="product", note="Done.")
    )


def _check(people: Written, change: int) -> None:
    revision = people.change(change).revision
    tried = result(content_of(revision), failed=2, passed=False)
    people.act("evaluator", commands.AttachCheck(change=change, result=tried))
    people.act(
        "risk",
        commands.WaiveCheck(
            change=change,
            review_digest=revision.review_digest,
            check="answers",
            seat="risk",
            reason="Two are known.",
            expires=people.now + timedelta(days=2),
        ),
    )


def _trouble(people: Written) -> None:
    people.wait(days=1)
    vetoed = people.submit(make_prompt("1.2.0", "Be rude."))
    people.vote(vetoed, "board", Verdict.VETO, seat="board")
    people.clear_veto(vetoed, "board", "board")
    people.withdraw(vetoed)
    people.wait(hours=1)
    urgent = people.submit(make_prompt("1.3.0", "Say nothing.", tier="high"))
    event = people.activate_in_emergency(urgent)
    people.wait(hours=1)
    people.judge(event.number, "product")
    people.judge(event.number, "risk")
    people.wait(hours=1)
    people.stop()
    people.activate(people.agree(people.resume()))
    people.roll_back(PROMPT, version="1.1.0")
    harmful = people.change(urgent).revision.edits[0].digest
    people.recall(Digest(harmful))
    for number in sorted(people.state.open_ratifications):
        people.judge(number, "product", Judgement.RATIFY)
    people.put(make_fragment("1.0.0", name="acme/other"), to="development")


def _governing(people: Written) -> None:
    people.wait(days=30)
    people.set_person("legal", seats=("legal", "risk"))
    people.wait(days=1)
    people.set_person("second-product", active=False)
    people.put_policy(POLICY.replace("rejecters: [board]", "rejecters: [risk]"))
    hostile = people.submit(parse(HOSTILE_TEXT.encode()), title=HOSTILE_TITLE)
    people.vote(hostile, "product")
    people.activate(hostile)
    live = people.live()[Ref(PROMPT)]
    people.act(
        "product",
        commands.Certify(
            environment="production",
            document=Ref(PROMPT),
            digest=live,
            until=people.now + timedelta(days=30),
            seat=None,
            reason="Still right.",
        ),
    )
    people.put(make_prompt("2.0.0", "Bye.", name="acme/farewell"), by="editor")
    people.put(by="editor", deleted=("prompts/acme/farewell",))


def make_home(folder: Path) -> Home:
    home = Home(path=folder)
    home.create().close()
    home.open_operations().dispose()
    return home
