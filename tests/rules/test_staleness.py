"""When a change no longer fits what it was made on: it never does again."""

import pytest

from registry.changes import Status
from registry.errors import Stale
from tests.rules.assembly import Registry
from tests.rules.bench import PRODUCTION
from tests.rules.texts import (
    PROMPT,
    TONE,
    including,
    make_bot,
    make_fragment,
    make_prompt,
)

OTHER = "prompts/acme/other"


def refuse_as_stale(registry: Registry, change: int) -> None:
    """Nothing but a new revision helps a stale change."""
    assert registry.status(change) is Status.STALE
    with pytest.raises(Stale):
        registry.activate(change)
    with pytest.raises(Stale):
        registry.vote(change, "second-product")


def test_a_change_is_stale_when_its_base_moves(furnished):
    change = furnished.agree(furnished.submit(make_prompt("1.1.0")))

    furnished.put(make_prompt("1.2.0", "Be brief."))

    assert furnished.stale_because(change) == (
        "prompts/acme/refunds was replaced since"
    )
    refuse_as_stale(furnished, change)


def test_a_change_is_stale_when_its_base_is_deleted(furnished):
    change = furnished.agree(furnished.submit(make_fragment("1.1.0", "Be calm.")))

    furnished.put(make_prompt("1.1.0"), deleted=(TONE,))

    refuse_as_stale(furnished, change)


def test_a_change_is_stale_when_somebody_else_was_first_with_a_new_document(registry):
    change = registry.agree(registry.submit(make_prompt("1.1.0")))

    registry.put(make_prompt("1.0.0", "Be brief."))

    refuse_as_stale(registry, change)


def test_a_change_stays_stale_when_its_base_comes_back(furnished):
    change = furnished.agree(furnished.submit(make_prompt("1.1.0")))
    before = furnished.live()
    furnished.put(make_prompt("1.2.0", "Be brief."))

    furnished.roll_back(PROMPT, seq=1)

    assert furnished.live() == before
    assert furnished.stale_because(change) == (
        "prompts/acme/refunds was replaced and put back since"
    )
    refuse_as_stale(furnished, change)


def test_a_change_stays_stale_when_a_new_document_is_gone_again(registry):
    change = registry.agree(registry.submit(make_prompt("1.1.0")))
    registry.put(make_prompt("1.0.0", "Be brief."))

    registry.put(deleted=(PROMPT,))

    assert registry.live() == {}
    assert registry.stale_because(change) == (
        "prompts/acme/refunds was added and deleted again since"
    )
    refuse_as_stale(registry, change)


def test_a_change_is_stale_when_more_documents_use_what_it_edits(furnished):
    change = furnished.agree(furnished.submit(make_fragment("1.1.0", "Be calm.")))

    furnished.put(make_prompt("1.0.0", including(), name="acme/other"))
    while_used = furnished.stale_because(change)
    furnished.put(deleted=("prompts/acme/other",))

    assert while_used == "other documents use the edited ones now"
    assert furnished.stale_because(change) == (
        "other documents used the edited ones a while"
    )
    refuse_as_stale(furnished, change)


def test_a_change_is_stale_when_fewer_documents_use_what_it_edits(furnished):
    change = furnished.agree(furnished.submit(make_fragment("1.1.0", "Be calm.")))

    furnished.put(make_prompt("1.1.0"))

    refuse_as_stale(furnished, change)


def test_a_change_is_stale_when_a_bot_uses_a_user_of_what_it_edits(furnished):
    change = furnished.agree(furnished.submit(make_fragment("1.1.0", "Be calm.")))
    furnished.put(make_bot("1.0.0", name="acme/second"))
    refuse_as_stale(furnished, change)


def test_a_change_stays_stale_when_its_effect_is_the_old_one_again(furnished):
    change = furnished.agree(furnished.submit(make_fragment("1.1.0", "Be calm.")))
    furnished.put(make_prompt("1.0.0", including(), name="acme/other"))

    furnished.put(deleted=(OTHER,))

    refuse_as_stale(furnished, change)


def test_a_change_stays_stale_when_a_tier_is_the_old_one_again(furnished):
    change = furnished.agree(furnished.submit(make_fragment("1.1.0", "Be calm.")))
    furnished.put(make_prompt("1.1.0", including(), tier="medium"))

    furnished.roll_back(PROMPT, seq=1)

    refuse_as_stale(furnished, change)


