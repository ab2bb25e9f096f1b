"""Putting back what was live before: the rules in `registry/rollbacks.py`."""

from datetime import timedelta

import pytest

from registry import commands
from registry.changes import ChangeType
from registry.errors import (
    Conflict,
    Invalid,
    InvalidDocument,
    NotAgreed,
    NotAllowed,
    NotFound,
    NotSettled,
    RecalledContent,
    StillReferred,
)
from registry.people import Role
from registry.rollbacks import Replaced, Undone
from tests.rules.assembly import (
    BOT,
    PRODUCTION,
    PROMPT,
    TONE,
    Registry,
    including,
    make_bot,
    make_fragment,
    make_prompt,
)

OTHER = "prompts/acme/other"


@pytest.fixture
def moved(furnished: Registry) -> Registry:
    """Seq 1 as `furnished`; 2: another prompt; 3: other words in everything."""
    furnished.wait(days=1)
    furnished.put(make_prompt("1.0.0", name="acme/other"))
    furnished.wait(days=1)
    furnished.put(
        make_fragment("1.1.0", "Be calm."),
        make_prompt("1.1.0", including(text="Be brief.")),
        make_bot("1.1.0", purpose="Everything"),
    )
    furnished.wait(days=1)
    return furnished


# What goes back.


def test_a_bot_goes_back_with_what_it_used_then(moved):
    moved.roll_back(BOT, seq=1)

    assert moved.versions() == {
        BOT: "1.0.0",
        PROMPT: "1.0.0",
        TONE: "1.0.0",
        OTHER: "1.0.0",
    }


def test_a_bot_reads_exactly_as_it_did(moved):
    before = moved.environment().moments[1].live

    moved.roll_back(BOT, seq=1)

    live = moved.environment().live
    assert all(live[ref].document == before[ref].document for ref in before)


def test_a_document_goes_back_alone(registry):
    registry.put(make_prompt("1.0.0"), make_prompt("1.0.0", name="acme/other"))
    registry.put(make_prompt("1.1.0"), make_prompt("1.1.0", name="acme/other"))

    registry.roll_back(PROMPT, seq=1)

    assert registry.versions() == {PROMPT: "1.0.0", OTHER: "1.1.0"}


def test_an_environment_goes_back_whole(moved):
    before = moved.environment().moments[1].live

    moved.roll_back(None, seq=1)

    live = moved.environment().live
    assert {ref: live[ref].document for ref in live} == {
        ref: before[ref].document for ref in before
    }


def test_a_deleted_document_comes_back(furnished):
    furnished.put(deleted=(BOT,))

    furnished.roll_back(BOT, seq=1)

    assert furnished.versions()[BOT] == "1.0.0"


def test_a_rollback_goes_forward_to_the_next_seq(moved):
    event = moved.roll_back(BOT, seq=1)

    assert (event.payload.seq, event.payload.restored) == (4, 1)
    assert event.payload.change is None
    assert moved.environment().seq == 4


def test_a_rollback_can_be_rolled_back(moved):
    before = moved.live()
    moved.roll_back(BOT, seq=1)

    moved.roll_back(BOT, seq=3)

    assert moved.live() == before


# To when.


def test_a_rollback_to_a_moment_is_to_the_seq_of_that_moment(moved):
    at = moved.environment().moments[1].at + timedelta(hours=5)

    event = moved.roll_back(BOT, moment=at)

    assert event.payload.restored == 1


def test_a_rollback_to_a_version_is_to_when_it_was_last_live(moved):
    event = moved.roll_back(BOT, version="1.0.0")

    assert event.payload.restored == 2
    assert moved.versions()[TONE] == "1.0.0"


@pytest.mark.parametrize(
    "to",
    [{}, {"seq": 1, "version": "1.0.0"}, {"seq": 1, "moment": timedelta(0)}],
    ids=str,
)
def test_a_rollback_goes_back_to_one_thing(moved, to):
    if "moment" in to:
        to = {**to, "moment": moved.now}

    with pytest.raises(Invalid, match="goes back to one thing"):
        moved.roll_back(BOT, **to)


