"""Resuming a stopped bot is a change, bound to the bundle that comes back."""

from dataclasses import replace

import pytest

from registry.changes import ChangeType, Status, Verdict
from registry.errors import (
    Conflict,
    ContentMoved,
    NotAgreed,
    NotAllowed,
    NotFound,
    RecalledContent,
    Stale,
)
from registry.policy_text import parse_policy
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


def test_resuming_is_a_change_that_asks_for_everything_the_bot_uses(registry):
    registry.put(
        *(make_fragment("1.0.0"), make_bot("1.0.0")),
        make_prompt("1.0.0", including(), tier="high"),
    )
    registry.stop()

    change = registry.resume()

    asked = registry.requirements(change)
    assert registry.change(change).type is ChangeType.RESUME
    assert asked["product agrees"].because == (BOT, TONE, PROMPT)
    assert asked["risk agrees"].because == (PROMPT,)


def test_resuming_asks_whoever_sees_what_an_owner_has(furnished):
    text = PRODUCTION + "  - {name: legal sees it, seat: legal, owners: [product]}\n"
    furnished.govern(requirements=parse_policy(text.encode()).policy.requirements)
    furnished.stop()

    change = furnished.resume()

    asked = furnished.requirements(change)
    assert asked["legal sees it"].because == (BOT, TONE, PROMPT)


def test_a_bot_that_is_not_stopped_is_not_resumed(furnished):
    with pytest.raises(Conflict, match="is not stopped in production"):
        furnished.resume()


def test_a_resumption_decided_on_at_another_seq_is_refused(furnished):
    read_at = furnished.stop().payload.seq
    furnished.put(make_prompt("1.0.1", "Be brief."))

    with pytest.raises(ContentMoved, match=f"decided on at seq {read_at}"):
        furnished.resume(expected_seq=read_at)

    assert furnished.resume(expected_seq=furnished.environment().seq)


def test_a_bot_that_is_not_live_is_not_resumed(furnished):
    furnished.stop()
    furnished.put(deleted=(BOT,))

    with pytest.raises(NotFound):
        furnished.resume()


def test_a_bot_that_uses_recalled_content_is_not_resumed(furnished):
    furnished.stop()
    furnished.recall(furnished.live()[TONE])

    with pytest.raises(RecalledContent):
        furnished.resume()


def test_resuming_takes_an_author(furnished):
    furnished.stop()

    with pytest.raises(NotAllowed):
        furnished.resume(by="board")


def test_a_bot_is_resumed_by_a_change_that_was_agreed_to(furnished):
    before = furnished.told().bundle
    furnished.stop()
    change = furnished.agree(furnished.resume())

    furnished.activate(change)

    told = furnished.told()
    assert (told.bundle, told.stopped, told.stopped_at) == (before, None, None)
    assert told.floor == 2  # conversations from before the stop stay ended
    assert furnished.change(change).seq == furnished.environment().seq == 3


def test_resuming_needs_the_approval_of_the_environment(furnished):
    furnished.stop()
    change = furnished.resume()

    with pytest.raises(NotAgreed):
        furnished.activate(change)


def test_a_vote_to_resume_binds_what_everything_reads_like(furnished):
    furnished.stop()

    revision = furnished.change(furnished.resume()).revision

    assert (revision.number, revision.strict) == (1, True)
    assert [one.before.digest for one in revision.effect] == [
        one.after for one in revision.effect
    ]


def test_who_proposes_to_resume_does_not_vote_on_it(furnished):
    furnished.stop()
    change = furnished.resume(by="product")

    assert furnished.requirements(change)["product agrees"].could == ("second-product",)


def test_resuming_brings_back_what_went_live_in_the_meantime(furnished):
    furnished.stop()
    furnished.put(make_prompt("1.1.0", "Be brief."))
    change = furnished.agree(furnished.resume())

    furnished.activate(change)

    assert furnished.told().stopped is None
    assert (
        furnished.told().bundle == furnished.change(change).revision.resumption.bundle
    )


@pytest.mark.parametrize(
    "moves",
    [
        lambda r: r.put(make_fragment("1.1.0", "Be calm.")),
        lambda r: r.put(make_prompt("1.1.0", including(text="Be brief."))),
        lambda r: r.put(make_bot("1.1.0", purpose="Everything")),
    ],
    ids=["fragment", "prompt", "bot"],
)
def test_resuming_is_stale_when_the_bundle_would_differ(furnished, moves):
    furnished.stop()
    change = furnished.agree(furnished.resume())

    moves(furnished)

    assert furnished.status(change) is Status.STALE
    with pytest.raises(Stale):
        furnished.activate(change)


def test_resuming_stays_stale_when_the_bundle_would_be_the_same_again(furnished):
    furnished.stop()
    change = furnished.agree(furnished.resume())
    furnished.put(make_fragment("1.1.0", "Be calm."))

    furnished.roll_back(TONE, seq=1)

    assert furnished.status(change) is Status.STALE


def test_resuming_is_stale_when_the_bot_was_stopped_again(furnished):
    furnished.stop()
    early = furnished.agree(furnished.resume())
    furnished.activate(furnished.agree(furnished.resume()))
    furnished.stop()

    assert furnished.stale_because(early) == "the bot was stopped again"
    with pytest.raises(Stale):
        furnished.activate(early)


def test_resuming_is_stale_when_the_bot_was_resumed(furnished):
    furnished.stop()
    early = furnished.agree(furnished.resume())
    furnished.activate(furnished.agree(furnished.resume()))

    with pytest.raises(Stale, match="the bot is not stopped any more"):
        furnished.activate(early)


def test_resuming_is_stale_when_the_bot_is_gone(furnished):
    furnished.stop()
    change = furnished.agree(furnished.resume())

    furnished.put(deleted=(BOT,))

    with pytest.raises(Stale):
        furnished.activate(change)


def test_resuming_is_stale_when_the_policy_has_changed(furnished):
    furnished.stop()
    change = furnished.agree(furnished.resume())

    furnished.put_policy(PRODUCTION + "change_days: 7\n")

    with pytest.raises(Stale):
        furnished.activate(change)


def test_resuming_is_not_stale_when_something_else_moves(furnished):
    furnished.stop()
    change = furnished.agree(furnished.resume())

    furnished.put(make_prompt("1.0.0", including(), name="acme/other"))

    furnished.activate(change)
    assert furnished.told().stopped is None


def test_a_bundle_that_is_composed_otherwise_by_now_does_not_come_back(furnished):
    furnished.stop()
    change = furnished.agree(furnished.resume())
    resumption = furnished.change(change).revision.resumption
    other = replace(resumption, bundle=furnished.told().bundle)
    furnished.pretend(change, resumption=other)

    with pytest.raises(Stale, match="would not come back as it was agreed to"):
        furnished.activate(change)


def test_resuming_what_was_recalled_since_is_refused(furnished):
    furnished.stop()
    change = furnished.agree(furnished.resume())
    furnished.recall(furnished.live()[TONE])

    with pytest.raises(RecalledContent):
        furnished.activate(change)


def test_resuming_needs_an_operator(furnished):
    furnished.stop()
    change = furnished.agree(furnished.resume())

    with pytest.raises(NotAllowed):
        furnished.activate(change, by="product")


def test_resuming_can_be_vetoed(furnished):
    furnished.stop()
    change = furnished.agree(furnished.resume())

    furnished.vote(change, "legal", Verdict.VETO)

    with pytest.raises(NotAgreed):
        furnished.activate(change)
