"""Looking things up, in a browser: the catalogue and the ledger."""

import csv
import io
import re
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.ui.browser.test_every_page import serious, wait
from tests.ui.world import overflow

pytestmark = pytest.mark.slow

BOT = "bots/acme-air/support"
PLACES = {
    "a document's uses": f"/catalogue?document={BOT}&part=Uses",
    "a document's steps": f"/catalogue?document={BOT}&part=Steps",
    "a document's text": f"/catalogue?document={BOT}",
    "retirements": "/catalogue?show=Retirements",
    "an event": "/ledger?event=2",
    "verifying": "/ledger?view=Verify",
    "evidence": "/ledger?view=Evidence",
}


def downloaded(page, name) -> bytes:
    with page.expect_download() as download:
        page.get_by_role("button", name=name).click()
    return Path(download.value.path()).read_bytes()


def test_somebody_finds_a_document_and_what_it_uses(seat, demo):
    page = seat("viewer", of=demo).opens("/catalogue")

    search = page.get_by_label("Search in names and texts")
    search.fill("acme-air/support")
    search.press("Enter")
    page.get_by_role("link", name=BOT, exact=True).first.click()

    expect(page.get_by_role("heading", level=1)).to_have_text(["acme-air/support"])
    page.get_by_role("radio", name="Uses").or_(
        page.get_by_role("button", name="Uses")
    ).first.click()
    picture = page.locator("svg g.node")
    expect(picture.first).to_be_visible()
    expect(page.get_by_role("heading", name="Used by")).to_be_visible()
    assert "part=Uses" in page.url


def test_what_was_looked_for_can_be_sent_to_somebody(seat, demo):
    page = seat("viewer", of=demo).opens("/catalogue?kind=bots&live_in=production")

    wait(page)

    links = page.get_by_role("table", name="Documents").get_by_role("link")
    assert all(one.startswith("bots/") for one in links.all_inner_texts())
    assert "kind=bots" in page.url


def test_the_list_is_taken_along(seat, demo):
    page = seat("viewer", of=demo).opens("/catalogue?kind=guardrails")
    wait(page)

    told = downloaded(page, "Download as CSV").decode("utf-8-sig")

    head, *rows = csv.reader(io.StringIO(told))
    assert head[0] == "document"
    assert rows
    assert all(row[0].startswith("guardrails/") for row in rows)


def test_an_auditor_finds_an_event_and_opens_it(seat, demo):
    page = seat("auditor", of=demo).opens("/ledger?type=recalled")
    wait(page)

    events = page.get_by_role("table", name="Events")
    number = events.get_by_role("link").first.inner_text()
    expect(events).to_contain_text(re.compile("recalled sha256:"))
    events.get_by_role("link").first.click()

    expect(page.get_by_role("heading", level=1)).to_have_text([f"Event {number}"])
    expect(page.get_by_role("table", name="The chain")).to_be_visible()


def test_an_auditor_verifies_and_takes_evidence_along(seat, demo):
    page = seat("auditor", of=demo).opens("/ledger?view=Verify")

    page.get_by_role("button", name="Verify now").click()
    expect(page.get_by_text("Everything is as the ledger says.")).to_be_visible()
    note = downloaded(page, "Download checkpoint")
    page.get_by_role("radio", name="Evidence").click()
    page.get_by_label("Number of the change").fill("1")
    page.get_by_role("button", name="Make it").click()
    data = downloaded(page, "Download the evidence")

    assert note == demo["auditor"].ledger.checkpoint()
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None


def test_who_may_not_verify_is_told_who_can(seat, demo):
    page = seat("viewer", of=demo).opens("/ledger?view=Verify")

    expect(page.get_by_text("auditor (auditor)")).to_be_visible()
    assert page.get_by_role("button", name="Verify now").count() == 0


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("place", PLACES)
def test_what_is_opened_can_be_used_by_everybody(seat, demo, place, width):
    one = seat("viewer", of=demo, viewport={"width": width, "height": 844})
    page = one.opens(PLACES[place])
    wait(page)

    assert serious(page) == []
    assert overflow(page) == 0


def test_from_a_document_one_comes_back_to_all_of_them(seat, demo):
    page = seat("viewer", of=demo).opens(f"/catalogue?document={BOT}&part=Steps")

    page.get_by_role("link", name="All documents").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(["Catalogue"])
