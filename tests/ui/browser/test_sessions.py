"""Signing in and out, in a browser."""

import pytest
from playwright.sync_api import expect

from tests.ui.world import sign_in
from ui.settings import settings

pytestmark = pytest.mark.slow


def test_who_signs_in_comes_to_the_page_that_they_asked_for(seat, world):
    page = seat().opens("/live?environment=staging")
    expect(page).to_have_title("Sign in · Placet")

    sign_in(page, "viewer", world.passwords["viewer"])

    expect(page.get_by_role("heading", level=1)).to_have_text("Live")
    assert page.url == f"{world.console}/live?environment=staging"


def test_scripts_of_a_page_never_see_the_session(seat, world):
    one = seat()
    page = one.opens()
    sign_in(page, "viewer", world.passwords["viewer"])
    expect(page.get_by_role("heading", level=1)).to_have_text("Inbox")

    cookies = {c["name"]: c for c in one.context.cookies()}
    assert cookies[settings().cookie]["httpOnly"]
    assert settings().cookie not in page.evaluate("document.cookie")


def test_signing_out_in_one_tab_ends_the_others(seat, world):
    one = seat()
    page = one.opens()
    sign_in(page, "auditor", world.passwords["auditor"])
    expect(page.get_by_role("heading", level=1)).to_have_text("Inbox")
    other = one.opens("/ledger")

    page.get_by_role("link", name="Sign out").click()
    page.get_by_role("button", name="Sign out").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("You are signed out")
    expect(other.get_by_role("heading", level=1)).to_have_text("You are signed out")
    back = other.get_by_role("link", name="Sign in again").get_attribute("href")
    assert back == f"{world.url}/sign-in?next=%2Fledger"


def test_a_cookie_of_another_server_on_this_host_keeps_nobody_out(seat, world):
    one = seat("viewer")
    odd = {"name": "prefs", "value": '{"a": "b c"}', "url": world.console}
    one.context.add_cookies([odd])

    page = one.opens("/live")

    expect(page.get_by_role("heading", level=1)).to_have_text("Live")
