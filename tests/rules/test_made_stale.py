"""What an act makes stale, told before it and after: `registry/made_stale.py`."""

import pytest

from registry import commands
from registry.activations import preview
from registry.announcements import announce
from registry.changes import Status, Verdict
from registry.errors import NotOpen, Stale
from registry.made_stale import MadeStale, made_stale
from registry.notices import Notice
from registry.people import Role
from registry.policy_rules import EmergencyRule
from registry.promotions import preview as preview_promotion
from tests.rules.assembly import Registry
from tests.rules.bench import PRODUCTION
from tests.rules.texts import PROMPT, including, make_fragment, make_prompt

OTHER = "prompts/acme/other"


def foreseen(registry: Registry, change: int) -> tuple[MadeStale, ...]:
    situation = registry.situation("viewer")
    return preview(situation, change).makes_stale


def stale(registry: Registry) -> set[int]:
    numbers = registry.state.open_changes
    return {one for one in numbers if registry.status(one) is Status.STALE}


def numbers(found: tuple[MadeStale, ...]) -> set[int]:
    return {one.change for one in found}


def two(registry: Registry) -> tuple[int, int]:
    """Two changes of the same prompt, and one of another."""
    first = registry.submit(make_prompt("1.1.0", "Be calm."), title="Calm")
    second = registry.submit(make_prompt("1.1.0", "Be brief."), by="editor")
    registry.submit(make_prompt("1.0.0", name="acme/other"))
    return first, second


def test_before_a_change_goes_live_it_is_told_which_others_it_makes_stale(furnished):
    first, second = two(furnished)
    furnished.vote(first, "product")

    (told,) = foreseen(furnished, second)

    assert told == MadeStale(
        change=first,
        title="Calm",
        author="author",
        document=PROMPT,
        why="prompts/acme/refunds was replaced since",
        voters=("product",),
    )


def test_what_is_told_before_is_what_becomes_stale(furnished):
    first, second = two(furnished)
    furnished.agree(first)
    told = foreseen(furnished, first)

    furnished.activate(first)

    assert numbers(told) == stale(furnished) == {second}


def test_what_only_reads_differently_collides_with_what_it_includes(furnished):
    text = including(text="Be brief.")
    strict = furnished.submit(make_prompt("1.1.0", text, tier="high"))
    fragment = furnished.agree(furnished.submit(make_fragment("1.1.0", "Be calm.")))

    (told,) = foreseen(furnished, fragment)
    furnished.activate(fragment)

    assert (told.change, told.document) == (strict, PROMPT)
    assert stale(furnished) == {strict}


def test_a_new_policy_makes_all_of_its_environment_stale(registry):
    mine = registry.submit(make_prompt("1.0.0"))
    registry.submit(make_prompt("1.0.0"), to="staging")
    policy = registry.agree(registry.submit_policy(PRODUCTION + "change_days: 7\n"))

    (told,) = foreseen(registry, policy)
    registry.activate(policy)

    assert (told.change, told.document) == (mine, "policy/production")
    assert stale(registry) == {mine}


def test_a_bot_that_answers_again_makes_the_other_proposal_of_it_stale(furnished):
    furnished.stop()
    first, second = furnished.resume(), furnished.resume()
    furnished.agree(first)

    (told,) = foreseen(furnished, first)
    furnished.activate(first)

    assert (told.change, told.document) == (second, "bots/acme/support")
    assert stale(furnished) == {second}


def test_a_rollback_tells_what_it_makes_stale(furnished):
    furnished.put(make_prompt("1.1.0", "Be brief."))
    change = furnished.submit(make_prompt("1.2.0", "Be calm."))
    furnished.vote(change, "product")

    (told,) = furnished.preview(PROMPT, seq=1).makes_stale
    furnished.roll_back(PROMPT, seq=1)

    assert (told.change, told.voters) == (change, ("product",))
    assert stale(furnished) == {change}