@pytest.mark.parametrize("what", [{"tier": "medium"}, {"owner": "legal"}])
def test_a_change_is_stale_when_a_dependent_gets_another_tier_or_owner(furnished, what):
    change = furnished.agree(furnished.submit(make_fragment("1.1.0", "Be calm.")))

    furnished.put(make_prompt("1.1.0", including(), **what))

    assert furnished.stale_because(change) == (
        "prompts/acme/refunds has another tier or owner now"
    )
    refuse_as_stale(furnished, change)


def test_a_change_is_not_stale_when_a_dependent_says_something_else(furnished):
    change = furnished.agree(furnished.submit(make_fragment("1.1.0", "Be calm.")))

    furnished.put(make_prompt("1.1.0", including(text="Be brief.")))

    assert furnished.status(change) is Status.APPROVED
    furnished.activate(change)


def test_a_change_is_not_stale_when_users_move_and_its_effect_stays(furnished):
    furnished.put(
        make_prompt("1.0.0", including(), name="acme/other"),
        make_bot("1.1.0", ("acme/refunds", "acme/other")),
    )
    change = furnished.agree(furnished.submit(make_fragment("1.1.0", "Be calm.")))

    furnished.put(make_bot("2.0.0"))  # still uses one prompt with the fragment

    assert furnished.status(change) is Status.APPROVED


def test_a_change_is_not_stale_when_something_unrelated_moves(furnished):
    change = furnished.agree(furnished.submit(make_prompt("1.1.0")))

    furnished.put(make_prompt("1.0.0", name="acme/unrelated"))
    furnished.stop()

    assert furnished.status(change) is Status.APPROVED


def test_a_low_change_is_not_stale_when_a_fragment_moves_under_it(furnished):
    change = furnished.agree(
        furnished.submit(make_prompt("1.1.0", including(text="Be brief.")))
    )

    furnished.put(make_fragment("1.1.0", "Be calm."))

    assert furnished.status(change) is Status.APPROVED


def test_a_high_change_is_stale_when_a_fragment_moves_under_it(furnished):
    text = including(text="Be brief.")
    change = furnished.agree(furnished.submit(make_prompt("1.1.0", text, tier="high")))

    furnished.put(make_fragment("1.1.0", "Be calm."))

    assert furnished.stale_because(change) == (
        "prompts/acme/refunds reads differently now"
    )
    refuse_as_stale(furnished, change)


def test_a_high_change_stays_stale_when_the_fragment_under_it_comes_back(furnished):
    text = including(text="Be brief.")
    change = furnished.agree(furnished.submit(make_prompt("1.1.0", text, tier="high")))
    furnished.put(make_fragment("1.1.0", "Be calm."))

    furnished.roll_back(TONE, seq=1)

    assert furnished.stale_because(change) == (
        "prompts/acme/refunds read differently for a while"
    )
    refuse_as_stale(furnished, change)


def test_a_high_change_is_stale_when_a_fragment_moves_that_it_begins_to_use(furnished):
    new = make_prompt("1.0.0", including(), name="acme/new", tier="high")
    change = furnished.agree(furnished.submit(new))

    furnished.put(make_fragment("1.1.0", "Be calm."))

    assert furnished.stale_because(change) == (
        "fragments/acme/tone, which it was made with, was replaced since"
    )
    refuse_as_stale(furnished, change)


def test_a_high_change_is_stale_when_what_it_begins_to_use_is_deleted(registry):
    registry.put(make_fragment("1.0.0"))
    new = make_prompt("1.0.0", including(), tier="high")
    change = registry.agree(registry.submit(new))

    registry.put(deleted=(TONE,))

    refuse_as_stale(registry, change)


def test_a_high_change_stays_stale_when_the_fragment_comes_back(furnished):
    new = make_prompt("1.0.0", including(), name="acme/new", tier="high")
    change = furnished.agree(furnished.submit(new))
    furnished.put(make_fragment("1.1.0", "Be calm."))

    furnished.roll_back(TONE, seq=1)

    refuse_as_stale(furnished, change)


def test_the_policy_says_for_which_tiers_the_texts_are_bound():
    registry = Registry(production=PRODUCTION + "bind_composed: [low]\n")
    registry.put(make_fragment("1.0.0"), make_prompt("1.0.0", including()))
    text = including(text="Be brief.")
    change = registry.agree(registry.submit(make_prompt("1.1.0", text)))

    registry.put(make_fragment("1.1.0", "Be calm."))

    assert registry.status(change) is Status.STALE


def test_a_new_policy_makes_open_changes_stale(registry):
    change = registry.agree(registry.submit(make_prompt("1.0.0")))

    registry.put_policy(PRODUCTION + "change_days: 7\n")

    assert registry.stale_because(change) == "the policy of production has changed"
    refuse_as_stale(registry, change)


