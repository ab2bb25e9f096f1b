"""Deciding on a change, in browsers: its author, the board, and an operator."""

import pytest
from playwright.sync_api import Page, expect

from tests.ui.proposing import goes_live, proposes, revises, votes
from tests.ui.world import drawn, overflow

pytestmark = pytest.mark.slow


def path(change):
    return f"/change?id={change.id}"


def approves(page: Page, handle: str, reason: str = "I have read every word."):
    page.get_by_label("Reason").fill(reason)
    page.get_by_role("button", name=f"Approve as {handle}").click()


def needs(page: Page):
    return page.get_by_role("list", name="Who has to agree")


def test_a_change_goes_from_its_author_to_those_who_are_asked_and_live(
    seat, world, tmp_path
):
    change = proposes(world, "deciding/refunds", title="Promise nothing")

    page = seat("author").opens(path(change))
    expect(page.get_by_text("You have contributed to it.").first).to_be_visible()
    expect(page.get_by_role("button", name="Approve")).to_have_count(0)

    product = seat("product").opens(path(change))
    approves(product, "product")
    expect(
        product.get_by_text(f"You approved change {change.id}").first
    ).to_be_visible()
    expect(needs(product).get_by_text("agreed", exact=True)).to_have_count(1)

    risk = seat("risk").opens(path(change))
    approves(risk, "risk")
    expect(needs(risk).get_by_text("agreed", exact=True)).to_have_count(2)
    button = risk.get_by_role("button", name="Download the receipt")
    with risk.expect_download() as download:
        button.click()
    download.value.save_as(tmp_path / "receipt.html")
    assert "Promise nothing" in (tmp_path / "receipt.html").read_text("utf-8")

    operator = seat("operator").opens(path(change))
    expect(operator.get_by_text("deciding/refunds").first).to_be_visible()
    operator.get_by_role(
        "button", name=f"Make change {change.id} live in production"
    ).click()
    expect(operator.get_by_text("is live in production").first).to_be_visible()
    assert world["viewer"].changes.get(change.id).status == "activated"


def test_what_was_revised_meanwhile_takes_no_vote_before_it_is_read_again(seat, world):
    name = "deciding/meanwhile"
    change = proposes(world, name, "Answer politely.")
    page = seat("product").opens(path(change))
    page.get_by_label("Reason").fill("Polite is good.")

    revised = revises(world, change, name, "Answer rudely.")
    page.get_by_role("button", name="Approve as product").click()

    expect(page.get_by_text("has changed since you opened it")).to_be_visible()
    expect(page.get_by_role("button", name="Approve as product")).to_have_count(0)
    expect(page.get_by_text("Answer rudely.").first).to_be_visible()
    assert world["viewer"].changes.get(change.id).votes == ()

    page.get_by_role("button", name="I read revision 2").click()
    expect(page.get_by_text("has another content than when")).to_have_count(0)
    page.get_by_role("radio", name="Ask for changes").click()
    page.get_by_label("Reason").fill("Rude is not.")
    page.get_by_role("button", name="Ask for changes as product").click()
    expect(page.get_by_text("You asked for changes").first).to_be_visible()
    (vote,) = world["viewer"].changes.get(change.id).votes
    assert (vote.verdict, vote.review_digest) == (
        "ask-for-changes",
        revised.review_digest,
    )


def test_two_people_decide_on_the_same_change_at_once(seat, world):
    change = proposes(world, "deciding/at-once")
    product = seat("product").opens(path(change))
    risk = seat("risk").opens(path(change))

    approves(product, "product")
    approves(risk, "risk")

    for page in (product, risk):
        expect(
            page.get_by_text(f"You approved change {change.id}").first
        ).to_be_visible()
    expect(needs(risk).get_by_text("agreed", exact=True)).to_have_count(2)


def test_two_clicks_on_a_vote_are_one_vote(seat, world):
    change = proposes(world, "deciding/twice")
    page = seat("product").opens(path(change))
    page.get_by_label("Reason").fill("Once is enough.")

    page.get_by_role("button", name="Approve as product").dblclick()

    expect(page.get_by_text(f"You approved change {change.id}").first).to_be_visible()
    drawn(page)
    assert page.locator("[data-testid=stAlertContentError]").count() == 0
    assert len(world["viewer"].changes.get(change.id).votes) == 1


