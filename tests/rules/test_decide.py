"""`decide` as a whole: pure, and never more willing for being asked more."""

from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry import commands
from registry.changes import Status, Verdict
from registry.decide import decide
from registry.errors import Conflict, RegistryError
from registry.people import Role
from tests.rules.assembly import Registry, rollback
from tests.rules.bench import NOON
from tests.rules.texts import BOT, PROMPT, TONE, make_fragment, make_prompt


def each_command(registry: Registry) -> dict[str, commands.Command]:
    """One of each kind, by who sends it; some are refused."""
    digest = registry.change(2).revision.review_digest
    proposal = commands.Proposal(
        title="Say it better",
        documents=(make_fragment("1.2.0", "Be warm."),),
        deleted=(),
        edited_from=(),
    )
    approve = commands.Vote(
        change=2,
        review_digest=digest,
        verdict=Verdict.APPROVE,
        seat="product",
        reason="",
    )
    return {
        "author submits": commands.Submit(environment="production", proposal=proposal),
        "author revises": commands.Revise(change=2, proposal=proposal),
        "author withdraws": commands.Withdraw(change=2, reason="Not now."),
        "author comments": commands.Comment(change=2, text="Why?"),
        "author deletes": commands.Submit(
            environment="production",
            proposal=replace(proposal, documents=(), deleted=(TONE, PROMPT)),
        ),
        "author promotes": commands.Promote(
            title="Go", source="production", target="staging", documents=(BOT,)
        ),
        "product votes": approve,
        "board votes": replace(approve, seat="board", verdict=Verdict.REJECT),
        "operator activates": commands.Activate(change=2, review_digest=digest),
        "operator rolls": rollback(None, seq=1),
        "operator stops": commands.Stop(
            environment="production", bot="acme/support", reason="It lied."
        ),
        "operator recalls": commands.Recall(digest=digest, reason="Harmful."),
        "admin sets": commands.SetPerson(
            person=replace(registry.state.people["legal"], seats=())
        ),
    }


def outcome(registry: Registry, who: str, command: commands.Command):
    """What comes of it: a decision, or a refusal in its words."""
    try:
        return decide(registry.situation(who.partition(" ")[0]), command)
    except RegistryError as refusal:
        return type(refusal), str(refusal), refusal.hint


def test_the_same_situation_and_command_give_the_same(furnished):
    furnished.submit(make_fragment("1.1.0", "Be calm."))

    for who, command in each_command(furnished).items():
        first = outcome(furnished, who, command)
        assert outcome(furnished, who, command) == first, who


def test_deciding_changes_nothing(furnished):
    furnished.submit(make_fragment("1.1.0", "Be calm."))
    state, texts = furnished.state, dict(furnished.documents)

    for who, command in each_command(furnished).items():
        outcome(furnished, who, command)

    assert furnished.state is state
    assert furnished.documents == texts


def test_the_time_that_counts_is_that_of_the_event(registry):
    registry.wait(days=-1)  # the clock is set back

    change = registry.submit(make_prompt("1.0.0"))

    revision = registry.change(change).revision
    assert revision.at == registry.events[-1].at > NOON
    assert revision.expires == revision.at + timedelta(days=30)


# Monotonicity: asking more, and having fewer, never makes anything approved.

PEOPLE = {
    "author": ((Role.AUTHOR,), ()),
    "admin": ((Role.ADMIN,), ()),
    "p": ((), ("product",)),
    "q": ((), ("product", "risk")),
    "r": ((), ("risk", "board")),
    "s": ((), ("board",)),
}
SEATS = ["product", "risk", "board"]
requirement = st.builds(
    "{{name: {}, seat: {}, count: {}}}".format,
    st.uuids(),
    st.sampled_from(SEATS),
    st.integers(1, 2),
)
policies = st.lists(requirement, min_size=1, max_size=3)
votes = st.lists(
    st.tuples(
        st.sampled_from(["p", "q", "r", "s"]),
        st.sampled_from(SEATS),
        st.sampled_from([Verdict.APPROVE, Verdict.APPROVE, Verdict.ASK, Verdict.VETO]),
    ),
    max_size=8,
)


def voted(requirements: list[str], cast: list[tuple[str, str, Verdict]]) -> Registry:
    """A registry with one change, on which those votes were cast that could be."""
    text = f"environment: production\nrequirements: [{', '.join(requirements)}]\n"
    registry = Registry(production=text, people=PEOPLE)
    change = registry.submit(make_prompt("1.0.0"))
    for who, seat, verdict in cast:
        if seat in PEOPLE[who][1]:
            with suppress(Conflict):  # whoever has vetoed clears that first
                registry.vote(change, who, verdict, seat=seat)
    return registry


def is_approved(registry: Registry) -> bool:
    return registry.status(1) is Status.APPROVED


@pytest.mark.slow
@settings(max_examples=50, deadline=None)
@given(policies, policies, votes)
def test_another_requirement_never_makes_a_change_approved(asked, more, cast):
    before = is_approved(voted(asked, cast))

    assert not is_approved(voted([*asked, *more], cast)) or before


@settings(max_examples=50, deadline=None)
@given(policies, votes, st.sampled_from(["p", "q", "r", "s"]), st.data())
def test_taking_something_from_a_person_never_makes_a_change_approved(
    asked, cast, who, data
):
    registry = voted(asked, cast)
    before = is_approved(registry)
    seats = registry.state.people[who].seats
    what = data.draw(
        st.sampled_from([{"active": False}, {"seats": ()}, {"seats": seats[:-1]}])
    )

    registry.set_person(who, **what)

    assert not is_approved(registry) or before


@pytest.mark.slow
@settings(max_examples=50, deadline=None)
@given(policies, votes, st.sampled_from(["p", "q", "r", "s"]), st.data())
def test_a_vote_against_never_makes_a_change_approved(asked, cast, who, data):
    registry = voted(asked, cast)
    seat = data.draw(st.sampled_from(PEOPLE[who][1]))
    verdict = data.draw(st.sampled_from([Verdict.ASK, Verdict.VETO]))

    with suppress(Conflict):  # their veto stands
        registry.vote(1, who, verdict, seat=seat)

    assert not is_approved(registry)


@settings(max_examples=50, deadline=None)
@given(policies, votes)
def test_every_approved_change_has_enough_people_each_in_one_seat(asked, cast):
    registry = voted(asked, cast)

    if is_approved(registry):
        last = {vote.by: vote for vote in registry.change(1).votes}
        for one in registry.change(1).revision.requirements:
            agreeing = [
                vote
                for vote in last.values()
                if (vote.seat, vote.verdict) == (one.seat, Verdict.APPROVE)
            ]
            assert len(agreeing) >= one.count
        assert {vote.verdict for vote in last.values()} == {Verdict.APPROVE}
