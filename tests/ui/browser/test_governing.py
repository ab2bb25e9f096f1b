"""Governing, in a browser: another policy, a token, who would agree."""

import pytest
from playwright.sync_api import expect

from tests.ui.world import choose, overflow

pytestmark = pytest.mark.slow


def test_a_policy_is_edited_simulated_and_proposed(seat, world):
    page = seat("author").opens("/policy?view=another&env=staging")
    text = page.get_by_label("The policy, as YAML")
    text.fill(text.input_value() + "# Said more plainly.\n")
    text.press("Control+Enter")
    page.get_by_role("button", name="Check and simulate").click()
    expect(page.get_by_text("What it would decide differently")).to_be_visible()

    page.get_by_label("What changes, in one sentence").fill("Said more plainly")
    page.get_by_role("button", name="Propose this policy for staging").click()

    expect(page.get_by_role("heading", level=1)).to_have_text(["Said more plainly"])
    found = world["author"].changes.list(environment="staging")
    (change,) = [one for one in found if one.type == "policy"]
    assert change.title == "Said more plainly"
    assert f"id={change.id}" in page.url


def test_a_token_is_told_once_and_revoked(seat, world):
    one = seat("operator")
    page = one.opens("/policy?view=tokens")
    page.get_by_text("Make a token").click()
    page.get_by_label("What uses it").fill("a bot in a browser")
    page.keyboard.press("Tab")
    page.get_by_role("button", name="Make the token").click()
    expect(page.get_by_text("plc_read_")).to_be_visible()
    page.get_by_role("button", name="I have copied it").click()
    expect(page.get_by_text("plc_read_")).to_have_count(0)

    page = one.opens("/policy?view=tokens")
    page.get_by_text("Revoke a token").click()
    choose(page, "Which", "a bot in a browser")
    page.get_by_role("button", name="Revoke it for good").click()

    expect(page.get_by_text("is revoked").first).to_be_visible()
    found = [one for one in world["operator"].tokens.list() if one.revoked]
    assert "a bot in a browser" in {one.purpose for one in found}


def test_who_would_agree_is_an_address_to_send(seat):
    page = seat("viewer").opens(
        "/policy?view=edit&env=production&document=prompts/acme/new"
    )
    page.get_by_label("What the edit does").click()
    page.get_by_role("option", name="changes the model").click()

    expect(page.get_by_text("the board decides on weaker guardrails")).to_be_visible()
    assert "fact=model-changed" in page.url


def test_on_a_phone_the_policy_is_not_wider_than_the_screen(seat):
    page = seat("viewer", viewport={"width": 390, "height": 844}).opens("/policy")
    expect(page.get_by_role("heading", name="Who must agree to what")).to_be_visible()

    for view in ("policy", "seats", "people", "tokens"):
        page.goto(page.url.partition("?")[0] + f"?view={view}")
        page.get_by_role("heading", level=1).first.wait_for()
        assert overflow(page) == 0, view
