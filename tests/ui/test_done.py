"""One way to act: once, on what was read, said where it is seen."""

import pytest
from streamlit.testing.v1 import AppTest


def page() -> None:
    """A page with one button; what it answers is told by the session."""
    from functools import partial

    import streamlit as st

    from registry import errors
    from ui.parts import done

    asked = st.session_state.setdefault("asked", [])
    wrong = st.session_state.get("wrong")
    done.show()

    def act(*, way: str, key: str) -> int:
        asked.append(key)
        if wrong:
            raise getattr(errors, wrong)("it cannot be done", hint="Do something else.")
        return len(asked)

    st.session_state["was_read"] = done.was_read("it", st.session_state["is"])
    if st.button("Do it"):
        done.attempt(
            partial(act, way=st.session_state.get("way", "")),
            lambda times: done.Happened(said=f"Done, {times}."),
            read="it",
        )


@pytest.fixture
def opened() -> AppTest:
    test = AppTest.from_function(page)
    test.session_state["is"] = "first"
    return test.run()


def presses(test: AppTest, words: str = "Do it") -> AppTest:
    (button,) = [one for one in test.button if one.label == words]
    return button.click().run()


def said(test: AppTest) -> list[str]:
    return [one.value.replace("\\", "") for one in test.success]


def test_what_was_done_is_said_once_and_a_second_click_does_nothing(opened):
    presses(opened)
    presses(opened)

    assert len(opened.session_state["asked"]) == 1
    assert said(opened) == ["Done, 1."]
    assert not opened.get("toast")


def test_something_else_is_done_however_soon(opened):
    presses(opened)
    opened.session_state["way"] = "otherwise"
    presses(opened)

    first, second = opened.session_state["asked"]
    assert first != second
    assert said(opened) == ["Done, 2."]


@pytest.mark.parametrize(
    ("wrong", "same"), [("Unavailable", True), ("Conflict", False)]
)
def test_only_where_no_answer_came_the_same_key_finds_out(opened, wrong, same):
    opened.session_state["wrong"] = wrong
    presses(opened)
    told = opened.error[0].value
    opened.session_state["wrong"] = None
    presses(opened)

    first, second = opened.session_state["asked"]
    assert "Do something else" in told
    assert (first == second) is same
    assert said(opened) == ["Done, 2."]


def test_with_another_reason_it_is_another_intention_even_where_no_answer_came(opened):
    opened.session_state["wrong"] = "Unavailable"
    presses(opened)
    opened.session_state["wrong"] = None
    opened.session_state["way"] = "for another reason"
    presses(opened)

    first, second = opened.session_state["asked"]
    assert first != second
    assert said(opened) == ["Done, 2."]


def test_what_has_moved_is_read_again_before_it_is_decided_on(opened):
    opened.session_state["is"] = "second"
    opened.session_state["wrong"] = "ContentMoved"
    presses(opened)
    before = opened.session_state["was_read"]
    presses(opened, "Read it again")

    assert before == "first"
    assert opened.session_state["was_read"] == "second"


def test_what_takes_a_newer_sign_in_leads_to_it(opened):
    opened.session_state["wrong"] = "SessionNeeded"
    presses(opened)

    (link,) = opened.get("link_button")
    assert "again=true" in link.proto.url


def pending() -> None:
    """A page on which something has just happened and is not said yet."""
    from functools import partial

    import streamlit as st

    from ui.parts import done

    asked = st.session_state.setdefault("asked", [])
    told = st.session_state.setdefault("told", [])

    def act(way: str) -> None:
        asked.append(way)

    for way in ("this", "this", "that"):
        told.append(done.once(partial(act, way), "Done."))


def test_whoever_acts_is_told_whether_it_was_done():
    test = AppTest.from_function(pending).run()

    assert test.session_state["asked"] == ["this"]
    assert test.session_state["told"] == [True, True, False]
