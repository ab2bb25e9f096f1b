"""Trying a bot in a browser: filling in, comparing, and asking its model."""

import os
import re
from threading import Event

import pytest
from playwright.sync_api import expect

from tests.api import models
from tests.cli.worlds import begin
from tests.outbox.receivers import receiving
from tests.ui.browser.test_every_page import wait
from tests.ui.test_playground import (
    ASK,
    BINDING,
    BOT,
    GUARDRAIL,
    PLAIN,
    SUPPORT,
    live,
    propose,
)
from tests.ui.world import choose, served

pytestmark = pytest.mark.slow

KEYS = "PLACET_MODEL_KEYS"


@pytest.fixture(scope="module")
def model():
    with receiving() as receiver:
        yield receiver


@pytest.fixture(scope="module")
def keyed(tmp_path_factory, model):
    """A registry that has a key for the model of its bot."""
    folder = tmp_path_factory.mktemp("keyed")
    keys = folder / "keys.yaml"
    keys.write_text(f"openai:\n  url: http://127.0.0.1:{model.port}/v1\n")
    keys.chmod(0o600)
    home = folder / "registry"
    passwords = begin(home)
    os.environ[KEYS] = str(keys)
    try:
        with served(home, passwords) as world:
            ask = ASK.format(version="1.0.0", text="Be kind.")
            live(world, ask, PLAIN, GUARDRAIL, BINDING, SUPPORT)
            yield world
    finally:
        del os.environ[KEYS]


@pytest.fixture(scope="module")
def change(keyed):
    """An open one, of another text."""
    return propose(keyed, ASK.format(version="1.0.1", text="Be brief.")).id


def address(**query):
    asked = {"environment": "development", "bot": BOT, "role": "ask", **query}
    return "/playground?" + "&".join(f"{key}={one}" for key, one in asked.items())


def take_case(page):
    page.get_by_label("Fill in a case of the document").click()
    page.get_by_role("option", name="a guest asks for a room").click()
    question = page.get_by_role("textbox", name="question · required")
    expect(question).to_have_value("Is there a room?")
    return question


def test_two_answers_stand_side_by_side_and_nothing_is_sent_before_the_button(
    seat, keyed, change, model
):
    model.answer = models.saying(models.completion("There is a cat."))
    page = seat("product", of=keyed).opens(address(change=change, part="answers"))
    take_case(page)
    send = page.get_by_role("button", name="Send the messages of both versions to")
    expect(send).to_have_accessible_name(re.compile("gpt-4o-2024-08-06 on openai"))
    assert model.received == []

    send.click()
    answers = page.get_by_role("region", name=re.compile("^Answer"))
    expect(answers).to_have_count(2)
    expect(answers.first).to_have_text("There is a cat.")
    expect(page.get_by_text("redact", exact=True).first).to_be_visible()
    said = [one["messages"][0]["content"] for one in models.asked(model)]
    assert [text.split(".")[0] for text in said] == ["Be kind", "Be brief"]


def test_a_press_while_the_model_answers_or_right_after_asks_it_no_second_time(
    seat, keyed, model
):
    answers, asked_before = Event(), len(model.received)
    saying = models.saying(models.completion("A bird."))

    def slowly(request):
        answers.wait(30)
        saying(request)

    model.answer = slowly
    page = seat("author", of=keyed).opens(address(part="answers"))
    take_case(page)
    send = page.get_by_role("button", name=re.compile("^Send the messages"))
    send.click()
    expect(page.get_by_text(re.compile("^Waiting for"))).to_be_visible()
    send.click()
    answers.set()
    answer = page.get_by_role("region", name=re.compile("^Answer"))
    expect(answer).to_have_text("A bird.")
    send.click()
    wait(page)

    expect(answer).to_have_text("A bird.")
    assert len(model.received) - asked_before == 1


def test_what_was_typed_stays_while_versions_are_compared(seat, keyed, change):
    page = seat("viewer", of=keyed).opens(address())
    question = take_case(page)
    question.fill("And a view?")
    question.press("Tab")
    expect(page.get_by_role("region", name="Message 2, user")).to_have_text(
        "And a view?"
    )
    wait(page)

    choose(page, "Version", "If a change were live")
    choose(page, "Change", re.compile(f"^{change}:"))

    expect(page.locator("ins").filter(has_text="brief")).to_be_visible()
    expect(question).to_have_value("And a view?")
    assert f"change={change}" in page.url


def test_a_model_that_fails_is_a_sentence_and_can_be_asked_again(seat, keyed, model):
    model.answer = models.saying(b"no", status=500)
    page = seat("author", of=keyed).opens(address(part="answers"))
    take_case(page)
    send = page.get_by_role("button", name=re.compile("^Send the messages"))
    send.click()
    expect(page.get_by_role("alert").first).to_be_visible()

    model.answer = models.saying(models.completion("A dog."))
    send.click()
    expect(page.get_by_role("region", name=re.compile("^Answer"))).to_have_text(
        "A dog."
    )
