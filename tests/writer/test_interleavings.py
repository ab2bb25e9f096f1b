"""Votes, revisions, activations and lost roles at once: in whatever order they come.

Twice: a thousand orders of the same commands, over the rules alone, and the same by
threads through two writers of one registry.  Either way an auditor, who knows the
events and no rule from the code, has to find each activation allowed.
"""

from random import Random
from threading import Barrier, Thread

import pytest

from registry import commands, events
from registry.changes import Verdict
from registry.errors import RegistryError
from registry.payloads import Activated
from registry.people import Identity, Person, Role, person
from registry.policy_text import parse_policy
from registry.writer import opened
from tests.rules.audit import Auditor
from tests.rules.texts import make_prompt
from tests.rules.workflow_invariants import INVARIANTS
from tests.rules.workflow_world import PEOPLE as EVERYBODY
from tests.rules.workflow_world import SOURCES, furnished
from tests.writer import acts as acting

pytestmark = [pytest.mark.slow, pytest.mark.deep]

ORDERS = 1000
ROUNDS = 50


# A thousand orders, over the rules.


def begin(random: Random):
    """A world, what people are about to do in it, and two changes that overlap."""
    world = furnished()
    changes = [_submit(world, f"{version}.0.0") for version in (2, 3)]
    policy = parse_policy(SOURCES[random.choice(["loose", "frozen"])])
    asked = world.do("editor", commands.SubmitPolicy(title="Ask others", text=policy))
    first, second, third = *changes, asked.payload.change
    whom, what = random.choice(
        [
            ("product", {"seats": ()}),
            ("operator", {"roles": ()}),
            ("second-product", {"active": False}),
        ]
    )
    roles, seats = EVERYBODY[whom]
    held = {"roles": roles, "seats": seats, "active": True}
    revise = commands.Revise(change=first, proposal=_text(world, "4.0.0"))
    remove = commands.SetPerson(person=person(whom, **held | what))
    old = {n: _digest(world, n) for n in (first, second, third)}
    scripts = [
        [_vote("product", first, old), _vote("product", second, old)],
        [_vote("second-product", second, old)],
        [_vote("second-product", first)],
        [lambda _: ("author", revise)],
        [lambda _: ("admin", remove)],
        [_vote("product", third), _activate(third)],
        [_vote("board", third)],
        [_activate(first), _activate(first, old)],
        [_activate(second), _activate(first)],
    ]
    return world, scripts, (first, second)


def _text(world, version):
    name = "beta/other"
    text = make_prompt(version, f"Words {version}.", name=name, tier="low")
    return world.proposal([text])


def _submit(world, version) -> int:
    proposal = _text(world, version)
    submit = commands.Submit(environment="production", proposal=proposal)
    return world.do("author", submit).payload.change


def _digest(world, change):
    return world.registry.change(change).revision.review_digest


def _vote(by, change, known=None):
    """On what is proposed when it comes to it, or on what was *known*."""

    def act(world):
        return by, commands.Vote(
            change=change,
            review_digest=known[change] if known else _digest(world, change),
            verdict=Verdict.APPROVE,
            seat=by.removeprefix("second-"),
            reason="",
        )

    return act


def _activate(change, known=None):
    def act(world):
        digest = known[change] if known else _digest(world, change)
        return "operator", commands.Activate(change=change, review_digest=digest)

    return act


def test_a_thousand_orders_of_votes_revisions_activations_and_lost_roles():
    happened = {"none": 0, "one": 0, "policy first": 0}
    for seed in range(ORDERS):
        random = Random(seed)  # noqa: S311 (an order, and no secret)
        world, scripts, overlapping = begin(random)
        world.invariants = INVARIANTS if seed % 20 == 0 else ()
        while scripts:
            act = random.choice(scripts).pop(0)
            who, command = act(world)
            done = world.do(who, command)
            if done and isinstance(command, commands.Activate):
                assert command.review_digest == _digest(world, command.change)
            scripts = [one for one in scripts if one]

        first, second = map(world.registry.change, overlapping)
        live = [one for one in (first, second) if one.outcome == "activated"]
        if len(live) > 1:
            assert first.revision.at > second.closed_at, "on what is live by then"
        auditor = Auditor()
        for body in world.bodies:
            auditor.hear(events.parse(body))
        moved = world.registry.environment().policy_since > 1
        happened["policy first" if moved else "one" if live else "none"] += 1

    assert min(happened.values()) > ORDERS // 50, happened