def test_a_change_stays_stale_when_the_old_policy_comes_back(registry):
    change = registry.agree(registry.submit(make_prompt("1.0.0")))
    registry.put_policy(PRODUCTION + "change_days: 7\n")

    registry.put_policy(PRODUCTION)

    assert registry.stale_because(change) == (
        "the policy of production was changed and put back since"
    )
    refuse_as_stale(registry, change)


def test_a_new_policy_of_one_environment_leaves_the_changes_of_others(registry):
    change = registry.agree(registry.submit(make_prompt("1.0.0"), to="staging"))

    registry.put_policy(PRODUCTION + "change_days: 7\n")

    assert registry.status(change) is Status.APPROVED


def test_a_new_policy_makes_open_policy_changes_stale(registry):
    change = registry.agree(registry.submit_policy(PRODUCTION + "change_days: 9\n"))

    registry.put_policy(PRODUCTION + "change_days: 7\n")

    with pytest.raises(Stale):
        registry.activate(change)


def test_a_new_revision_makes_a_stale_change_current(furnished):
    change = furnished.submit(make_prompt("1.1.0"))
    furnished.put(make_prompt("1.2.0", "Be brief."))
    stale = furnished.status(change)

    furnished.revise(change, make_prompt("1.3.0"))

    assert stale is Status.STALE
    assert furnished.status(change) is Status.WAITING


def test_a_new_revision_forgets_what_moved_for_the_one_before(registry):
    change = registry.submit(make_prompt("1.1.0"))
    registry.put(make_prompt("1.0.0", "Be brief."))
    registry.put(deleted=(PROMPT,))

    registry.revise(change, make_prompt("1.1.0"))
    registry.agree(change)

    assert registry.status(change) is Status.APPROVED


def test_of_two_overlapping_changes_at_most_one_goes_live(furnished):
    first = furnished.agree(furnished.submit(make_prompt("1.1.0", "One.")))
    second = furnished.agree(
        furnished.submit(make_prompt("1.2.0", "Two."), make_fragment("1.1.0"))
    )

    furnished.activate(first)

    refuse_as_stale(furnished, second)


def test_of_two_changes_that_bring_the_same_document_at_most_one_goes_live(registry):
    first = registry.agree(registry.submit(make_prompt("1.0.0")))
    second = registry.agree(registry.submit(make_prompt("1.0.0")))

    registry.activate(first)

    refuse_as_stale(registry, second)


def test_what_moved_is_told_with_what_uses_it_and_not_with_what_was_edited(furnished):
    """The edited prompt does not include it: another prompt of its bot does."""
    furnished.put(
        make_fragment("1.0.0", name="acme/greeting"),
        make_prompt("1.0.0", including("fragments/acme/greeting"), name="acme/other"),
        make_bot("1.1.0", ("acme/refunds", "acme/other")),
    )
    text = including(text="Be brief.")
    change = furnished.agree(furnished.submit(make_prompt("1.1.0", text, tier="high")))

    furnished.put(make_fragment("1.1.0", "Hi.", name="acme/greeting"))

    assert furnished.stale_because(change) == (
        "fragments/acme/greeting, which prompts/acme/other includes, was replaced since"
    )


def test_what_a_bot_only_refers_to_is_not_said_to_be_included(furnished):
    furnished.put(
        make_prompt("1.0.0", "Hello.", name="acme/other"),
        make_bot("1.1.0", ("acme/refunds", "acme/other")),
    )
    text = including(text="Be brief.")
    change = furnished.agree(furnished.submit(make_prompt("1.1.0", text, tier="high")))

    furnished.put(make_prompt("1.1.0", "Hi.", name="acme/other"))

    assert furnished.stale_because(change) == (
        "prompts/acme/other, which bots/acme/support uses, was replaced since"
    )


def test_whoever_is_refused_is_told_exactly_what_comes_next(furnished):
    edit = furnished.agree(furnished.submit(make_prompt("1.1.0")))
    furnished.stop()
    again = furnished.agree(furnished.resume())
    furnished.put(make_prompt("1.2.0", "Be brief."))

    hints = {}
    for change in (edit, again):
        with pytest.raises(Stale) as refused:
            furnished.activate(change)
        hints[change] = refused.value.hint

    assert f"`placet submit work/ --change {edit}`" in hints[edit]
    assert f"`placet withdraw {again}`" in hints[again]
    assert "`placet resume production acme/support`" in hints[again]
