"""What has to have passed before a change goes live, and doing without it."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry import commands
from registry.changes import Status
from registry.check_lines import Line, LineState
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
    Stale,
)
from registry.evidence import UNTRIED, answers, tried
from registry.names import Ref
from registry.people import Limit, Role
from registry.policy_rules import FactName
from registry.required_checks import CheckState, check_standings
from tests.rules.assembly import Registry
from tests.rules.bench import PEOPLE, PRODUCTION
from tests.rules.checking import (
    attach,
    content,
    require,
    required,
    result,
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


def test_the_words_for_where_a_check_stands_stay():
    """Programs ask by them."""
    assert " ".join(CheckState) == (
        "met waived failed missing not-independent too-old too-few-samples "
        "too-few-from-production"
    )


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


def test_only_what_an_evaluator_attached_meets_a_required_check(registry, change):
    attach(registry, change, by="editor", via="token:ci")

    assert one(registry, change).state is CheckState.NOT_INDEPENDENT
    with pytest.raises(NotChecked, match="editor, who attached it, is no evaluator"):
        registry.activate(change)
    attach(registry, change)
    registry.activate(change)


def test_an_evaluator_vouches_where_they_hold_the_role(registry, change):
    elsewhere = Limit(held=Role.EVALUATOR, environments=(), names=("bank/**",))
    both = (Role.AUTHOR, Role.EVALUATOR)
    registry.set_person("editor", roles=both, limits=(elsewhere,))
    attach(registry, change, by="editor")
    limited = one(registry, change).state

    registry.set_person("editor", limits=())
    attach(registry, change, by="editor")

    assert limited is CheckState.NOT_INDEPENDENT
    assert one(registry, change).met


def test_a_token_vouches_only_with_the_role_that_its_scope_has(registry, change):
    registry.set_person("editor", roles=(Role.AUTHOR, Role.EVALUATOR))
    command = commands.AttachCheck(
        change=change, result=result(content(registry, change))
    )
    registry.act("editor", command, via="token:ci", roles=(Role.AUTHOR,))
    author_only = one(registry, change).state

    both = (Role.AUTHOR, Role.EVALUATOR)
    registry.act("editor", command, via="token:ci", roles=both)

    assert author_only is CheckState.NOT_INDEPENDENT
    assert one(registry, change).met


def test_what_an_author_attached_hides_no_failure_and_fails_itself(registry, change):
    attach(registry, change, failed=3)
    attach(registry, change, by="editor")
    hidden = one(registry, change).state
    attach(registry, change)
    attach(registry, change, by="editor", failed=3)

    assert hidden is CheckState.FAILED
    assert one(registry, change).state is CheckState.FAILED


def test_a_contributors_failure_counts_and_their_success_hides_none(registry, change):
    attach(registry, change)
    attach(registry, change, by="author", failed=3)
    failed = one(registry, change).state
    attach(registry, change, failed=3)
    attach(registry, change, by="author")

    assert failed is CheckState.FAILED
    assert one(registry, change).state is CheckState.FAILED


def test_a_result_stops_counting_when_who_attached_it_becomes_a_contributor(registry):
    registry.set_person("editor", roles=(Role.AUTHOR, Role.EVALUATOR))
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


def test_a_result_counts_up_to_the_moment(registry, change):
    require(registry, required(max_age_days=7))
    registry.now = attach(registry, change).at + timedelta(days=7)

    assert one(registry, change).met


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


OWNED_BY_ANOTHER = make_prompt("2.0.0", owner="legal")


def test_a_check_is_asked_for_of_what_begins_to_use_what_an_edit_changes(registry):
    require(registry)
    registry.put(make_prompt("1.0.0"))
    require(registry, required(facts=(FactName.OWNER_CHANGED,), kinds=("bot",)))

    change = registry.submit(OWNED_BY_ANOTHER, make_bot("1.0.0"))

    assert one(registry, change).because == ("bots/acme/support",)


def test_it_stays_asked_for_of_what_has_ceased_to_use_it(registry):
    require(registry)
    other = make_prompt("1.0.0", name="acme/other")
    registry.put(make_prompt("1.0.0"), make_bot("1.0.0"), other)
    change = registry.put(OWNED_BY_ANOTHER, make_bot("2.0.0", ("acme/other",)))

    require(registry, required(facts=(FactName.OWNER_CHANGED,), kinds=("bot",)))

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


def said(
    state: LineState, sentence: str, document: str | None = PROMPT, check: str = "cases"
) -> Line:
    where = Ref(document) if document else None
    return Line(
        check=check, state=state, sentence=sentence, document=where, line=0, hint=""
    )


@pytest.mark.parametrize(
    ("lines", "state", "why"),
    [
        ((), CheckState.MET, "There is nothing to say against it."),
        (
            (said(LineState.PASSED, "One."), said(LineState.PASSED, "Two.")),
            *(CheckState.MET, "One."),
        ),
        (
            (said(LineState.FAILED, "It is bad."), said(LineState.PASSED, "Two.")),
            *(CheckState.FAILED, f"{PROMPT}: It is bad."),
        ),
        (
            (said(LineState.WARNED, "One", None), said(LineState.NOT_MEASURED, "Two")),
            *(CheckState.FAILED, "One, and 1 more."),
        ),
        (
            tuple(said(LineState.NOT_MEASURED, one) for one in ("One", "Two", "Three")),
            *(CheckState.MISSING, f"{PROMPT}: One, and 2 more."),
        ),
        (
            (said(LineState.FAILED, "Elsewhere", "prompts/acme/other"),),
            *(CheckState.MET, "There is nothing to say against it."),
        ),
        (
            (said(LineState.FAILED, "Another", check="schema"),),
            *(CheckState.MET, "There is nothing to say against it."),
        ),
    ],
)
def test_what_our_own_check_says_is_told_with_the_worst_first(
    registry, change, lines, state, why
):
    require(registry, required("cases"))
    asked = registry.state, registry.change(change), registry.documents, registry.now

    (standing,) = check_standings(*asked, own=lines)

    assert (standing.state, standing.why) == (state, why)


def test_our_own_checks_are_looked_at_beside_those_of_others(registry, change):
    require(registry, required(), required("cases"))

    _, cases = stands(registry, change)

    assert cases.state is CheckState.MISSING


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


def test_of_another_policy_the_one_in_force_and_the_proposed_one_require_theirs():
    registry = Registry(people=PEOPLE | {"evaluator": ((Role.EVALUATOR,), ())})
    require(registry, required("wording", kinds=("policy",)))
    asked = "checks: [{name: answers, kinds: [policy]}, {name: wording}]\n"
    change = registry.agree(registry.submit_policy(PRODUCTION + asked))

    assert [one.name for one in stands(registry, change)] == ["wording", "answers"]
    waived = required("answers", kinds=("policy",), waived_by=("risk",))
    require(registry, required("wording", kinds=("policy",)), waived)
    assert len(stands(registry, change)) == 3  # what either says is asked as it says it
    require(registry)
    with pytest.raises(NotChecked, match="answers: Nothing was attached"):
        registry.activate(change)


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


def test_any_seat_that_may_waive_it_could(registry, change):
    require(registry, required(waived_by=("legal", "risk")))

    assert one(registry, change).could_waive == ("legal", "risk", "second-risk")


def test_nobody_could_waive_what_is_met(registry, change):
    attach(registry, change)

    assert one(registry, change).could_waive == ()


def test_what_is_met_is_met_also_with_a_waiver(registry, change):
    waive(registry, change)
    attach(registry, change)

    assert one(registry, change).state is CheckState.MET


def test_a_waiver_of_one_check_waives_no_other(registry, change):
    tone = required("tone", waived_by=("risk",))
    require(registry, required(waived_by=("risk",)), tone)

    waive(registry, change)

    assert [standing.met for standing in stands(registry, change)] == [True, False]


def test_of_two_waivers_the_longer_is_told(registry, change):
    waive(registry, change, days=2)
    registry.set_person("risk", seats=())
    waive(registry, change, by="second-risk", days=7)
    registry.set_person("risk", seats=("risk",))

    why = one(registry, change).why

    assert "second-risk does without it for risk until 2026-05-10" in why


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


def test_a_waiver_ends_after_thirty_days_at_most_and_later_than_now(registry, change):
    registry.wait(minutes=1)

    with pytest.raises(Invalid, match="at most thirty days"):
        waive(registry, change, days=0)
    waive(registry, change, days=30)


def test_a_waiver_ends_at_a_moment_with_its_zone(registry, change):
    command = commands.WaiveCheck(
        change=change,
        review_digest=registry.change(change).revision.review_digest,
        check="answers",
        seat="risk",
        reason="It is only a comma.",
        expires=(registry.now + timedelta(days=3)).replace(tzinfo=None),
    )

    with pytest.raises(Invalid, match="at most thirty days"):
        registry.act("risk", command)


def test_a_stale_change_is_waived_nothing(registry, change):
    other = registry.submit(make_prompt("1.0.0", "Be brief."))
    waive(registry, other)
    registry.activate(registry.agree(other))

    with pytest.raises(Stale):
        waive(registry, change)


def test_a_seat_that_was_just_given_cools_down_before_it_waives(registry, change):
    registry.govern(seat_hours=24)
    registry.set_person("viewer", seats=("risk",))

    with pytest.raises(NotAllowed, match="cools down"):
        waive(registry, change, by="viewer")

    registry.wait(hours=25)
    waive(registry, change, by="viewer")


def test_of_two_checks_of_one_name_each_seat_waives_its_own(registry, change):
    by_legal = required(waived_by=("legal",))
    require(registry, required(waived_by=("risk",)), by_legal)

    waive(registry, change)

    assert [standing.met for standing in stands(registry, change)] == [True, False]


def test_of_two_checks_of_one_name_one_that_is_met_waives_not_the_other(
    registry, change
):
    many = required(waived_by=("risk",), min_samples=1000)
    require(registry, required(waived_by=("risk",)), many)
    attach(registry, change)

    waive(registry, change)

    assert all(standing.met for standing in stands(registry, change))


def test_another_check_that_is_not_met_is_no_reason_to_waive(registry, change):
    require(registry, required(waived_by=("risk",)), required("tone"))
    attach(registry, change)

    with pytest.raises(Conflict, match="answers is met already"):
        waive(registry, change)


@pytest.mark.parametrize(
    ("checks", "hint"),
    [
        (("answers", "tone"), "Required checks of it: answers, tone."),
        ((), "Required checks of it: none."),
    ],
)
def test_whoever_waives_what_nobody_asks_for_is_told_what_is(
    registry, change, checks, hint
):
    require(registry, *(required(name) for name in checks))

    with pytest.raises(NotFound) as refused:
        waive(registry, change, check="other")

    assert refused.value.hint == hint


def test_whoever_may_not_waive_is_told_who_may(registry, change):
    require(registry, required(waived_by=("risk", "legal", "board")))

    with pytest.raises(NotAllowed) as refused:
        waive(registry, change, by="product", seat="product")

    assert refused.value.hint == "The policy gives that to: board, legal, risk."


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
