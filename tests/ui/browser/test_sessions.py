"""Signing in and out, in a browser."""

import pytest
from playwright.sync_api import expect

from registry.remote import Remote
from tests.ui.proposing import proposes
from tests.ui.world import sign_in
from ui.settings import settings

pytestmark = pytest.mark.slow


def test_who_signs_in_comes_to_the_page_that_they_asked_for(seat, world):
    page = seat().opens("/live?environment=staging")
    expect(page).to_have_title("Sign in · Placet")

    sign_in(page, "viewer", world.passwords["viewer"])

    expect(page.get_by_role("heading", level=1)).to_have_text(["Live"])
    assert page.url == f"{world.console}/live?environment=staging"


def test_scripts_of_a_page_never_see_the_session(seat, world):
    one = seat()
    page = one.opens()
    sign_in(page, "viewer", world.passwords["viewer"])
    expect(page.get_by_role("heading", level=1)).to_have_text(["Inbox"])

    cookies = {c["name"]: c for c in one.context.cookies()}
    assert cookies[settings().cookie]["httpOnly"]
    assert settings().cookie not in page.evaluate("document.cookie")


def test_signing_out_in_one_tab_ends_the_others(seat, world):
    one = seat()
    page = one.opens()
    sign_in(page, "auditor", world.passwords["auditor"])
    expect(page.get_by_role("heading", level=1)).to_have_text(["Inbox"])
    other = one.opens("/ledger")

    page.get_by_role("link", name="Sign out").click()
    page.get_by_role("button", name="Sign out").click()

    expect(page.get_by_role("heading", level=1)).to_have_text(["You are signed out"])
    expect(other.get_by_role("heading", level=1)).to_have_text(["You are signed out"])
    back = other.get_by_role("link", name="Sign in again").get_attribute("href")
    assert back == f"{world.url}/sign-in?next=%2Fledger"


def test_a_cookie_of_another_server_on_this_host_keeps_nobody_out(seat, world):
    one = seat("viewer")
    odd = {"name": "prefs", "value": '{"a": "b c"}', "url": world.console}
    one.context.add_cookies([odd])

    page = one.opens("/live")

    expect(page.get_by_role("heading", level=1)).to_have_text(["Live"])


def test_a_session_that_ended_meanwhile_sends_nothing_and_says_so(seat, world):
    change = proposes(world, "sessions/ended")
    one = seat("product")
    page = one.opens(f"/change?id={change.id}")
    page.get_by_label("Reason").fill("I have read every word.")

    world.signs_out("product")
    page.get_by_role("button", name="Approve as product").click()

    expect(page.get_by_role("heading", level=1)).to_have_text(["You are signed out"])
    assert world["viewer"].changes.get(change.id).votes == ()
    link = page.get_by_role("link", name="Sign in again")
    assert f"change%3Fid%3D{change.id}" in link.get_attribute("href")
    one.wrong.clear()  # what the gate said to nobody


def cookie_of(one) -> str:
    held = {cookie["name"]: cookie["value"] for cookie in one.context.cookies()}
    return held[settings().cookie]


def test_who_signs_in_again_goes_on_where_they_were(seat, world):
    change = proposes(world, "sessions/again")
    one = seat()
    page = one.comes_in("risk", f"/change?id={change.id}")
    with Remote(world.url, cookie_of(one)) as theirs:
        theirs.sessions.end()
    page.get_by_label("Reason").fill("I have read every word.")
    page.get_by_role("button", name="Approve as risk").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(["You are signed out"])

    page.get_by_role("link", name="Sign in again").click()
    sign_in(page, "risk", world.passwords["risk"])

    page.wait_for_url(f"{world.console}/change?id={change.id}")
    page.get_by_label("Reason").fill("I have read every word.")
    page.get_by_role("button", name="Approve as risk").click()
    expect(page.get_by_text(f"You approved change {change.id}").first).to_be_visible()
    one.wrong.clear()  # what the gate said to nobody