# The same by threads, through two writers.


def people() -> tuple[Person, ...]:
    held = {
        "admin": ((Role.ADMIN,), ()),
        "second-admin": ((Role.ADMIN,), ()),
        "author": ((Role.AUTHOR,), ()),
        "operator": ((Role.OPERATOR,), ()),
        "product": ((Role.VIEWER,), ("product",)),
        "risk": ((Role.VIEWER,), ("risk",)),
        "second-risk": ((Role.VIEWER,), ("risk",)),
    }
    return tuple(
        person(handle, roles=roles, seats=seats, active=True)
        for handle, (roles, seats) in held.items()
    )


@pytest.fixture
def two(home, clock):
    """One registry, open in two writers, as in two processes."""
    create = commands.Create(
        repository="tested",
        policies=tuple(map(parse_policy, (acting.STAGING, acting.PRODUCTION))),
        people=people(),
    )
    with opened(home, clock=clock) as one, opened(home, clock=clock) as other:
        acting.Acts(one.writer).write(create, "admin")
        yield one, other


def test_threads_and_writers_activate_nothing_unagreed(two, clock):
    told, crowd = {}, [acting.Acts(each.writer) for each in two]
    live = 0
    for turn in range(1, ROUNDS + 1):
        clock.move(minutes=1)
        first, second = (
            crowd[0].submit(
                acting.prompt(f"{turn}.{n}.0", f"Be kind, {turn} and {n}."),
                environment="production",
            )
            for n in range(2)
        )
        scripts = _scripts(turn, first, second)
        _at_once(scripts, crowd, told)
        state = crowd[0].say("Looked at it.").state
        done = [n.id for n in (first, second) if state.changes[n.id].outcome]
        live += len(done)
        assert len(done) <= 1
        _restore(crowd[0])

    bodies = (body for _, body in two[0].ledger.history())
    auditor, heard = Auditor(), list(map(events.parse, bodies))
    for event in heard:
        auditor.hear(event)
    assert [event.number for event in heard] == list(range(1, len(heard) + 1))
    assert {number: heard[number - 1] for number in told} == told
    assert live == sum(isinstance(event.payload, Activated) for event in heard)
    assert live > ROUNDS // 10


def _scripts(turn, first, second):
    """Who does what, one after the other; all of them at once."""

    def vote(by, seat, change):
        digest = change.revision.review_digest
        return by, commands.Vote(
            change=change.id,
            review_digest=digest,
            verdict=Verdict.APPROVE,
            seat=seat,
            reason="",
        )

    proposal = commands.Proposal(
        title="Say it better",
        documents=(acting.prompt(f"{turn}.9.0", f"Be brief, {turn}."),),
        deleted=(),
        edited_from=(),
    )
    gone = person("risk", roles=(Role.VIEWER,), seats=(), active=turn % 2 == 0)
    activations = [("operator", acting.activation(c)) for c in (first, second)]
    return [
        [vote("product", "product", first), vote("product", "product", second)],
        [vote("risk", "risk", first), vote("risk", "risk", second)],
        [vote("second-risk", "risk", second)],
        [("author", commands.Revise(change=first.id, proposal=proposal))],
        [("admin", commands.SetPerson(person=gone))],
        activations * 4,
        activations[::-1] * 4,
    ]


def _at_once(scripts, crowd, told) -> None:
    ready = Barrier(len(scripts))

    def run(number, script) -> None:
        acts = crowd[number % len(crowd)]
        ready.wait()
        for who, command in script:
            try:
                by = Identity(handle=who, via="session", roles=None)
                written = acts.writer.write(command, by=by, key=None)
            except RegistryError:
                continue
            told[written.event.number] = written.event

    threads = [Thread(target=run, args=each) for each in enumerate(scripts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _restore(acts) -> None:
    given = person("risk", roles=(Role.VIEWER,), seats=("risk",), active=True)
    if acts.state.people["risk"] != given:
        asked = acts.write(commands.SetPerson(person=given), "admin").event.number
        confirm = commands.ConfirmPerson(handle="risk", proposed=asked)
        acts.write(confirm, "second-admin")
