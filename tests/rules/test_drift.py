"""The rules at the top of `registry/drift.py`."""

from datetime import timedelta

import pytest

from registry.drift import Drift, Relation, drift
from registry.errors import Invalid, NotFound
from registry.names import Ref
from tests.rules.assembly import Registry
from tests.rules.texts import BOT, PROMPT, TONE, make_fragment, make_prompt

OTHER = "prompts/acme/other"


def between(
    registry: Registry,
    here: str = "development",
    there: str = "production",
    bot: str | None = None,
    later: timedelta = timedelta(0),
) -> Drift:
    situation = registry.situation("operator")
    state = situation.state
    return drift(
        state,
        state.environment(here),
        state.environment(there),
        bot=None if bot is None else Ref(bot),
        now=situation.now + later,
    )


def found(drifted: Drift, document: str = TONE):
    return next(one for one in drifted.documents if one.document == document)


@pytest.fixture
def aligned(developed: Registry) -> Registry:
    """The same bot in development and production."""
    developed.bring(BOT)
    return developed


def test_what_was_promoted_is_the_same(aligned):
    drifted = between(aligned)

    assert {one.relation for one in drifted.documents} == {Relation.SAME}
    assert all(one.reads_alike for one in drifted.documents)
    assert drifted.promote == ()


def test_what_only_one_has_is_told_from_both_sides(developed):
    assert found(between(developed)).relation is Relation.ONLY_HERE
    back = between(developed, "production", "development")
    assert found(back).relation is Relation.ONLY_THERE
    assert back.promote == ()


def test_what_was_edited_on_is_ahead_and_from_the_other_side_behind(aligned):
    aligned.put(make_fragment("1.1.0", "Be calm."), to="development")

    assert found(between(aligned)).relation is Relation.AHEAD
    back = found(between(aligned, "production", "development"))
    assert back.relation is Relation.BEHIND


def test_edits_of_both_by_themselves_have_diverged_whatever_their_versions(aligned):
    aligned.put(make_fragment("1.1.0", "Be calm."), to="development")
    aligned.put(make_fragment("1.2.0", "Be warm."), to="production")

    assert found(between(aligned)).relation is Relation.DIVERGED
    back = found(between(aligned, "production", "development"))
    assert back.relation is Relation.DIVERGED


def test_a_promotion_over_another_line_does_not_make_one_of_the_other(aligned):
    aligned.put(make_fragment("1.1.0", "Be calm."), to="development")
    aligned.put(make_fragment("1.0.1", "Be warm."), to="production")

    aligned.promote(TONE)

    assert found(between(aligned)).relation is Relation.DIVERGED


def test_several_edits_in_a_row_are_followed_back(aligned):
    for version, text in (("1.1.0", "Be calm."), ("1.2.0", "Be warm.")):
        aligned.put(make_fragment(version, text), to="development")

    assert found(between(aligned)).relation is Relation.AHEAD


def test_what_was_rolled_back_there_is_ahead_here_and_says_when_it_ended(aligned):
    aligned.put(make_fragment("1.1.0", "Be calm."), to="development")
    aligned.bring(TONE)
    aligned.roll_back(TONE, version="1.0.0")

    told = found(between(aligned))

    assert told.relation is Relation.AHEAD
    assert told.ended_there == aligned.state.environment("production").seq


def test_what_was_deleted_there_says_when_it_ended(aligned):
    aligned.put(make_prompt("1.0.0", name="acme/other"), to="development")
    aligned.bring(OTHER)
    aligned.put(deleted=(OTHER,), to="production")

    told = found(between(aligned), OTHER)

    assert told.relation is Relation.ONLY_HERE
    assert told.ended_there == aligned.state.environment("production").seq
    assert told.ended_here is None


def test_the_same_bytes_that_read_differently_are_told(aligned):
    aligned.put(make_fragment("1.1.0", "Be calm."), to="development")

    told = found(between(aligned), PROMPT)

    assert told.relation is Relation.SAME
    assert not told.reads_alike


def test_it_says_since_when_and_by_which_change(aligned):
    change = aligned.put(make_fragment("1.1.0", "Be calm."), to="development")

    told = found(between(aligned))

    assert (told.here.version, told.here.since, told.here.change) == (
        "1.1.0",
        2,
        change,
    )
    assert (told.there.version, told.there.since) == ("1.0.0", 1)


def test_it_names_the_bots_that_use_a_document_through_others(aligned):
    assert found(between(aligned)).bots == ("acme/support",)


def test_open_changes_that_edit_it_are_named_and_whether_they_bring_it(aligned):
    aligned.put(make_fragment("1.1.0", "Be calm."), to="development")
    brings = aligned.promote(TONE)
    another = aligned.submit(make_fragment("1.0.1", "Be warm."))

    told = found(between(aligned)).proposed_by

    assert [(one.change, one.brings) for one in told] == [
        (brings, True),
        (another, False),
    ]


def test_changes_that_have_expired_propose_nothing(aligned):
    aligned.put(make_fragment("1.1.0", "Be calm."), to="development")
    aligned.promote(TONE)

    assert found(between(aligned, later=timedelta(days=400))).proposed_by == ()


def test_of_one_bot_only_what_it_uses_is_told(aligned):
    aligned.put(make_prompt("1.0.0", name="acme/other"), to="development")

    names = [one.document for one in between(aligned, bot=BOT).documents]

    assert names == [BOT, TONE, PROMPT]


def test_a_bot_that_is_live_in_neither_is_refused(registry):
    with pytest.raises(NotFound, match="neither in development nor in production"):
        between(registry, bot=BOT)


def test_only_a_bot_can_be_asked_about_alone(aligned):
    with pytest.raises(Invalid, match="is no bot"):
        between(aligned, bot=TONE)


def test_an_environment_does_not_drift_from_itself(registry):
    with pytest.raises(Invalid, match="does not drift from itself"):
        between(registry, there="development")


def test_empty_environments_have_no_drift(registry):
    assert between(registry).documents == ()


def test_what_to_promote_names_only_what_brings_the_rest(developed):
    developed.put(make_prompt("1.0.0", name="acme/other"), to="development")

    assert between(developed).promote == (BOT, OTHER)


def test_what_diverged_is_not_named_to_be_promoted(aligned):
    aligned.put(make_fragment("1.1.0", "Be calm."), to="development")
    aligned.put(make_fragment("1.2.0", "Be warm."), to="production")

    assert between(aligned).promote == ()


def test_of_one_bot_the_bot_is_named_to_be_promoted(aligned):
    aligned.put(make_fragment("1.1.0", "Be calm."), to="development")

    assert between(aligned, bot=BOT).promote == (BOT,)
    assert between(aligned).promote == (TONE,)
