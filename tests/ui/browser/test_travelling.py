"""Looking back in a browser: the slider, the clock, two moments, a timeline."""

import io
import re
import zipfile

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.slow

BANK = "/time?environment=production&bot=acme-bank/support"
NARROW = {"width": 390, "height": 844}


def stop_of(demo):
    """The seq at which somebody stopped the bank's bot."""
    found = demo["viewer"].environments.bundles("production", "acme-bank/support")
    return min((one for one in found if one.stopped), key=lambda one: one.seq)


def test_the_slider_is_moved_with_the_keyboard_and_the_address_follows(seat, demo):
    page = seat("auditor", of=demo).opens(BANK + "&seq=9")
    slider = page.get_by_role("slider", name=re.compile("sequence number"))
    expect(slider).to_have_value("9")

    slider.press("ArrowLeft")

    expect(page.get_by_text("production was at seq 8")).to_be_visible()
    expect(page).to_have_url(re.compile("seq=8"))


def test_a_link_with_a_time_shows_what_the_bot_could_say_and_who_said_yes(seat, demo):
    stop = stop_of(demo)
    at = stop.at.strftime("%Y-%m-%dT%H:%M:59Z")
    page = seat("auditor", of=demo).opens(f"{BANK}&at={at}")

    expect(
        page.get_by_role("alert").filter(has_text="was stopped then")
    ).to_be_visible()
    live = page.get_by_role("table", name=re.compile("Live in production"))
    expect(live.get_by_text("legal").first).to_be_visible()
    page.get_by_text("Show its words as they were then").click()
    expect(page.get_by_text("And to whatever is asked:")).to_be_visible()


def test_a_moment_to_come_is_refused_and_now_leads_back(seat, demo):
    page = seat("auditor", of=demo).opens(BANK + "&at=2999-01-01T00:00:00Z")
    expect(page.get_by_text("is not over yet")).to_be_visible()

    page.get_by_role("button", name="Now", exact=True).click()

    expect(page.get_by_text("This is what is live now")).to_be_visible()


def test_two_moments_stand_beside_each_other(seat, demo):
    page = seat("auditor", of=demo).opens(BANK + "&view=two&seq=7&to_seq=8")

    expect(page.get_by_role("table", name="Seq 7 and seq 8")).to_be_visible()
    texts = page.get_by_role("table", name=re.compile("at seq 7 and at seq 8"))
    expect(texts.locator("ins").first).to_be_visible()


def test_a_timeline_is_drawn_and_told(seat, demo):
    page = seat("auditor", of=demo).opens(BANK + "&view=became")

    picture = page.get_by_label(re.compile("^Timeline of acme-bank/support"))
    expect(picture.first).to_be_visible()
    told = page.get_by_role("table", name="What happened")
    expect(told).to_be_visible()
    told.get_by_role("link").first.click()
    expect(page.get_by_text("production is at seq")).to_be_visible()


def test_on_a_telephone_the_tables_stand_before_the_picture(seat, demo):
    page = seat("auditor", of=demo, viewport=NARROW).opens(BANK + "&view=became")
    table = page.get_by_role("table", name="What happened")
    expect(table).to_be_visible()
    picture = page.get_by_label(re.compile("^Timeline of acme-bank/support")).first
    expect(picture).to_be_attached()

    assert table.bounding_box()["y"] < picture.bounding_box()["y"]


def test_the_evidence_of_a_moment_is_an_archive_to_take_along(seat, demo):
    page = seat("auditor", of=demo).opens(BANK + "&seq=3")

    page.get_by_role("button", name="Make the evidence of this moment").click()
    with page.expect_download() as waited:
        page.get_by_role("button", name=re.compile("Download the evidence")).click()

    archive = zipfile.ZipFile(io.BytesIO(waited.value.path().read_bytes()))
    assert any(name.endswith("verify.py") for name in archive.namelist())
    assert waited.value.suggested_filename.startswith("evidence-production-")
