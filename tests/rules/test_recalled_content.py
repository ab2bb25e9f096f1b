"""What was recalled goes live nowhere, and conversations about it end."""

import pytest

from registry.errors import (
    RecalledContent,
)
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
BOTH = ("acme/refunds", "acme/other")


def test_what_was_recalled_since_does_not_go_live(registry):
    text = make_prompt("1.0.0")
    change = registry.agree(registry.submit(text))
    registry.recall(text.digest)

    with pytest.raises(RecalledContent, match="was recalled: Harmful"):
        registry.activate(change)


def test_a_recalled_text_that_is_proposed_again_is_named_with_the_reason(registry):
    text = make_prompt("1.0.0")
    registry.put(text)
    registry.put(make_prompt("1.1.0", "Be calm."))
    registry.recall(text.digest)

    with pytest.raises(RecalledContent, match=f"{PROMPT} 1.0.0 was recalled: Harmful"):
        registry.submit(text)


def test_what_would_read_like_something_recalled_does_not_go_live(furnished):
    bad = furnished.environment().live[PROMPT].document.composed
    furnished.put(make_fragment("1.1.0", "Be calm."))
    event = furnished.roll_back(TONE, by="promoter", seq=1, propose=True)
    change = furnished.agree(event.payload.change)
    furnished.recall(bad)

    with pytest.raises(RecalledContent):
        furnished.activate(change)


def test_a_recalled_fragment_that_is_live_still_reaches_nothing_more(furnished):
    furnished.recall(furnished.live()[TONE])

    with pytest.raises(RecalledContent):
        furnished.submit(make_prompt("1.0.0", including(), name="acme/other"))


def test_a_recalled_prompt_that_is_live_still_reaches_no_further_bot(furnished):
    change = furnished.agree(furnished.submit(make_bot("1.0.0", name="acme/second")))
    furnished.recall(furnished.live()[TONE])

    with pytest.raises(RecalledContent):
        furnished.activate(change)


def test_what_does_not_use_the_recalled_document_goes_live(furnished):
    furnished.put(make_prompt("1.0.0", name="acme/other"), make_bot("1.1.0", BOTH))
    furnished.recall(furnished.live()[TONE])

    furnished.put(make_prompt("1.1.0", "Be brief.", name="acme/other"))

    assert furnished.versions()[OTHER] == "1.1.0"


def test_a_recalled_document_can_be_replaced(furnished):
    furnished.recall(furnished.live()[TONE])

    furnished.put(
        make_fragment("1.1.0", "Be calm."),
        make_prompt("1.0.0", including(), name="acme/other"),
    )

    assert furnished.versions()[TONE] == "1.1.0"


@pytest.mark.parametrize("what", ["the fragment", "what the prompt reads like"])
@pytest.mark.parametrize("way", ["replaced", "not included any more", "deleted"])
def test_the_floor_rises_when_something_recalled_is_taken_away(furnished, what, way):
    live = furnished.environment().live
    bad = live[TONE].document.digest if what == "the fragment" else None
    furnished.recall(bad or live[PROMPT].document.composed)

    if way == "replaced":
        furnished.put(make_fragment("1.1.0", "Be calm."))
    else:
        gone = (TONE,) if way == "deleted" else ()
        furnished.put(make_prompt("1.1.0"), deleted=gone)

    assert furnished.told().floor == 2


def test_the_floor_rises_when_the_bot_uses_something_else(furnished):
    furnished.put(make_prompt("1.0.0", name="acme/other"))
    furnished.recall(furnished.live()[PROMPT])

    furnished.put(make_bot("2.0.0", ("acme/other",)))

    assert furnished.told().floor == 3


def test_the_floor_does_not_rise_while_the_recalled_stays(furnished):
    furnished.put(make_prompt("1.0.0", name="acme/other"), make_bot("1.1.0", BOTH))
    furnished.recall(furnished.live()[TONE])

    furnished.put(make_prompt("1.1.0", "Be brief.", name="acme/other"))

    assert furnished.told().floor == 0


def test_the_floor_of_a_bot_that_did_not_use_the_recalled_stays(furnished):
    furnished.put(
        make_prompt("1.0.0", name="acme/other"),
        make_bot("1.0.0", ("acme/other",), name="acme/second"),
    )
    furnished.recall(furnished.live()[TONE])

    furnished.put(
        make_fragment("1.1.0", "Be calm."),
        make_prompt("1.1.0", "Be brief.", name="acme/other"),
    )

    assert furnished.told("acme/support").floor == 3
    assert furnished.told("acme/second").floor == 0


def test_the_floor_does_not_rise_with_an_ordinary_activation(furnished):
    furnished.put(make_fragment("1.1.0", "Be calm."))

    assert furnished.told().floor == 0


def test_the_floor_rises_when_the_bot_is_deleted(furnished):
    furnished.put(deleted=(BOT,))

    assert furnished.told().bundle is None
    assert furnished.told().floor == 2


def test_the_floor_never_falls(furnished):
    furnished.put(deleted=(BOT,))

    furnished.put(make_bot("1.1.0"))

    assert furnished.told().floor == 2
