"""Which rollbacks need votes, and how they get them."""

from datetime import timedelta

import pytest

from registry import commands
from registry.changes import ChangeType
from registry.errors import (
    Conflict,
    InvalidDocument,
    NotAgreed,
    NotAllowed,
    RecalledContent,
    StillReferred,
)
from tests.rules.assembly import Registry
from tests.rules.bench import PRODUCTION
from tests.rules.texts import (
    BOT,
    PROMPT,
    TONE,
    including,
    make_bot,
    make_fragment,
    make_prompt,
)

OTHER = "prompts/acme/other"


def test_what_was_live_within_the_window_needs_no_vote(moved):
    moved.now = _left(moved, PROMPT) + timedelta(days=30)

    moved.roll_back(BOT, seq=1)

    assert moved.versions()[BOT] == "1.0.0"


def test_what_was_live_before_the_window_needs_votes(moved):
    moved.now = _left(moved, PROMPT) + timedelta(days=30, microseconds=1)

    with pytest.raises(NotAgreed, match="last read like that more than 30 days ago"):
        moved.roll_back(BOT, seq=1)


def test_the_window_is_the_policys():
    registry = Registry(production=PRODUCTION + "rollback_days: 0\n")
    registry.put(make_prompt("1.0.0"))
    registry.put(make_prompt("1.1.0", "Be brief."))
    registry.wait(seconds=1)

    with pytest.raises(NotAgreed):
        registry.roll_back(PROMPT, seq=1)


def test_what_is_live_still_is_within_any_window(moved):
    moved.wait(days=300)
    moved.put(make_fragment("1.2.0", "Be warm."))

    moved.roll_back(TONE, seq=3)

    assert moved.versions()[BOT] == "1.1.0"


def test_a_composition_that_was_never_live_needs_votes(moved):
    with pytest.raises(NotAgreed, match=f"{PROMPT} never read like that before"):
        moved.roll_back(TONE, seq=1)


def test_what_was_live_elsewhere_was_not_live_here(registry):
    registry.put(
        make_fragment("1.0.0"), make_prompt("1.0.0", including()), to="development"
    )
    registry.bring(TONE)
    registry.put(make_fragment("1.1.0", "Be calm."))
    registry.bring(PROMPT)

    with pytest.raises(NotAgreed, match=f"{PROMPT} never read like that before"):
        registry.roll_back(TONE, seq=1)


def test_taking_away_what_was_not_there_within_the_window_needs_no_vote(moved):
    moved.now = moved.environment().moments[2].at + timedelta(days=30)

    moved.roll_back(OTHER, seq=1)

    assert OTHER not in moved.live()


def test_taking_away_what_has_been_there_for_longer_needs_votes(moved):
    moved.wait(days=31)

    with pytest.raises(NotAgreed, match=f"{OTHER} was not live then, more than 30"):
        moved.roll_back(OTHER, seq=1)


def test_a_rollback_takes_nothing_away_that_is_referred_to(moved):
    moved.put(make_bot("1.2.0", ("acme/refunds", "acme/other")))

    with pytest.raises(StillReferred):
        moved.roll_back(OTHER, seq=1)


def test_a_rollback_that_would_break_a_user_is_refused(moved):
    moved.put(make_bot("1.2.0", range="^1.1"))

    with pytest.raises(InvalidDocument, match="does not allow"):
        moved.roll_back(PROMPT, seq=1)


@pytest.mark.parametrize("ref", [BOT, PROMPT, TONE])
def test_what_was_recalled_does_not_come_back(moved, ref):
    moved.recall(moved.environment().moments[1].live[ref].document.digest)

    for propose in (False, True):
        with pytest.raises(RecalledContent):
            moved.roll_back(BOT, by="product", seq=1, propose=propose)


def test_what_was_recalled_is_told_before_what_needs_votes(moved):
    moved.recall(moved.environment().moments[1].live[TONE].document.digest)
    moved.wait(days=90)

    with pytest.raises(RecalledContent):
        moved.roll_back(BOT, seq=1)


def test_a_preview_names_what_was_recalled_and_asks_for_no_votes(moved):
    moved.recall(moved.environment().moments[1].live[TONE].document.digest)
    moved.wait(days=90)

    preview = moved.preview(BOT, seq=1)

    assert preview.recalled == (f"{TONE} 1.0.0 was recalled: Harmful.",)
    assert (preview.needs_vote, preview.ratify) == ((), ())


def test_what_read_like_something_recalled_does_not_come_back(moved):
    moved.recall(moved.environment().moments[1].live[PROMPT].document.composed)

    with pytest.raises(RecalledContent):
        moved.roll_back(BOT, seq=1)


def test_the_way_off_a_recalled_document_is_open(moved):
    moved.recall(moved.live()[TONE])

    moved.roll_back(BOT, seq=1)

    assert moved.versions()[TONE] == "1.0.0"
    assert moved.told().floor == 4


def test_something_recalled_that_stays_does_not_keep_others_from_going_back(moved):
    moved.put(make_bot("1.2.0", ("acme/refunds", "acme/other")))
    moved.put(make_prompt("1.1.0", "Be brief.", name="acme/other"))
    moved.recall(moved.live()[BOT])

    moved.roll_back(OTHER, version="1.0.0")

    assert moved.versions()[OTHER] == "1.0.0"


def test_a_rollback_does_not_resume_a_bot(moved):
    moved.stop()

    moved.roll_back(BOT, seq=1)

    assert moved.told().stopped == "It lied."
    assert moved.versions()[BOT] == "1.0.0"


def test_what_needs_votes_can_be_proposed(moved):
    moved.wait(days=40)
    event = moved.roll_back(BOT, by="promoter", seq=1, propose=True)
    change = moved.change(event.payload.change)

    moved.activate(moved.agree(change.id))

    assert change.type is ChangeType.ROLLBACK
    assert change.revision.title == "Roll back to seq 1: It was better."
    assert moved.versions()[BOT] == "1.0.0"


def test_a_proposed_rollback_needs_the_votes_of_the_policy(moved):
    event = moved.roll_back(BOT, by="promoter", seq=1, propose=True)

    with pytest.raises(NotAgreed):
        moved.activate(event.payload.change)


def test_only_a_rollback_lowers_a_version(moved):
    before = moved.environment().moments[1].live[PROMPT].document.digest
    edit = commands.Submit(
        environment="production",
        proposal=commands.Proposal(
            title="Lower it",
            documents=(moved.documents[before],),
            deleted=(),
            edited_from=(),
        ),
    )

    with pytest.raises(Conflict):
        moved.act("author", edit)

    moved.roll_back(BOT, seq=1)
    assert moved.versions()[PROMPT] == "1.0.0"


def test_the_title_of_a_proposed_rollback_is_its_reasons_first_line(moved):
    reason = "It was\tbetter.\nMuch better, " + "really " * 100

    event = moved.roll_back(BOT, by="promoter", seq=1, propose=True, reason=reason)

    assert event.payload.revision.title == "Roll back to seq 1: It was better."


def test_proposing_a_rollback_takes_an_author_or_an_operator(moved):
    with pytest.raises(NotAllowed):
        moved.roll_back(BOT, by="viewer", seq=1, propose=True)


def _left(registry: Registry, ref: str):
    """When the first version of *ref* stopped being live."""
    composed = registry.environment().moments[1].live[ref].document.composed
    return registry.environment().was_live[ref, composed]
