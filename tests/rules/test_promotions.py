"""Bringing to one environment what another has."""

import pytest

from registry import commands, promotions
from registry.drift import Relation
from registry.errors import (
    Conflict,
    ContentMoved,
    Invalid,
    NotAgreed,
    NotFound,
    RecalledContent,
)
from registry.names import Digest, Ref
from tests.rules.assembly import Registry
from tests.rules.texts import (
    BOT,
    PROMPT,
    TONE,
    including,
    make_fragment,
    make_prompt,
)

OTHER = "prompts/acme/other"


def test_a_promotion_takes_a_bot_with_everything_it_uses(developed):
    developed.bring(BOT)

    assert developed.live() == developed.live("development")


def test_a_promotion_takes_nothing_that_it_does_not_use(developed):
    developed.put(make_prompt("1.0.0", name="acme/other"), to="development")

    developed.bring(BOT)

    assert OTHER not in developed.live()


def test_a_promotion_pins_what_it_takes(developed):
    change = developed.promote(BOT)
    pinned = developed.live("development")
    developed.put(make_fragment("1.1.0", "Be calm."), to="development")

    developed.activate(developed.agree(change))

    assert developed.live() == pinned


def test_a_promotion_takes_nothing_older_than_what_is_there(developed):
    developed.put(make_fragment("1.1.0", "Be calm."), to="development")
    developed.bring(TONE)
    developed.put(make_fragment("1.2.0", "Be warm."), by="author")

    developed.bring(BOT)

    assert developed.versions()[TONE] == "1.2.0"


def test_a_promotion_takes_something_older_that_is_named(developed):
    developed.put(make_fragment("1.2.0", "Be warm."))

    developed.bring(TONE)

    assert developed.versions()[TONE] == "1.0.0"


def test_a_promotion_of_what_is_there_already_is_refused(developed):
    developed.bring(BOT)

    with pytest.raises(Invalid, match="is live in production already"):
        developed.promote(BOT)


def test_a_promotion_needs_two_environments(developed):
    with pytest.raises(Invalid, match="two environments"):
        developed.promote(BOT, target="development")


def test_what_is_not_live_in_the_source_cannot_be_promoted(registry):
    with pytest.raises(NotFound, match="is not live in development"):
        registry.promote(BOT)


def test_a_promotion_follows_the_policy_of_its_target(developed):
    change = developed.promote(BOT)

    with pytest.raises(NotAgreed):
        developed.activate(change)


def test_only_edits_can_be_revised(developed):
    change = developed.promote(BOT)

    with pytest.raises(Conflict, match="a promotion, which cannot be revised"):
        developed.revise(change, make_prompt("1.1.0"))


def test_recalled_content_cannot_be_promoted(developed):
    developed.recall(developed.live("development")[TONE])

    with pytest.raises(RecalledContent):
        developed.promote(BOT)


def preview(registry: Registry, *documents: str) -> promotions.PromotionPreview:
    command = commands.Promote(
        title="Bring it on",
        source="development",
        target="production",
        documents=tuple(map(Ref, documents)),
    )
    return promotions.preview(registry.situation("promoter"), command)


def test_a_promotion_says_so_when_the_target_is_ahead(developed):
    developed.bring(BOT)
    developed.put(make_fragment("1.2.0", "Be warm."), by="author")

    with pytest.raises(Conflict, match=r"is ahead of development.*1\.2\.0 there"):
        developed.promote(BOT)


def test_a_preview_proposes_nothing_and_tells_what_the_change_would_have(developed):
    told = preview(developed, BOT)

    assert not list(developed.state.open_changes)
    change = developed.change(developed.promote(BOT))
    pinned = {edit.document: edit.digest for edit in change.revision.edits}
    assert {one.document: one.digest for one in told.taken} == pinned
    assert told.facts == change.revision.facts
    assert {*told.asks} == {one.name for one in change.revision.requirements}
    assert told.affected == tuple(one.document for one in change.revision.effect)


def test_what_is_proposed_is_what_was_read(developed):
    read = brings(developed)
    developed.put(make_fragment("1.0.1", "Be brief."), by="author", to="development")

    with pytest.raises(ContentMoved, match=f"has another {TONE} than"):
        developed.promote(BOT, expected=read)
    with pytest.raises(ContentMoved, match="and 2 more than"):
        developed.promote(BOT, expected=())

    assert developed.promote(BOT, expected=brings(developed))


def test_what_a_promotion_does_not_bring_does_not_refuse_it(developed):
    read = brings(developed)
    developed.put(
        make_prompt("1.0.0", name="acme/other"), by="author", to="development"
    )

    assert developed.promote(BOT, expected=read)


def brings(registry: Registry) -> tuple[tuple[Ref, Digest], ...]:
    return tuple((one.document, one.digest) for one in preview(registry, BOT).taken)


def test_a_preview_tells_what_is_left_out_because_the_target_is_newer(developed):
    developed.bring(BOT)
    developed.put(make_fragment("1.2.0", "Be warm."), by="author")
    developed.put(make_prompt("1.1.0", including(text="Hello.")), to="development")

    told = preview(developed, BOT)

    assert [one.document for one in told.taken] == [PROMPT]
    (left,) = told.left_out
    assert (left.document, left.version, left.now) == (TONE, "1.0.0", "1.2.0")


def test_a_preview_tells_what_is_named_and_older(developed):
    developed.put(make_fragment("1.2.0", "Be warm."))

    assert preview(developed, TONE).older == (TONE,)


def test_a_preview_tells_what_it_would_overwrite_of_another_line(developed):
    developed.bring(BOT)
    developed.put(make_fragment("1.1.0", "Be warm."), by="author")
    developed.put(make_fragment("1.2.0", "Be calm."), to="development")

    (taken,) = preview(developed, BOT).taken

    assert (taken.document, taken.relation) == (TONE, Relation.DIVERGED)
    assert (taken.now, taken.version) == ("1.1.0", "1.2.0")


def test_a_preview_names_open_changes_of_the_same_documents(developed):
    change = developed.promote(BOT)

    assert preview(developed, BOT).proposed_by == (change,)


def test_a_preview_is_refused_for_what_the_promotion_would_be(developed):
    developed.bring(BOT)

    with pytest.raises(Invalid, match="is live in production already"):
        preview(developed, BOT)
