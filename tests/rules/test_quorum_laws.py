"""What holds of every policy, every assembly of people and every way to vote.

People hold seats, everywhere or for some names, and vote on a change of two prompts.
Then somebody leaves, or the policy asks for more, and never is more agreed to.
"""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.changes import Verdict
from registry.errors import NotAgreed, NotAllowed
from registry.floors import SOMEBODY
from registry.people import Limit
from registry.policies import Matched
from registry.standing import is_agreed, requirements
from tests.rules.assembly import Registry
from tests.rules.bench import PEOPLE
from tests.rules.texts import make_prompt

VOTERS = ("ann", "ben", "cid", "dot")
SEATS = ("product", "risk")
DOCUMENTS = ("prompts/acme/refunds", "prompts/bank/loans")
NOBODY: dict = {name: what for name, what in PEOPLE.items() if not what[1]}

limits = st.sampled_from([None, ("acme/**",), ("bank/**",), ("acme/**", "bank/**")])
voters = st.fixed_dictionaries(
    {
        handle: st.tuples(
            st.sets(st.sampled_from(SEATS)), limits, st.sampled_from([None, *SEATS])
        )
        for handle in VOTERS
    }
)
matched = st.builds(
    Matched,
    name=st.sampled_from("abcd"),
    seat=st.sampled_from(SEATS),
    count=st.integers(1, 2),
    because=st.sampled_from([DOCUMENTS, DOCUMENTS[:1], DOCUMENTS[1:]]),
    covered=st.just(True),
)
asked = st.lists(matched, min_size=1, max_size=3).map(tuple)
leavers = st.sampled_from(VOTERS)


def voted(said: dict, asks: tuple[Matched, ...]) -> tuple[Registry, int]:
    """A registry in which everybody has voted as *said* says."""
    people = NOBODY | {h: ((), tuple(sorted(s))) for h, (s, _, _) in said.items()}
    registry = Registry(people=people)
    for handle, (seats, names, _) in said.items():
        if names is not None and "product" in seats:
            person = registry.state.people[handle]
            limit = Limit(held="product", environments=(), names=names)
            put(registry, replace(person, limits=(limit,)))
    change = registry.submit(
        make_prompt("1.0.0"), make_prompt("1.0.0", name="bank/loans")
    )
    registry.pretend(change, requirements=asks)
    for handle, (seats, _, seat) in said.items():
        if seat in seats:
            registry.vote(change, handle, seat=seat)
    return registry, change


def put(registry: Registry, person) -> None:
    people = registry.state.people.insert(person.handle, person)
    registry.state = replace(registry.state, people=people)


def agreed(registry: Registry, change: int) -> bool:
    found = registry.change(change)
    return is_agreed(found, requirements(registry.state, found, registry.now))


@given(voters, asked, leavers)
def test_whoever_leaves_never_makes_a_change_agreed_to(said, asks, leaver):
    registry, change = voted(said, asks)
    before = agreed(registry, change)

    put(registry, replace(registry.state.people[leaver], active=False))

    assert agreed(registry, change) <= before


@given(voters, asked, leavers, st.sampled_from(SEATS))
def test_a_seat_that_is_taken_away_never_makes_a_change_agreed_to(
    said, asks, loser, seat
):
    registry, change = voted(said, asks)
    before = agreed(registry, change)
    person = registry.state.people[loser]

    put(registry, replace(person, seats=tuple(s for s in person.seats if s != seat)))

    assert agreed(registry, change) <= before


@given(voters, asked, leavers)
def test_a_limit_never_makes_a_change_agreed_to(said, asks, limited):
    registry, change = voted(said, asks)
    before = agreed(registry, change)
    limit = Limit(held="risk", environments=(), names=("acme/**",))
    person = registry.state.people[limited]

    put(registry, replace(person, limits=(*person.limits, limit)))

    assert agreed(registry, change) <= before


@given(voters, asked, matched)
def test_another_requirement_never_makes_a_change_agreed_to(said, asks, more):
    registry, change = voted(said, asks)
    before = agreed(registry, change)

    registry.pretend(change, requirements=(*asks, more))

    assert agreed(registry, change) <= before