def test_a_promotion_tells_what_it_will_make_stale(furnished):
    furnished.put(make_prompt("1.1.0", "Be brief."), to="development")
    change = furnished.submit(make_prompt("1.2.0", "Be calm."))
    asked = commands.Promote(
        title="Bring it on",
        source="development",
        target="production",
        documents=(PROMPT,),
        earliest=None,
    )

    told = preview_promotion(furnished.situation("viewer"), asked).makes_stale
    furnished.bring(PROMPT)

    assert numbers(told) == stale(furnished) == {change}


def test_an_emergency_tells_what_it_makes_stale(furnished):
    rule = EmergencyRule(seats=("incident",), kinds=(), names=(), ratify_hours=24)
    furnished.set_person("responder", roles=(Role.AUTHOR,), seats=("incident",))
    furnished.govern(emergency=rule)
    first, second = two(furnished)

    told = foreseen(furnished, first)  # nobody has agreed to it
    furnished.activate_in_emergency(first)

    assert numbers(told) == stale(furnished) == {second}


def test_what_is_stale_or_has_expired_is_not_made_stale(furnished):
    first, second = two(furnished)
    furnished.agree(first)
    furnished.put(make_prompt("1.2.0", "Be short."))
    later = furnished.agree(furnished.submit(make_prompt("1.3.0", "Be very short.")))

    assert stale(furnished) == {first, second}
    assert foreseen(furnished, later) == ()


def test_what_has_expired_is_not_made_stale(furnished):
    two(furnished)
    furnished.wait(days=400)
    fresh = furnished.submit(make_prompt("1.2.0", "Be short."))

    assert foreseen(furnished, fresh) == ()


def test_a_veto_is_not_lost_with_the_revision(furnished):
    first, second = two(furnished)
    furnished.vote(first, "product", Verdict.VETO)
    furnished.vote(first, "second-product", Verdict.ASK)

    (told,) = foreseen(furnished, second)

    assert told.voters == ("second-product",)


def test_what_cannot_go_live_says_so_instead(furnished):
    first, second = two(furnished)
    furnished.activate(furnished.agree(first))

    with pytest.raises(Stale):
        foreseen(furnished, second)
    with pytest.raises(NotOpen):
        foreseen(furnished, first)


def test_nothing_becomes_stale_by_what_touches_nothing(furnished):
    first, _ = two(furnished)
    before = furnished.state

    furnished.stop()
    furnished.vote(first, "product")

    assert made_stale(before, furnished.state, furnished.now) == ()


def test_author_and_voters_are_told_once_that_it_is_stale(furnished):
    first, second = two(furnished)
    furnished.vote(first, "second-product")
    before = furnished.state

    event = furnished.activate(furnished.agree(second))

    told = announced(furnished, event, before)
    (notice,) = told
    assert notice.kind == "change-stale"
    assert notice.change == first
    assert notice.audience.handles == ("author", "second-product")
    assert "prompts/acme/refunds was replaced since" in notice.subject
    assert f"placet submit work/ --change {first}" in notice.body[1]
    assert announced(furnished, event, before) == told


def test_whoever_vetoed_is_told_that_it_is_stale(furnished):
    first, second = two(furnished)
    furnished.vote(first, "second-product", Verdict.VETO)
    before = furnished.state

    event = furnished.activate(furnished.agree(second))

    (notice,) = announced(furnished, event, before)
    assert notice.audience.handles == ("author", "second-product")
    assert notice.body[0] == "Nobody's vote is lost by it."


def test_each_stale_change_has_a_notice_of_its_own(furnished):
    first, second = two(furnished)
    third = furnished.submit(make_prompt("1.1.0", "Be short."), by="promoter")
    furnished.agree(second)
    before = furnished.state

    told = announced(furnished, furnished.activate(second), before)

    assert [one.change for one in told] == [first, third]
    assert len({one.id for one in told}) == 2


def announced(registry: Registry, event, before) -> list[Notice]:
    found = announce(before, registry.state, event)
    return [one for one in found if one.kind == "change-stale"]
