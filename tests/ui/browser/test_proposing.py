"""Proposing in a browser: from a text to a change, also with files and by phone."""

import re

import pytest
from playwright.sync_api import Page, expect

from registry.remote.changes import Proposal
from tests.api import texts
from tests.ui.proposing import proposes
from tests.ui.world import DRAWN, overflow

pytestmark = pytest.mark.slow


def live(world, name: str) -> str:
    author = world["author"]
    proposal = Proposal(
        title="Begin", sources=[texts.prompt(name)], deleted=(), edited_from={}
    )
    change = author.changes.submit("development", proposal)
    author.changes.activate(change.id, change.review_digest)
    return f"/propose?env=development&document=prompts/{name}"


def field(page: Page):
    return page.get_by_label("Its text, as YAML")


def writes(page: Page, text: str):
    field(page).fill(text)
    field(page).press("Control+Enter")


def title(page: Page):
    return page.get_by_role("textbox", name="What you ask for")


def test_an_author_edits_checks_and_submits_without_leaving_the_page(seat, world):
    page = seat("author").opens(live(world, "proposing/edited"))
    expect(field(page)).to_have_value(texts.prompt("proposing/edited"))

    writes(page, texts.prompt("proposing/edited", "1.0.0", "Answer briefly."))
    page.get_by_role("button", name="Set version 1.0.1").click()
    expect(page.get_by_text("No mistake in this text.")).to_be_visible()
    expect(page.get_by_text("What reads differently")).to_be_visible()
    title(page).fill("Answer briefly")
    title(page).press("Enter")
    page.get_by_role("button", name="Submit for development").click()

    expect(page.get_by_role("heading", level=1, name="Answer briefly")).to_be_visible()
    expect(page.get_by_text("is submitted").first).to_be_visible()
    (change,) = world["viewer"].changes.list(q="proposing/edited", status="approved")
    assert page.url.endswith(f"/change?id={change.id}")


def test_what_is_pressed_right_after_typing_sends_nothing_that_was_not_checked(
    seat, world
):
    page = seat("author").opens(live(world, "proposing/quick"))
    writes(page, texts.prompt("proposing/quick", "1.0.1", "Answer briefly."))
    title(page).fill("Answer briefly")
    title(page).press("Enter")
    send = page.get_by_role("button", name="Submit for development")
    expect(send).to_be_enabled()

    field(page).fill(texts.prompt("proposing/quick", "1.0.1", "Answer rudely."))
    send.click()

    expect(page.get_by_role("table").get_by_text("rudely")).to_be_visible()
    expect(field(page)).to_have_value(
        texts.prompt("proposing/quick", "1.0.1", "Answer rudely.")
    )
    newest = next(iter(world["viewer"].changes.list(q="proposing/quick")))
    assert newest.title == "Begin"


def test_what_is_typed_while_a_check_runs_stays(seat, world):
    page = seat("author").opens(live(world, "proposing/typing"))
    writes(page, texts.prompt("proposing/typing", "1.0.0", "Answer briefly."))

    title(page).press_sequentially("Answer briefly, please", delay=50)
    writes(page, texts.prompt("proposing/typing", "1.0.1", "Answer briefly."))
    field(page).press("Control+End")
    field(page).press_sequentially("# the end", delay=50)

    expect(page.get_by_text("No mistake in this text.")).to_be_visible()
    expect(title(page)).to_have_value("Answer briefly, please")
    expect(field(page)).to_have_value(re.compile("# the end$"))


def test_a_second_press_submits_nothing_more(seat, world):
    page = seat("author").opens(live(world, "proposing/twice"))
    writes(page, texts.prompt("proposing/twice", "1.0.1", "Answer briefly."))
    title(page).fill("Answer once")
    send = page.get_by_role("button", name="Submit for development")
    expect(send).to_be_enabled()

    send.dblclick()

    expect(page.get_by_role("heading", level=1, name="Answer once")).to_be_visible()
    found = world["viewer"].changes.list(q="proposing/twice")
    assert [one.title for one in found] == ["Answer once", "Begin"]


def test_every_line_has_its_number_and_scrolls_with_it(seat, world):
    page = seat("author").opens(live(world, "proposing/numbered"))
    wraps = "one => getComputedStyle(one).whiteSpace"
    style = "one => getComputedStyle(one).backgroundImage"
    last = len(texts.prompt("proposing/numbered").split("\n"))

    assert f"%0A{last}%3C" in field(page).evaluate(style)
    assert field(page).evaluate(wraps) == "pre"
    page.get_by_text("Line numbers", exact=True).click()

    expect(field(page)).to_have_css("background-image", "none")
    assert field(page).evaluate(wraps) == "pre-wrap"


HOSTILE = (
    "<img src=x onerror='window.pwned=1'><form action='//x'>Yes<form>"
    " :green-badge[Approved by the board] [Sign in](http:x)"
)


