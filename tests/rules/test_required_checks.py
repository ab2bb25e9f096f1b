"""What has to have passed before a change goes live, and doing without it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.changes import Status
from registry.documents import Tier
from registry.errors import (
    Conflict,
    ContentMoved,
    Contributed,
    Invalid,
    NotAllowed,
    NotChecked,
    NotFound,
    SessionNeeded,
)
from registry.evidence import UNTRIED, answers, tried
from registry.people import Limit, Role
from registry.policy_rules import FactName
from registry.required_checks import CheckState
from tests.rules.assembly import Registry
from tests.rules.bench import PEOPLE
from tests.rules.checking import (
    attach,
    content,
    require,
    required,
    stands,
    waive,
)
from tests.rules.texts import make_bot, make_prompt

PROMPT = "prompts/acme/refunds"


@pytest.fixture
def registry() -> Registry:
    people = PEOPLE | {
        "evaluator": ((Role.EVALUATOR,), ()),
        "second-risk": ((Role.VIEWER,), ("risk",)),
    }
    return require(Registry(people=people), required(waived_by=("risk",)))


@pytest.fixture
def change(registry: Registry) -> int:
    """A change that everybody has agreed to."""
    return registry.agree(registry.submit(make_prompt("1.0.0")))


def one(registry: Registry, change: int):
    (standing,) = stands(registry, change)
    return standing


def test_what_nobody_tried_does_not_go_live(registry, change):
    with pytest.raises(NotChecked, match="answers: Nothing was attached"):
        registry.activate(change)

    assert one(registry, change).state is CheckState.MISSING
    assert answers(registry.change(change)) == UNTRIED


def test_what_passed_goes_live(registry, change):
    attach(registry, change)

    registry.activate(change)

    assert registry.status(change) is Status.ACTIVATED
    assert answers(registry.change(change)) == "answers: 100 of 100 pass"


def test_a_later_failure_takes_the_place_of_what_passed(registry, change):
    attach(registry, change)
    attach(registry, change, failed=3)

    assert one(registry, change).state is CheckState.FAILED
    with pytest.raises(NotChecked, match="97 of 100 pass"):
        registry.activate(change)


def test_what_passes_later_takes_the_place_of_a_failure(registry, change):
    attach(registry, change, failed=3)
    attach(registry, change)

    assert one(registry, change).met


def test_a_result_of_another_name_meets_nothing(registry, change):
    attach(registry, change, name="other")

    assert one(registry, change).state is CheckState.MISSING


def test_a_result_says_nothing_about_another_revision(registry, change):
    attach(registry, change)
    registry.revise(change, make_prompt("1.0.0", "Be brief."))

    assert one(registry, change).state is CheckState.MISSING
    assert answers(registry.change(change)) == UNTRIED


def test_a_result_counts_again_when_the_content_comes_back(registry, change):
    attach(registry, change)
    registry.revise(change, make_prompt("1.0.0", "Be brief."))
    registry.revise(change, make_prompt("1.0.0"))

    assert one(registry, change).met


def test_nobody_who_contributed_vouches_for_a_change(registry, change):
    attach(registry, change, by="author", via="token:ci")

    assert one(registry, change).state is CheckState.NOT_INDEPENDENT
    with pytest.raises(NotChecked, match="has worked on the change"):
        registry.activate(change)


def test_a_contributors_failure_counts_and_their_success_hides_none(registry, change):
    attach(registry, change)
    attach(registry, change, by="author", failed=3)
    failed = one(registry, change).state
    attach(registry, change, failed=3)
    attach(registry, change, by="author")

    assert failed is CheckState.FAILED
    assert one(registry, change).state is CheckState.FAILED


def test_a_result_stops_counting_when_who_attached_it_becomes_a_contributor(registry):
    change = registry.submit(make_prompt("1.0.0"))
    attach(registry, change, by="editor")
    before = one(registry, change).met

    registry.revise(change, make_prompt("1.0.0", "Be brief."))
    registry.revise(change, make_prompt("1.0.0"), by="editor")

    assert before
    assert one(registry, change).state is CheckState.NOT_INDEPENDENT


def test_a_result_grows_old(registry, change):
    require(registry, required(max_age_days=7))
    attach(registry, change)
    registry.wait(days=7)
    young = one(registry, change).met

    registry.wait(seconds=1)

    assert young
    assert one(registry, change).state is CheckState.TOO_OLD
    with pytest.raises(NotChecked):
        registry.activate(change)


def test_it_takes_as_many_samples_as_the_policy_asks_for(registry, change):
    require(registry, required(min_samples=100))
    attach(registry, change, total=99)
    few = one(registry, change).state

    attach(registry, change, total=100)

    assert few is CheckState.TOO_FEW
    assert one(registry, change).met


def test_it_takes_as_many_from_production_as_the_policy_asks_for(registry, change):
    require(registry, required(min_production=50))
    attach(registry, change, production=49)
    few = one(registry, change).state

    attach(registry, change, production=50)

    assert few is CheckState.TOO_FEW_PRODUCTION
    assert one(registry, change).met


@pytest.mark.parametrize(
    ("about", "applies"),
    [
        ({"kinds": ("prompt",)}, True),
        ({"kinds": ("binding",)}, False),
        ({"names": ("acme/**",)}, True),
        ({"names": ("other/**",)}, False),
        ({"tiers": (Tier.LOW,)}, True),
        ({"tiers": (Tier.HIGH,)}, False),
        ({"facts": (FactName.WORDING_ONLY,)}, False),
    ],
    ids=str,
)
def test_it_is_asked_for_what_it_is_about(registry, change, about, applies):
    require(registry, required(**about))

    assert bool(stands(registry, change)) is applies


def test_a_check_may_be_asked_for_because_of_what_an_edit_does(registry):
    require(registry)
    registry.put(make_prompt("1.0.0"), make_bot("1.0.0"))
    require(registry, required(facts=(FactName.WORDING_ONLY,), kinds=("bot",)))

    change = registry.submit(make_prompt("1.0.1", "Be brief."))

    assert one(registry, change).because == ("bots/acme/support",)


def test_one_of_our_own_checks_can_be_required(registry, change):
    require(registry, required("schema"), required("cases"))

    schema, cases = stands(registry, change)

    assert schema.met
    assert (cases.state, cases.why) == (
        CheckState.MISSING,
        f"{PROMPT}: it has no case.",
    )
    with pytest.raises(NotChecked, match="cases:"):
        registry.activate(change)


def test_people_can_be_required_and_are_looked_at_again(registry):
    documents = make_prompt("1.0.0"), make_bot("1.0.0")
    change = registry.agree(registry.submit(*documents))
    require(registry, required("people"))

    with pytest.raises(NotChecked, match="names no risk-partner"):
        registry.activate(change)


def test_a_policy_is_tested_only_where_a_check_names_policies(registry):
    text = "environment: production\nrequirements: [{name: all, open: true}]\n"
    change = registry.submit_policy(text)
    free = stands(registry, change)
    require(registry, required(kinds=("policy",)))

    assert free == []
    assert one(registry, change).because == ("policy/production",)
    assert answers(registry.change(change)) is None


def test_a_stopped_bot_comes_back_untested(registry):
    require(registry)
    registry.put(make_prompt("1.0.0"), make_bot("1.0.0"))
    registry.stop()
    change = registry.agree(registry.resume())
    require(registry, required())

    assert stands(registry, change) == []
    registry.activate(change)


# Waivers.


def test_a_waived_check_lets_a_change_go_live(registry, change):
    waive(registry, change)

    standing = one(registry, change)

    assert (standing.state, standing.met) == (CheckState.WAIVED, True)
    assert "risk does without it for risk until 2026-05-10 12:00 UTC" in standing.why
    registry.activate(change)


def test_it_says_who_could_waive_it(registry, change):
    assert one(registry, change).could_waive == ("risk", "second-risk")


def test_a_waiver_ends(registry, change):
    waive(registry, change, days=1)
    registry.wait(days=1)

    with pytest.raises(NotChecked):
        registry.activate(change)


def test_a_waiver_is_for_one_revision(registry, change):
    waive(registry, change)
    registry.revise(change, make_prompt("1.0.0", "Be brief."))

    assert not one(registry, change).met


def test_a_waiver_counts_as_long_as_the_seat_is_held(registry, change):
    waive(registry, change)
    registry.set_person("risk", seats=())

    assert not one(registry, change).met


def test_a_waiver_stops_counting_when_its_author_contributes(registry):
    change = registry.submit(make_prompt("1.0.0"))
    waive(registry, change)
    digest = registry.change(change).revision.review_digest
    registry.revise(change, make_prompt("1.0.0", "Be brief."), by="risk")
    registry.pretend(change, review_digest=digest)

    assert not one(registry, change).met


def test_a_token_waives_nothing(registry, change):
    with pytest.raises(SessionNeeded):
        waive(registry, change, via="token:one")


@pytest.mark.parametrize(
    ("how", "refused"),
    [
        ({"by": "product", "seat": "product"}, NotAllowed),
        ({"by": "product", "seat": "risk"}, NotAllowed),
        ({"by": "viewer", "seat": "risk"}, NotAllowed),
        ({"check": "other"}, NotFound),
        ({"days": 0}, Invalid),
        ({"days": 31}, Invalid),
        ({"digest": "sha256:" + "0" * 64}, ContentMoved),
    ],
    ids=str,
)
def test_a_waiver_is_refused(registry, change, how, refused):
    with pytest.raises(refused):
        waive(registry, change, **how)

    assert registry.change(change).waivers == ()


def test_nobody_waives_for_what_they_contributed_to(registry):
    change = registry.submit(make_prompt("1.0.0"), by="risk")

    with pytest.raises(Contributed):
        waive(registry, change)


def test_what_is_met_needs_no_waiver(registry, change):
    attach(registry, change)

    with pytest.raises(Conflict, match="met already"):
        waive(registry, change)


def test_a_seat_that_is_held_elsewhere_waives_nothing_here(registry, change):
    elsewhere = Limit(held="risk", environments=(), names=("other/**",))
    registry.set_person("second-risk", limits=(elsewhere,))

    assert one(registry, change).could_waive == ("risk",)
    with pytest.raises(NotAllowed):
        waive(registry, change, by="second-risk")


# Whatever happens.


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["Be kind.", "Be brief.", "Be calm."]),
            st.integers(0, 2),
            st.booleans(),
        ),
        max_size=6,
    )
)
def test_a_result_of_another_content_never_counts(steps):
    """Results of whatever revision are attached; only the present one's counts."""
    people = PEOPLE | {"evaluator": ((Role.EVALUATOR,), ())}
    registry = require(Registry(people=people), required())
    change = registry.submit(make_prompt("1.0.0", "Be warm."))
    contents = [content(registry, change)]
    passed: dict[str, bool] = {}
    for text, of, passes in steps:
        registry.revise(change, make_prompt("1.0.0", text))
        contents.append(content(registry, change))
        named = contents[of % len(contents)]
        attach(registry, change, content=named, failed=0 if passes else 1)
        passed[named] = passes

    assert one(registry, change).met is passed.get(contents[-1], False)
    assert {t.last.result.content for t in tried(registry.change(change))} <= {
        contents[-1]
    }
