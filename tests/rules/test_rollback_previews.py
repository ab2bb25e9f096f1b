"""What a rollback would do, told without doing it."""

import pytest

from registry.rollback_previews import Replaced, Undone
from tests.rules.texts import (
    BOT,
    PROMPT,
    TONE,
)

OTHER = "prompts/acme/other"


def test_the_preview_says_what_is_replaced_and_undone(moved):
    preview = moved.preview(BOT, seq=1)

    assert preview.restored == 1
    assert preview.replaced == (
        Replaced(document=BOT, now="1.1.0", afterwards="1.0.0"),
        Replaced(document=TONE, now="1.1.0", afterwards="1.0.0"),
        Replaced(document=PROMPT, now="1.1.0", afterwards="1.0.0"),
    )
    assert preview.undoes == (
        Undone(
            seq=3,
            change=3,
            by="operator",
            title="Say it better",
            yours=True,
            ratification=None,
            incident=None,
            judged=None,
        ),
    )
    assert preview.needs_vote == ()


def test_the_preview_of_everything_says_what_goes_away(moved):
    preview = moved.preview(None, seq=1)

    assert Replaced(document=OTHER, now="1.0.0", afterwards=None) in preview.replaced
    assert [undone.seq for undone in preview.undoes] == [3, 2]


@pytest.mark.parametrize("scope", [BOT, None, OTHER])
def test_the_preview_is_what_happens(moved, scope):
    preview = moved.preview(scope, seq=1)
    before = moved.versions()

    event = moved.roll_back(scope, seq=1)

    after = moved.versions()
    assert {(r.document, r.now, r.afterwards) for r in preview.replaced} == {
        (ref, before.get(ref), after.get(ref))
        for ref in {*before, *after}
        if before.get(ref) != after.get(ref)
    }
    told = {d.document for d in event.payload.documents} | {*event.payload.deleted}
    assert told <= set(preview.affected)
    assert preview.restored == event.payload.restored


def test_the_preview_says_why_it_needs_votes(moved):
    preview = moved.preview(TONE, seq=1)

    assert preview.needs_vote == (f"{PROMPT} never read like that before",)


def test_a_preview_changes_nothing(moved):
    before = moved.state

    moved.preview(BOT, seq=1)

    assert moved.state is before


def test_the_preview_says_what_comes_back(moved):
    moved.put(deleted=(BOT,))

    preview = moved.preview(BOT, seq=3)

    assert preview.replaced == (Replaced(document=BOT, now=None, afterwards="1.1.0"),)
