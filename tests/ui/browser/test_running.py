"""Whoever runs the bots: stopping and resuming, going back, promoting, in a browser."""

import re

import pytest
from playwright.sync_api import expect

from tests.ui.libraries import Library
from tests.ui.world import drawn

pytestmark = pytest.mark.slow

NARROW = {"width": 390, "height": 844}


def bot_in(world, library):
    return world["viewer"].live_bots.get("production", library.bot)


def says(page, field, text):
    page.get_by_label(field).fill(text)
    page.get_by_label(field).press("Tab")


def test_a_seat_stops_a_bot_with_two_clicks_on_a_phone(seat, world):
    library = Library(world, "phone").lives()
    page = seat("risk", viewport=NARROW).opens("/live?env=production&q=phone")
    row = page.get_by_text(library.bot, exact=True)
    expect(row).to_be_visible()

    page.get_by_role("button", name="Stop…").last.click()
    expect(page.get_by_text("Please call us.")).to_be_visible()
    expect(page.get_by_text("You are talking to a machine.")).to_be_visible()
    says(page, re.compile("^Why"), "It promises refunds.")
    page.get_by_role("button", name=f"Stop {library.bot} in production").click()

    expect(
        page.get_by_role("alert").filter(has_text="promises refunds")
    ).to_be_visible()
    assert bot_in(world, library).stopped.by == "risk"


def test_two_clicks_stop_a_bot_once(seat, world):
    library = Library(world, "once").lives()
    before = library.of("production").seq
    page = seat("risk").opens(f"/live?env=production&bot={library.bot}&do=stop")
    says(page, re.compile("^Why"), "It promises refunds.")

    page.get_by_role("button", name=f"Stop {library.bot} in production").dblclick()

    alarm = page.get_by_role("alert").filter(has_text="promises refunds")
    expect(alarm.first).to_be_visible()
    drawn(page)
    assert library.of("production").seq == before + 1
    assert bot_in(world, library).stopped.by == "risk"


def test_a_stopped_bot_is_proposed_to_answer_again_and_does_once_agreed(seat, world):
    library = Library(world, "again").lives()
    world["risk"].environments.stop("production", library.bot, "It sings.")
    page = seat("operator").opens(f"/live?env=production&bot={library.bot}")
    expect(page.get_by_role("alert").filter(has_text="It sings")).to_be_visible()

    page.get_by_role("button", name="Have it answer again…").click()
    expect(page.get_by_text("exactly as it was when it was stopped")).to_be_visible()
    page.get_by_role("button", name=f"Propose that {library.bot} answers").click()
    expect(page.get_by_text("proposes it already")).to_be_visible()
    (number,) = bot_in(world, library).resumed_by
    library.activate(library.agree(world["operator"].changes.get(number)))

    assert bot_in(world, library).stopped is None


def test_whoever_goes_back_sees_first_what_it_undoes(seat, world):
    library = Library(world, "back").lives().says("production", "1.0.1", "Be curt.")
    page = seat("operator").opens(f"/live?env=production&bot={library.bot}")

    page.get_by_role("button", name="Go back…").click()
    undone = page.get_by_role("table", name="What it undoes")
    expect(undone.get_by_role("cell", name="Be curt. (back)")).to_be_visible()
    changes = page.get_by_role("table", name="What changes")
    expect(changes.get_by_role("cell", name="1.0.1")).to_be_visible()
    says(page, re.compile("^Why"), "It was too curt.")
    page.get_by_role("button", name=f"Roll back {library.bot}").click()

    expect(
        page.get_by_role("status").filter(has_text="Rolled back").first
    ).to_be_visible()
    live = {one.document: one.version for one in library.of("production").documents}
    assert live[library.tone] == "1.0.0"


def test_who_may_not_go_back_sees_the_same_and_who_may(seat, world):
    library = Library(world, "look").lives().says("production", "1.0.1", "Be loud.")
    page = seat("viewer").opens(f"/live?env=production&bot={library.bot}&do=back")

    undone = page.get_by_role("table", name="What it undoes")
    expect(undone.get_by_role("cell", name="Be loud. (look)")).to_be_visible()
    expect(page.get_by_text("It takes the role operator")).to_be_visible()
    expect(page.get_by_role("button", name=re.compile("^Roll back"))).to_have_count(0)


def test_what_is_ahead_is_promoted_as_a_proposal(seat, world):
    library = Library(world, "ahead").lives("staging")
    library.is_promoted("staging", "production")
    library.says("staging", "1.0.1", "Be brief.")
    page = seat("author").opens("/live?env=staging&view=between&against=production")
    expect(page.get_by_text(library.tone, exact=True)).to_be_visible()

    page.get_by_role("button", name="Promote what is ahead to production…").click()
    expect(page.get_by_role("cell", name="1.0.1").first).to_be_visible()
    page.get_by_role("button", name="Propose it in production").click()

    expect(
        page.get_by_role("status").filter(has_text="waits for votes").first
    ).to_be_visible()
    (change, *_) = world["viewer"].changes.list(environment="production", limit=1)
    assert change.type == "promotion"
    assert library.tone in change.documents