@given(voters, asked)
def test_a_higher_count_never_makes_a_change_agreed_to(said, asks):
    registry, change = voted(said, asks)
    before = agreed(registry, change)

    more = tuple(replace(one, count=one.count + 1) for one in asks)
    registry.pretend(change, requirements=more)

    assert agreed(registry, change) <= before


@given(voters, asked, st.integers(1, 5), st.integers(0, 6))
def test_neither_time_nor_a_shorter_life_of_votes_makes_a_change_agreed_to(
    said, asks, days, later
):
    registry, change = voted(said, asks)
    before = agreed(registry, change)

    registry.govern(vote_days=days)
    registry.wait(days=later)

    assert agreed(registry, change) <= before


@given(voters, asked, leavers)
def test_an_objection_never_makes_a_change_agreed_to(said, asks, objector):
    registry, change = voted(said, asks)
    before = agreed(registry, change)
    seats = registry.state.people[objector].seats

    for seat in seats[:1]:
        registry.vote(change, objector, Verdict.VETO, seat=seat)

    assert agreed(registry, change) <= (before and not seats)


@given(voters, asked)
def test_what_nobody_is_eligible_for_is_never_agreed_to(said, asks):
    registry, change = voted(said, asks)
    for handle in VOTERS:
        put(registry, replace(registry.state.people[handle], active=False))

    assert not agreed(registry, change)
    with pytest.raises(NotAgreed):
        registry.activate(change)


@given(voters, asked)
def test_whoever_could_agree_can(said, asks):
    """`could` promises nothing that voting refuses, and keeps nobody from it."""
    registry, change = voted(said, asks)
    stand = registry.change(change)

    for one in requirements(registry.state, stand, registry.now):
        for handle in one.could:
            registry.vote(change, handle, seat=one.seat)
            found = requirements(registry.state, registry.change(change), registry.now)
            assert handle in {by for each in found for by in each.by}
            return


@given(voters, asked)
def test_a_requirement_is_met_by_as_many_people_as_it_asks_for_each_document(
    said, asks
):
    """The same, counted in another way."""
    registry, change = voted(said, asks)
    found = requirements(registry.state, registry.change(change), registry.now)

    for one in found:
        for what in one.because:
            speaking = [
                handle
                for handle, (seats, names, seat) in said.items()
                if seat == one.seat
                and seat in seats
                and (
                    seat != "product"
                    or names is None
                    or what.split("/")[1] in {name.split("/")[0] for name in names}
                )
            ]
            assert (len(speaking) >= one.count) == (what not in one.missing)
        assert one.met == (not one.missing)


# The floors.

OPEN = "environment: production\nrequirements: [{name: nobody is asked, open: true}]\n"


def test_in_production_somebody_agrees_however_open_the_policy_is():
    registry = Registry(production=OPEN)
    change = registry.submit(make_prompt("1.0.0"))

    with pytest.raises(NotAgreed, match="somebody has to agree, in any seat"):
        registry.activate(change)
    registry.vote(change, "legal")

    assert registry.requirements(change)[SOMEBODY].by == ("legal",)
    registry.activate(change)


def test_the_floor_of_production_is_met_by_nobody_who_contributed():
    registry = Registry(production=OPEN)
    change = registry.submit(make_prompt("1.0.0"), by="product")

    with pytest.raises(NotAllowed, match="has contributed"):
        registry.vote(change, "product")
    with pytest.raises(NotAgreed):
        registry.activate(change)


def test_the_floor_of_production_is_met_by_nobody_who_has_left():
    registry = Registry(production=OPEN)
    change = registry.submit(make_prompt("1.0.0"))
    registry.vote(change, "legal")
    registry.set_person("legal", seats=())

    with pytest.raises(NotAgreed):
        registry.activate(change)


def test_the_floor_is_told_with_who_could_meet_it():
    registry = Registry(production=OPEN)
    change = registry.submit(make_prompt("1.0.0"))

    asked = registry.requirements(change)[SOMEBODY]

    assert (asked.seat, asked.count, asked.met) == (None, 1, False)
    assert asked.could == ("board", "legal", "product", "risk", "second-product")


def test_elsewhere_a_policy_may_ask_nobody(registry):
    change = registry.submit(make_prompt("1.0.0"), to="development")

    assert registry.activate(change, by="author").payload.seq == 1
