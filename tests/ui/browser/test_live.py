"""Stopping, going back, resuming and promoting, as they are really pressed."""

import fcntl
import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Page, expect

from tests.ui.browser.test_every_page import serious
from tests.ui.libraries import Library
from tests.ui.world import World, drawn, overflow

pytestmark = pytest.mark.slow

NARROW = {"width": 390, "height": 844}
WHY = re.compile("^Why")
BETWEEN_MS = 700


def seq_of(world: World) -> int:
    return next(
        one.seq
        for one in world["viewer"].environments.list()
        if one.name == "production"
    )


@contextmanager
def busy(world: World) -> Iterator[None]:
    """Nothing is written within it: whoever writes waits for its end."""
    with (world.home / "writer.lock").open("ab") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def presses_twice(world: World, page: Page, words: str | re.Pattern[str]) -> None:
    """Once more while the first press is still being done."""
    with busy(world):
        for _ in range(2):
            page.get_by_role("button", name=words).click()
            page.wait_for_timeout(BETWEEN_MS)


def tabs_to(page: Page, words: str) -> None:
    """With the keyboard alone, as far as what has these words."""
    for _ in range(60):
        page.keyboard.press("Tab")
        focused = "() => (document.activeElement || document.body).innerText.trim()"
        if page.evaluate(focused).endswith(words):
            return
    raise AssertionError(f"{words} is not reached")


def writes_why(page: Page, words: str) -> None:
    page.get_by_label(WHY).fill(words)
    page.get_by_label(WHY).press("Tab")


def form(page: Page) -> Page:
    """One that can be used by everybody, at this width."""
    expect(
        page.get_by_role("button", name=re.compile("^(Stop|Roll|Prop)"))
    ).to_have_count(1)
    drawn(page)
    assert serious(page) == []
    assert overflow(page) == 0
    return page


def test_a_bot_is_stopped_on_a_phone_with_the_keyboard_alone(seat, world):
    library = Library(world, "keys").lives()
    page = seat("risk", viewport=NARROW).opens("/live?env=production&q=keys")

    tabs_to(page, "Stop…")
    page.keyboard.press("Enter")
    expect(page.get_by_label(WHY)).to_be_visible()
    form(page)
    page.get_by_label(WHY).focus()
    page.keyboard.type("It lies.")
    page.keyboard.press("Tab")
    tabs_to(page, f"Stop {library.bot} in production")
    page.keyboard.press("Enter")

    said = page.get_by_role("status").filter(has_text=f"Stopped {library.bot}")
    expect(said).to_have_count(1)
    stopped = world["viewer"].live_bots.get("production", library.bot).stopped
    assert (stopped.by, stopped.reason) == ("risk", "It lies.")


def test_a_second_click_on_roll_back_does_nothing_and_the_first_is_said(seat, world):
    library = Library(world, "twice").lives().says("production", "1.0.1", "Be curt.")
    before = seq_of(world)
    page = seat("operator").opens(f"/live?env=production&bot={library.bot}&do=back")
    form(page)
    writes_why(page, "It was too curt.")

    presses_twice(world, page, re.compile("^Roll back"))

    said = page.get_by_role("status").filter(has_text="Rolled back")
    expect(said).to_have_count(1)
    expect(page.get_by_role("table", name="Moves of production")).to_be_visible()
    assert seq_of(world) == before + 1


def test_a_second_click_on_a_proposal_makes_no_second_one(seat, world):
    library = Library(world, "proposed").lives()
    world["risk"].environments.stop("production", library.bot, "It yawns.")
    page = seat("operator").opens(f"/live?env=production&bot={library.bot}&do=resume")
    form(page)

    presses_twice(world, page, re.compile("^Propose that"))

    said = page.get_by_role("status").filter(has_text="It waits for votes")
    expect(said).to_have_count(1)
    (number,) = world["viewer"].live_bots.get("production", library.bot).resumed_by
    page.get_by_role("link", name=f"Change {number}: Resume {library.bot}").click()
    expect(page.get_by_role("heading", level=1)).to_have_text([f"Resume {library.bot}"])


def test_what_moved_between_reading_and_pressing_is_said_and_not_done(seat, world):
    library = Library(world, "moved").lives().says("production", "1.0.1", "Be late.")
    page = seat("operator").opens(f"/live?env=production&bot={library.bot}&do=back")
    writes_why(page, "It was too late.")
    library.says("production", "1.0.2", "Be early.")
    before = seq_of(world)

    page.get_by_role("button", name=re.compile("^Roll back")).click()
    expect(page.get_by_text("This has changed since you opened it")).to_be_visible()
    expect(page.get_by_role("button", name=re.compile("^Roll back"))).to_have_count(0)
    untouched = seq_of(world)
    page.get_by_role("button", name="I have read it again").click()
    expect(page.get_by_role("cell", name="1.0.2").first).to_be_visible()
    writes_why(page, "It was too late.")
    page.get_by_role("button", name=re.compile("^Roll back")).click()

    expect(page.get_by_role("status").filter(has_text="Rolled back")).to_have_count(1)
    assert (untouched, seq_of(world)) == (before, before + 1)


def test_what_another_bot_does_meanwhile_keeps_nobody_from_going_back(seat, world):
    other = Library(world, "other").lives()
    library = Library(world, "mine").lives().says("production", "1.0.1", "Be dull.")
    page = seat("operator").opens(f"/live?env=production&bot={library.bot}&do=back")
    writes_why(page, "It was too dull.")
    world["risk"].environments.stop("production", other.bot, "It shouts.")

    page.get_by_role("button", name=re.compile("^Roll back")).click()

    expect(page.get_by_role("status").filter(has_text="Rolled back")).to_have_count(1)


def test_a_promotion_is_proposed_from_a_form_for_everybody(seat, world):
    library = Library(world, "brought").lives("staging")
    page = seat("author", viewport=NARROW).opens(
        f"/live?env=staging&do=promote&to=production&documents=bots/{library.bot}"
    )
    form(page)

    presses_twice(world, page, "Propose it in production")

    said = page.get_by_role("status").filter(has_text="The promotion is proposed")
    expect(said).to_have_count(1)
    found = world["viewer"].changes.list(environment="production", q=library.bot)
    assert len([one for one in found if one.type == "promotion"]) == 1
