"""Words that explain themselves, in a browser: by keyboard, by touch, by mouse."""

import pytest
from playwright.sync_api import expect

from tests.ui.browser.test_every_page import serious, wait

pytestmark = pytest.mark.slow


def test_a_word_is_explained_by_keyboard_and_closed_again(seat, demo):
    page = seat("risk", of=demo).opens("/time")
    wait(page)
    word = page.get_by_role("button", name="seq", exact=True)
    note = page.locator("#term-seq")

    word.focus()
    page.keyboard.press("Enter")
    expect(note).to_be_visible()
    expect(note).to_contain_text("sequence number")

    page.keyboard.press("Escape")
    expect(note).not_to_be_visible()
    assert serious(page) == []


def test_a_word_is_explained_on_a_telephone(seat, demo):
    size = {"width": 390, "height": 844}
    page = seat("risk", of=demo, viewport=size, has_touch=True).opens("/catalogue")
    wait(page)
    word = page.get_by_role("button", name="review", exact=True)

    word.tap()

    note = page.locator("#term-review")
    expect(note).to_be_visible()
    box = note.bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= size["width"]


def test_somebody_new_finds_all_words_in_the_inbox(seat, demo):
    page = seat("viewer", of=demo).opens("/")
    wait(page)

    page.get_by_text("New here?").click()

    words = page.get_by_role("table", name="Words")
    expect(words).to_be_visible()
    expect(words.get_by_role("rowheader", name="veto")).to_be_visible()