@pytest.mark.parametrize(
    ("to", "error"),
    [
        ({"seq": 0}, NotFound),
        ({"seq": -1}, NotFound),
        ({"seq": 9}, NotFound),
        ({"version": "9.0.0"}, NotFound),
        ({"seq": 3}, Conflict),
    ],
    ids=str,
)
def test_a_rollback_to_nowhere_is_refused(moved, to, error):
    with pytest.raises(error):
        moved.roll_back(BOT, **to)


def test_an_environment_has_no_version(moved):
    with pytest.raises(Invalid, match="an environment has no version"):
        moved.roll_back(None, version="1.0.0")


def test_a_moment_that_is_not_over_is_refused(moved):
    with pytest.raises(NotSettled):
        moved.roll_back(BOT, moment=moved.now + timedelta(seconds=1))


def test_a_moment_before_anything_was_live_is_refused(moved):
    first = moved.environment().moments[1].at

    with pytest.raises(NotFound, match="nothing was live in production"):
        moved.roll_back(BOT, moment=first - timedelta(microseconds=1))


# Who, and why.


@pytest.mark.parametrize("by", ["operator", "product", "editor", "promoter"])
def test_an_operator_or_who_answers_for_the_bot_rolls_it_back(moved, by):
    moved.roll_back(BOT, by=by, seq=1)

    assert moved.versions()[BOT] == "1.0.0"


@pytest.mark.parametrize("by", ["author", "admin", "board", "risk", "viewer"])
def test_nobody_else_rolls_a_bot_back(moved, by):
    with pytest.raises(NotAllowed, match=f"{by} may not roll back in production"):
        moved.roll_back(BOT, by=by, seq=1)


@pytest.mark.parametrize("scope", [None, PROMPT])
def test_who_answers_for_a_bot_rolls_nothing_else_back(moved, scope):
    with pytest.raises(NotAllowed):
        moved.roll_back(scope, by="product", seq=1)


def test_who_answers_for_a_bot_does_so_in_person(moved):
    roles = (Role.AUTHOR, Role.OPERATOR)

    with pytest.raises(NotAllowed):
        moved.roll_back(BOT, by="product", seq=1, via="token:1", roles=roles)


def test_an_operators_token_rolls_back(moved):
    moved.roll_back(BOT, seq=1, via="token:1", roles=(Role.OPERATOR,))

    assert moved.versions()[BOT] == "1.0.0"


@pytest.mark.parametrize("reason", ["", " \n", "\x1b[2J", "x" * 4001])
def test_a_rollback_needs_a_reason(moved, reason):
    with pytest.raises(Invalid, match="a rollback's reason needs words"):
        moved.roll_back(BOT, seq=1, reason=reason)


# Without a vote, or with one.


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


# As a change.


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


# Preview.


def test_the_preview_says_what_is_replaced_and_undone(moved):
    preview = moved.preview(BOT, seq=1)

    assert preview.restored == 1
    assert preview.replaced == (
        Replaced(document=BOT, now="1.1.0", afterwards="1.0.0"),
        Replaced(document=TONE, now="1.1.0", afterwards="1.0.0"),
        Replaced(document=PROMPT, now="1.1.0", afterwards="1.0.0"),
    )
    assert preview.undoes == (
        Undone(seq=3, change=3, by="operator", title="Say it better"),
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


def test_the_preview_says_what_was_recalled(moved):
    digest = moved.environment().moments[1].live[TONE].document.digest
    moved.recall(digest)

    assert moved.preview(BOT, seq=1).needs_vote == (f"{digest} was recalled",)


def test_a_preview_changes_nothing(moved):
    before = moved.state

    moved.preview(BOT, seq=1)

    assert moved.state is before


def _left(registry: Registry, ref: str):
    """When the first version of *ref* stopped being live."""
    composed = registry.environment().moments[1].live[ref].document.composed
    return registry.environment().was_live[ref, composed]