def test_two_clicks_make_a_change_live_once(seat, world):
    change = proposes(world, "deciding/live-twice")
    for handle in ("product", "risk"):
        votes(world, change, handle)
    before = world["viewer"].environments.live("production").seq
    page = seat("operator").opens(path(change))

    page.get_by_role("button", name=f"Make change {change.id} live").dblclick()

    expect(page.get_by_text("is live in production").first).to_be_visible()
    drawn(page)
    assert page.locator("[data-testid=stAlertContentError]").count() == 0
    assert world["viewer"].environments.live("production").seq == before + 1


def test_what_was_withdrawn_meanwhile_takes_no_vote_and_says_so(seat, world):
    change = proposes(world, "deciding/withdrawn")
    page = seat("product").opens(path(change))
    page.get_by_label("Reason").fill("Polite is good.")

    world["author"].changes.withdraw(change.id, "Written again elsewhere.")
    page.get_by_role("button", name="Approve as product").click()

    expect(page.get_by_text("withdrawn by author").first).to_be_visible()
    expect(page.get_by_role("button", name="Approve as product")).to_have_count(0)
    assert world["viewer"].changes.get(change.id).votes == ()


def test_an_author_takes_a_change_back(seat, world):
    change = proposes(world, "deciding/back")
    page = seat("author").opens(path(change))

    page.get_by_text("Withdraw this change").click()
    page.get_by_label("Why it is taken back").fill("The hotline has moved.")
    page.get_by_role("button", name=f"Withdraw change {change.id}").click()

    expect(page.get_by_text(f"Change {change.id} is withdrawn.").first).to_be_visible()
    assert world["viewer"].changes.get(change.id).status == "withdrawn"
    expect(page.get_by_text("Withdraw this change")).to_have_count(0)


def test_risk_does_without_a_check_for_a_time(seat, world):
    change = proposes(world, "deciding/waived", "<!-- as on the intranet --> Be kind.")
    page = seat("risk").opens(path(change))
    required = page.get_by_role("list", name="Required checks")
    expect(required.get_by_text("hidden-text").first).to_be_visible()

    page.get_by_text("Do without the check hidden-text").click()
    page.get_by_label("Why it can go live without").fill("I have read the comment.")
    page.get_by_role("button", name="Do without hidden-text").click()

    expect(
        page.get_by_text(f"Change {change.id} can go live without hidden-text").first
    ).to_be_visible()
    (waiver,) = world["viewer"].changes.get(change.id).waivers
    assert (waiver.check, waiver.by) == ("hidden-text", "risk")


def test_a_veto_is_cleared_by_the_board_with_a_reason(seat, world):
    change = proposes(world, "deciding/veto")
    votes(world, change, "legal", "veto")
    page = seat("board").opens(path(change))

    page.get_by_text("Clear the veto of legal").first.click()
    page.get_by_label("Why it is settled").fill("Legal was on the phone: it is fine.")
    page.get_by_role("button", name="Clear the veto of legal").click()

    expect(page.get_by_text("The veto of legal is cleared").first).to_be_visible()
    assert world["viewer"].changes.get(change.id).blocks == ()


def test_a_stale_change_says_why_and_what_to_do(seat, world):
    name = "deciding/stale"
    goes_live(world, proposes(world, name))
    change = proposes(world, name, "Answer briefly.", version="1.0.1")
    other = proposes(world, name, "Answer at length.", version="1.0.2")
    goes_live(world, other)

    page = seat("risk").opens(path(change))

    told = page.get_by_text(f"prompts/{name} was replaced since").first
    expect(told).to_be_visible()
    expect(page.get_by_text("author can revise it").first).to_be_visible()


def test_one_votes_at_390_points_width(seat, world):
    change = proposes(world, "deciding/small")
    page = seat("risk", viewport={"width": 390, "height": 844}).opens(path(change))

    approves(page, "risk")

    expect(page.get_by_text(f"You approved change {change.id}").first).to_be_visible()
    assert overflow(page) == 0
