"""Forms that people open before they act: with a screen reader, in both themes.

Nothing is sent by them: the demonstration stays as it is.
"""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.ui.browser.test_every_page import PICTURES, serious
from tests.ui.world import World, drawn, overflow

pytestmark = pytest.mark.slow

BANK = "acme-bank/support"


def waiting(demo: World, act: str, handle: str) -> int:
    """A change that is being decided on, and about which *handle* could do *act*."""
    theirs = demo[handle].changes
    for one in theirs.list(environment="production", status="waiting"):
        if any(power.act == act for power in theirs.get(one.id).you.could):
            return one.id
    raise AssertionError(f"{handle} can {act} nothing")


def votes_in(demo: World, handle: str) -> int:
    theirs = demo[handle].changes
    return next(
        one.id
        for one in theirs.list(environment="production", status="waiting")
        if handle in theirs.get(one.id).you.may_vote
    )


def opens(page: Page, words: str) -> None:
    page.get_by_text(words, exact=True).first.click()


def vote(seat, demo) -> Page:
    page = seat("risk").opens(f"/change?id={votes_in(demo, 'risk')}")
    opens(page, "On a condition")
    expect(page.get_by_label("What still has to be done")).to_be_visible()
    return page


def emergency(seat, demo) -> Page:
    number = waiting(demo, "activate-in-emergency", "incident")
    page = seat("incident").opens(f"/change?id={number}")
    opens(page, "Activate in an emergency")
    expect(page.get_by_label("Incident")).to_be_visible()
    return page


def withdrawal(seat, demo) -> Page:
    number = waiting(demo, "withdraw", "author")
    page = seat("author").opens(f"/change?id={number}")
    opens(page, "Withdraw this change")
    expect(page.get_by_label("Why it is taken back")).to_be_visible()
    return page


def ratification(seat, demo) -> Page:
    number, handle = next(
        (one.id, handle)
        for one in demo["viewer"].ratifications.list()
        for handle in ("product", "risk", "legal", "board")
        if demo[handle].ratifications.get(one.id).you.seats
    )
    page = seat(handle).opens(f"/change?ratification={number}")
    expect(page.get_by_role("button", name=f"Ratify as {handle}")).to_be_visible()
    return page


def stop(seat, demo) -> Page:
    bots = demo["risk"].live_bots.page("production", limit=9).items
    running = next(one for one in bots if one.stopped is None)
    page = seat("risk").opens(f"/live?env=production&bot={running.bot}&do=stop")
    expect(page.get_by_label(re.compile("^Why"))).to_be_visible()
    return page


def rollback(seat, demo) -> Page:
    page = seat("operator").opens(f"/live?env=production&bot={BANK}&do=back")
    expect(page.get_by_role("table", name="What changes")).to_be_visible()
    return page


def promotion(seat, demo) -> Page:
    page = seat("author").opens("/live?env=staging&do=promote&to=production")
    expect(page.get_by_label(re.compile("^What to promote"))).to_be_visible()
    return page


def review(seat, demo) -> Page:
    found = next(demo["product"].reviews.list("production", waiting=True))
    return seat("product").opens(f"/?review=production/{found.document}")


def person(seat, demo) -> Page:
    page = seat("admin").opens("/policy?view=people&person=viewer")
    opens(page, "Change what they hold")
    expect(page.get_by_role("combobox", name="Seats")).to_be_visible()
    return page


def token(seat, demo) -> Page:
    page = seat("operator").opens("/policy?view=tokens")
    opens(page, "Make a token")
    expect(page.get_by_label("What uses it")).to_be_visible()
    return page


def policy(seat, demo) -> Page:
    page = seat("author").opens("/policy?view=another&env=production")
    page.get_by_role("button", name="Check and simulate").click()
    expect(page.get_by_text("byte for byte")).to_be_visible()
    return page


def proposal(seat, demo) -> Page:
    page = seat("author").opens(f"/propose?env=production&document=bots/{BANK}")
    expect(page.get_by_label("Its text, as YAML")).to_be_visible()
    return page


FORMS = {
    one.__name__: one
    for one in (
        vote,
        emergency,
        withdrawal,
        ratification,
        stop,
        rollback,
        promotion,
        review,
        person,
        token,
        policy,
        proposal,
    )
}


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("name", FORMS)
def test_an_open_form_can_be_used_by_everybody(seat, demo, name, theme):
    def sits(handle: str):
        return seat(handle, of=demo, color_scheme=theme)

    page = FORMS[name](sits, demo)
    drawn(page)

    PICTURES.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=PICTURES / f"form-{name}-{theme}.png", full_page=True)
    assert page.locator("[data-testid=stException]").count() == 0
    assert serious(page) == []
    assert overflow(page) == 0
