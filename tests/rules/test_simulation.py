"""Which changes another policy would decide differently."""

import pytest

from registry.decision_differences import Difference
from registry.errors import Invalid, NotFound
from registry.policy_text import parse_policy
from registry.simulation import Differing, simulate
from tests.rules.assembly import Registry
from tests.rules.bench import PEOPLE, PRODUCTION
from tests.rules.texts import make_bot, make_prompt

LEGAL_TOO = PRODUCTION + "  - {name: legal agrees, seat: legal, kinds: [prompt]}\n"


def simulated(registry: Registry, text: str, last: int = 50) -> dict[int, Differing]:
    policy = parse_policy(text.encode()).policy
    found = simulate(
        registry.state, policy, registry.documents, registry.now, last=last
    )
    return {one.change: one for one in found.differing}


def kinds(found: Differing) -> list[Difference]:
    return [one.difference for one in found.told]


def test_the_policy_in_force_decides_nothing_differently(moved):
    moved.submit(make_prompt("1.2.0", "Be nice."))

    assert simulated(moved, PRODUCTION) == {}


def test_a_change_that_went_live_is_told_whom_it_would_have_waited_for(registry):
    change = registry.put(make_prompt("1.0.0"))

    found = simulated(registry, LEGAL_TOO)[change]

    assert kinds(found) == [Difference.ASKED_OF_OTHERS, Difference.NOT_AGREED]
    assert [one.sentence for one in found.told] == [
        "It would also ask 1 of legal (legal agrees), for prompts/acme/refunds.",
        "With the votes that it has it would wait for: legal agrees.",
    ]
    assert found.activated_at == registry.change(change).closed_at


def test_an_open_change_is_told_what_would_be_asked_of_it(registry):
    change = registry.submit(make_prompt("1.0.0"))

    found = simulated(registry, LEGAL_TOO)[change]

    assert kinds(found) == [Difference.ASKED_OF_OTHERS]
    assert found.activated_at is None


def test_a_change_that_would_be_asked_of_fewer_is_told_so(registry):
    change = registry.submit(make_prompt("1.0.0", tier="high"))
    registry.vote(change, "product")
    without_risk = PRODUCTION.replace("  - {name: risk agrees", "  # {name: risk")

    found = simulated(registry, without_risk)[change]

    assert kinds(found) == [Difference.ASKED_OF_OTHERS, Difference.AGREED]
    assert found.told[0].sentence == (
        "It would no longer ask 1 of risk (risk agrees), for prompts/acme/refunds."
    )


def test_a_requirement_that_is_only_called_otherwise_makes_no_difference(registry):
    registry.put(make_prompt("1.0.0"))

    assert simulated(registry, PRODUCTION.replace("product agrees", "they agree")) == {}


def test_what_nobody_covers_is_blocked(registry):
    change = registry.submit(make_prompt("1.0.0"))

    found = simulated(
        registry,
        "environment: production\n"
        "requirements: [{name: a, seat: product, kinds: [bot, policy]}]\n",
    )

    assert Difference.BLOCKED in kinds(found[change])
    assert "prompts/acme/refunds" in found[change].told[-1].sentence


def test_a_seat_that_nobody_holds_is_told(registry):
    change = registry.submit(make_prompt("1.0.0"))

    found = simulated(registry, PRODUCTION.replace("seat: product", "seat: nobody"))

    assert Difference.NOBODY_ELIGIBLE in kinds(found[change])


def test_a_check_that_would_be_missing_is_told_with_who_could_do_without(registry):
    change = registry.put(make_prompt("1.0.0"))

    found = simulated(
        registry, PRODUCTION + "checks: [{name: answers, waived_by: [legal]}]\n"
    )[change]

    (only,) = found.told
    assert only.difference is Difference.NEEDS_WAIVER
    assert "legal could do without it" in only.sentence


def test_a_freeze_that_would_have_kept_it_back_is_told(registry):
    """Noon of the tests is on a Sunday."""
    change = registry.put(make_prompt("1.0.0"))
    weekend = "{name: weekend, zone: UTC, start: sat 00:00, end: mon 00:00}"

    found = simulated(registry, PRODUCTION + f"freezes: [{weekend}]\n")[change]

    assert kinds(found) == [Difference.FROZEN]


def test_a_vote_that_would_have_lapsed_is_told(registry):
    change = registry.agree(registry.submit(make_prompt("1.0.0")))
    registry.wait(days=9)
    registry.activate(change)

    found = simulated(registry, PRODUCTION + "vote_days: 7\n")[change]

    assert kinds(found) == [Difference.NOT_AGREED]


def test_an_activator_who_contributed_is_told():
    people = PEOPLE | {"operator": (("operator", "author"), ())}
    registry = Registry(people=people)
    change = registry.agree(registry.submit(make_prompt("1.0.0"), by="operator"))
    registry.activate(change, by="operator")

    found = simulated(registry, PRODUCTION + "separate_tiers: [low]\n")[change]

    assert kinds(found) == [Difference.ACTIVATED_BY_ANOTHER]


def test_who_has_left_since_makes_no_difference(registry):
    registry.put(make_prompt("1.0.0"))
    registry.set_person("product", seats=())

    assert simulated(registry, PRODUCTION + "change_days: 20\n") == {}


def test_the_floor_of_production_holds_in_a_simulation(registry):
    change = registry.submit(make_prompt("1.0.0"))
    anybody = "environment: production\nrequirements: [{name: a, open: true}]\n"

    assert Difference.AGREED not in kinds(simulated(registry, anybody)[change])


def test_only_the_last_ones_are_looked_at(registry):
    first = registry.put(make_prompt("1.0.0"))
    second = registry.put(make_prompt("1.0.0", name="acme/other"))

    assert set(simulated(registry, LEGAL_TOO)) == {first, second}
    assert set(simulated(registry, LEGAL_TOO, last=1)) == {second}
    assert simulated(registry, LEGAL_TOO, last=0) == {}


def test_other_environments_are_left_out(registry):
    registry.put(make_prompt("1.0.0"), to="staging")

    assert simulated(registry, LEGAL_TOO) == {}


def test_a_policy_change_is_simulated_with_the_policy_that_it_proposes(registry):
    change = registry.submit_policy(PRODUCTION + "change_days: 20\n")

    found = simulated(registry, PRODUCTION.replace("seat: board", "seat: legal"))

    assert [one.sentence for one in found[change].told] == [
        "It would also ask 1 of legal (the board agrees), for policy/production.",
    ]


def test_facts_are_asked_for_as_when_they_were_told(registry):
    registry.put(make_prompt("1.0.0"), make_bot("1.0.0"))
    change = registry.put(make_prompt("1.0.1", "Be brief."))
    words = "  - {name: words, seat: legal, facts: [wording-only]}\n"

    found = simulated(registry, PRODUCTION + words)

    assert set(found) == {change}
    assert "bots/acme/support, prompts/acme/refunds" in found[change].told[0].sentence


def test_nothing_is_simulated_for_an_environment_that_is_not_there(registry):
    with pytest.raises(NotFound):
        simulated(registry, PRODUCTION.replace("production", "nowhere"))


@pytest.mark.parametrize("last", [-1, 1001])
def test_how_many_are_looked_at_is_bounded(registry, last):
    with pytest.raises(Invalid, match="no number of changes"):
        simulated(registry, PRODUCTION, last=last)
