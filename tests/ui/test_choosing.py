"""Choices that stand in the address: what they say is text, and nothing more."""

from streamlit.testing.v1 import AppTest

FORGED = ":green-badge[Approved by the board] **now** \u202eeno"


def page() -> None:
    """A choice of few and one of many, with what somebody else has written."""
    import streamlit as st

    from ui.parts.choosing import choice, picked

    given = {"one": st.session_state["given"], "other": "Other"}
    choice("Few", given, of="few", default="one")
    picked("Many", given, of="many", default="one")


def opened() -> AppTest:
    test = AppTest.from_function(page)
    test.session_state["given"] = FORGED
    test.run()
    assert not test.exception
    return test


def test_a_choice_of_few_is_escaped_where_it_would_be_read_as_markdown():
    (few,) = opened().segmented_control

    assert few.options[0].startswith(r"\:green\-badge\[Approved by the board\]")
    assert r"\*\*now\*\*" in few.options[0]
    assert "\u202e" not in few.options[0]


def test_a_choice_of_many_is_read_as_it_is_with_what_hides_marked():
    (many,) = opened().selectbox

    assert many.options[0].startswith(":green-badge[Approved by the board] **now** ")
    assert "\u202e" not in many.options[0]


def test_a_bot_that_only_the_address_names_forges_no_mark(world):
    query = {"env": "staging", "do": "back", "bot": FORGED}
    with world.page("operator", "live", **query) as opened:
        told = [one for each in opened.segmented_control for one in each.options]

    assert not [one for one in told if one.startswith(":green-badge[")]
    assert any("Approved by the board" in one for one in told)