def test_hostile_names_of_files_and_documents_and_titles_are_only_read(
    seat, world, tmp_path
):
    file = tmp_path / f"\u202e{HOSTILE.replace('/', '')[:150]}.yaml"
    file.write_text(texts.prompt("proposing/hostile"), "utf-8")
    bad = tmp_path / f"bad {file.name}"
    bad.write_bytes(b"\xff")
    page = seat("author").opens("/propose?env=development")

    page.get_by_text("A new document", exact=True).click()
    page.get_by_role("textbox", name="Name").fill(HOSTILE)
    page.get_by_role("button", name="Begin it").click()
    expect(page.get_by_text("cannot be a name")).to_be_visible()
    page.get_by_text("Files", exact=True).click()
    page.locator("input[type=file]").set_input_files([bad, file])
    expect(page.get_by_text("is not UTF-8 text")).to_be_visible()
    expect(page.get_by_text("<U+202E RIGHT-TO-LEFT OVERRIDE>")).to_be_visible()
    title(page).fill(HOSTILE)
    send = page.get_by_role("button", name="Submit for development")
    expect(send).to_be_enabled()
    send.click()

    heading = page.get_by_role("heading", level=1, name="green-badge[Approved")
    expect(heading).to_be_visible()
    assert page.evaluate("window.pwned") is None
    assert page.locator("img[src=x], form[action], .stMarkdownBadge").count() == 0
    assert page.get_by_role("link", name="Sign in").count() == 0


def test_files_are_taken_as_text_and_what_is_none_is_refused(seat, tmp_path):
    good, bad = tmp_path / "good.yaml", tmp_path / "bad.yaml"
    hostile = "Say <img src=x onerror=alert(1)> \u202eand this."
    good.write_text(texts.prompt("proposing/file", "1.0.0", hostile), "utf-8")
    bad.write_bytes(b"\xff\xfe\x00")
    page = seat("author").opens("/propose?env=development")
    page.get_by_text("Files", exact=True).click()

    page.locator("input[type=file]").set_input_files([good, bad])

    expect(page.get_by_text("bad.yaml is not UTF-8 text")).to_be_visible()
    expect(page.get_by_role("rowheader", name="prompts/proposing/file")).to_be_visible()
    expect(page.get_by_text("[U+202E]").first).to_be_visible()
    assert page.locator("img[src=x]").count() == 0


def test_drafts_are_downloaded_and_uploaded_where_they_were(seat, world, tmp_path):
    page = seat("author").opens(live(world, "proposing/draft"))
    text = texts.prompt("proposing/draft", "1.0.1", "Answer briefly.")
    writes(page, text)
    expect(page.get_by_text("No mistake in this text.")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("button", name="Download drafts").click()
    download.value.save_as(tmp_path / "draft.yaml")

    other = seat("author").opens("/propose?env=development")
    other.get_by_text("Files", exact=True).click()
    other.locator("input[type=file]").set_input_files(tmp_path / "draft.yaml")

    expect(field(other)).to_have_value(text)
    expect(other.get_by_text("No mistake in this text.")).to_be_visible()


def test_a_draft_outlives_its_session_for_whoever_signs_in_again(seat, world, tmp_path):
    someone = seat("auditor")
    page = someone.opens(live(world, "proposing/ended"))
    writes(page, texts.prompt("proposing/ended", "1.0.1", "Answer briefly."))
    expect(page.get_by_text("No mistake in this text.")).to_be_visible()

    world.signs_out("auditor")
    page.get_by_role("button", name="Check", exact=True).click()
    expect(page.get_by_role("heading", name="You are signed out")).to_be_visible()
    someone.signs_in("auditor")
    with page.expect_download() as download:
        page.get_by_role("button", name="Download drafts").click()
    download.value.save_as(tmp_path / "drafts.yaml")

    assert "Answer briefly." in (tmp_path / "drafts.yaml").read_text("utf-8")
    assert all("403" in one for one in someone.wrong)  # what it said to nobody
    someone.wrong.clear()


def test_a_change_is_revised_at_390_points_width(seat, world):
    change = proposes(world, "proposing/small", title="Say it better")
    small = {"width": 390, "height": 844}
    page = seat("author", viewport=small).opens(f"/propose?revise={change.id}")

    writes(page, texts.prompt("proposing/small", "1.0.0", "Answer briefly."))
    expect(page.get_by_text("No mistake in this text.")).to_be_visible()
    assert overflow(page) == 0
    reads = page.get_by_role("region", name="proposing/small")
    expect(reads).to_contain_text("Answer briefly.")  # it has been checked
    page.locator(DRAWN).wait_for(state="attached")
    page.get_by_role("button", name="Submit revision").click()

    expect(page.get_by_text("has revision 2").first).to_be_visible()
