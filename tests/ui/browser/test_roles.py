"""Each role's day, from the registry's sign-in page to what they came for."""

import base64
import hashlib
import html
import io
import json
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from playwright.sync_api import Page, expect

from tests.api import texts
from tests.cli.worlds import begin
from tests.ui.libraries import Library
from tests.ui.proposing import proposes, votes
from tests.ui.world import drawn, served

pytestmark = pytest.mark.slow

ON_CALL = "responder:operator:incident"
READ_ALOUD = "It is all as we said in the meeting."


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    """With somebody on call, who may go ahead in an emergency."""
    home = tmp_path_factory.mktemp("roles") / "registry"
    with served(home, begin(home, ON_CALL)) as world:
        yield world


def path(change) -> str:
    return f"/change?id={change.id}"


def approves(page: Page, handle: str, reason: str = READ_ALOUD) -> None:
    page.get_by_label("Reason").fill(reason)
    page.get_by_role("button", name=f"Approve as {handle}").click()
    expect(page.get_by_text(re.compile("^You approved change")).first).to_be_visible()


def downloaded(page: Page, name: str) -> bytes:
    with page.expect_download() as download:
        page.get_by_role("button", name=name).click()
    return Path(download.value.path()).read_bytes()


def test_an_author_is_asked_for_changes_and_revises_until_it_waits_again(seat, world):
    change = proposes(world, "roles/revised", title="Promise a refund")
    votes(world, change, "risk", "ask-for-changes")
    page = seat().comes_in("author")
    expect(page.get_by_text("Promise a refund")).to_be_visible()

    page.get_by_role("button", name="See what to revise").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(["Promise a refund"])
    page.get_by_role("link", name="Revise it: the voting starts again").click()
    text = page.get_by_label("Its text, as YAML")
    text.fill(texts.prompt("roles/revised", "1.0.0", "Promise nothing."))
    text.press("Control+Enter")
    reads = page.get_by_role("region", name="roles/revised")
    expect(reads).to_contain_text("Promise nothing.")
    drawn(page)
    page.get_by_role("button", name="Submit revision").click()

    expect(page.get_by_text("has revision 2").first).to_be_visible()
    found = world["viewer"].changes.get(change.id)
    assert (found.revision, found.status) == (2, "waiting")


def test_a_board_member_votes_and_keeps_a_receipt_that_needs_no_registry(seat, world):
    library = Library(world, "receipt")
    prompts = [
        texts.prompt(f"receipt/{role}", "1.0.0", "Be kind.")
        for role in ("refunds", "fares")
    ]
    bot = texts.bot("receipt/support").replace("acme/refunds", "receipt/refunds")
    change = library.submit("production", [*prompts, bot], "A bot that is kind")
    page = seat().comes_in("board", path(change))
    expect(page.get_by_role("heading", level=1)).to_have_text(["A bot that is kind"])

    approves(page, "board")
    receipt = downloaded(page, "Download the receipt").decode()

    said = json.loads(passage(receipt, "The event"))
    told = said["payload"]
    assert (said["actor"]["handle"], told["verdict"]) == ("board", "approve")
    assert told["review_digest"] == change.review_digest
    assert told["reason"] == READ_ALOUD
    assert is_proved(receipt, (world.home / "ledger.pub").read_text().strip())


def passage(receipt: str, caption: str) -> str:
    """What a receipt has under *caption*, as it was written."""
    found = re.search(rf"<h3>{caption}</h3>\s*<pre>\n(.*?)</pre>", receipt, re.S)
    assert found is not None, receipt
    return html.unescape(found[1])


def is_proved(receipt: str, key: str) -> bool:
    """As somebody else's program would see it, with RFC 9162 and the key alone."""
    signed, _, signatures = passage(receipt, "The checkpoint").partition("\n\n")
    name, _, public = key.split("+", 2)
    signature = next(
        base64.b64decode(line.split()[-1])[4:]
        for line in signatures.splitlines()
        if line.split()[1] == name
    )
    Ed25519PublicKey.from_public_bytes(base64.b64decode(public)[1:]).verify(
        signature, f"{signed}\n".encode()
    )
    _, size, root = signed.splitlines()[:3]
    event = passage(receipt, "The event")
    number = re.search(r"<dt>event</dt><dd>(\d+)</dd>", receipt)
    node = hashlib.sha256(b"\0" + event.encode()).digest()
    at, last = int(number[1]) - 1, int(size) - 1
    for line in passage(receipt, "The proof").split():
        other = bytes.fromhex(line)
        is_right = at % 2 == 1 or at == last
        while is_right and at and at % 2 == 0:
            at, last = at // 2, last // 2
        pair = other + node if is_right else node + other
        node = hashlib.sha256(b"\1" + pair).digest()
        at, last = at // 2, last // 2
    return node == base64.b64decode(root)


def test_legal_says_why_where_a_wrong_text_could_do_most_harm(seat, world):
    change = proposes(world, "roles/high", title="Speak of rights", tier="high")
    page = seat().comes_in("legal")
    page.get_by_role("button", name="Read and vote").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(["Speak of rights"])

    page.get_by_role("button", name="Approve as legal").click()
    expect(page.get_by_text("Write a reason")).to_be_visible()
    assert world["viewer"].changes.get(change.id).votes == ()
    approves(page, "legal")

    (vote,) = world["viewer"].changes.get(change.id).votes
    assert (vote.seat, vote.reason) == ("legal", READ_ALOUD)


def test_an_evaluator_reads_on_the_change_what_was_attached(seat, world):
    change = proposes(world, "roles/tried", title="Answer in a sentence")
    cat = {"input": "May I bring my cat?", "before": "Purr.", "after": "Yes."}
    result = {
        "name": "answers",
        "content": change.content,
        "passed": True,
        "total": 1,
        "failed": 0,
        "examples": [{**cat, "verdict": "pass", "source": "curated"}],
    }
    world["evaluator"].checks.attach(change.id, result)

    page = seat().comes_in("evaluator", path(change))

    tried = page.get_by_role("list", name="What was tried")
    expect(tried).to_contain_text("by evaluator")
    expect(page.get_by_text("May I bring my cat?").first).to_be_visible()
    expect(page.get_by_text("You cannot vote.").first).to_be_visible()


def test_an_auditor_verifies_and_takes_evidence_that_checks_itself(
    seat, world, tmp_path
):
    Library(world, "evidence").lives()
    change, *_ = world["viewer"].changes.list(environment="production", limit=1)
    page = seat().comes_in("auditor", "/ledger?view=Verify")

    page.get_by_role("button", name="Verify now").click()
    expect(page.get_by_text("Everything is as the ledger says.")).to_be_visible()
    page.goto(f"{world.console}/ledger?view=Evidence")
    drawn(page)
    page.get_by_label("Number of the change").fill(str(change.id))
    page.get_by_role("button", name="Make it").click()
    data = downloaded(page, "Download the evidence")

    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        archive.extractall(tmp_path)
    program = next(tmp_path.rglob("verify.py"))
    key = world.home / "ledger.pub"
    checked = subprocess.run(
        [sys.executable, "-E", program, "--key", key],
        cwd=program.parent,
        capture_output=True,
        text=True,
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_whoever_is_on_call_stops_a_bot_and_goes_back_to_what_it_said(seat, world):
    library = Library(world, "stopped").lives().says("production", "1.0.1", "Be mean.")
    page = seat().comes_in("responder", f"/live?env=production&bot={library.bot}")

    page.get_by_role("button", name="Stop…").click()
    page.get_by_label(re.compile("^Why")).fill("It is mean.")
    page.get_by_role("button", name=f"Stop {library.bot} in production").click()
    expect(page.get_by_role("alert").filter(has_text="It is mean.")).to_be_visible()
    assert bot_of(world, library).stopped.by == "responder"

    page.get_by_role("button", name="Go back…").click()
    page.get_by_label(re.compile("^Why")).fill("It was kind before.")
    page.get_by_role("button", name=f"Roll back {library.bot}").click()
    expect(
        page.get_by_role("status").filter(has_text="Rolled back").first
    ).to_be_visible()
    live = {one.document: one.version for one in library.of("production").documents}
    assert live[library.tone] == "1.0.0"
    assert bot_of(world, library).stopped is not None


def bot_of(world, library):
    return world["viewer"].live_bots.get("production", library.bot)


def test_an_emergency_goes_live_at_once_and_others_agree_to_it_afterwards(seat, world):
    change = proposes(world, "roles/emergency", title="Say that the line is closed")
    page = seat().comes_in("responder", path(change))

    page.get_by_text("Activate in an emergency").click()
    page.get_by_label("Incident").fill("INC-7")
    page.get_by_label("Why it cannot wait").fill("People stand before closed doors.")
    page.get_by_role("button", name=f"Activate change {change.id}").click()
    expect(
        page.get_by_text(f"Change {change.id} is live in production").first
    ).to_be_visible()
    found = world["viewer"].changes.get(change.id)
    assert found.status == "activated"

    for handle in ("product", "risk"):
        judge = seat().comes_in(handle, f"/change?ratification={found.ratification.id}")
        judge.get_by_label("Reason").fill(READ_ALOUD)
        judge.get_by_role("button", name=f"Ratify as {handle}").click()
        expect(judge.get_by_text(f"You ratified it as {handle}").first).to_be_visible()
    assert world["viewer"].changes.get(change.id).ratification.status == "ratified"


def test_an_administrator_asks_for_a_seat_and_needs_another_one_for_it(seat, world):
    asking = seat().comes_in("admin", "/policy?view=people&person=new")
    asking.get_by_label("Handle").fill("newcomer")
    asking.get_by_label("Handle").press("Enter")
    asking.get_by_role("combobox", name="Seats").click()
    asking.get_by_role("option", name="legal").click()
    asking.keyboard.press("Escape")
    asking.get_by_role("button", name="Set what newcomer may do").click()
    expect(
        asking.get_by_text("another administrator confirms it").first
    ).to_be_visible()
    expect(asking.get_by_role("button", name="Confirm that newcomer")).to_have_count(0)

    page = seat().comes_in("admin2")
    page.get_by_role("button", name="Confirm or refuse").click()
    page.get_by_role("button", name="Confirm that newcomer holds legal").click()

    expect(page.get_by_text("Confirmed: newcomer holds legal").first).to_be_visible()
    held = {one.handle: one.seats for one in world["admin"].people.list()}
    assert held["newcomer"] == ("legal",)


def test_an_administrator_sees_what_another_policy_would_have_decided(seat, world):
    Library(world, "simulated").lives()
    page = seat().comes_in("admin", "/policy?view=another&env=production")
    text = page.get_by_label("The policy, as YAML")
    text.fill(text.input_value().replace("vote_days: 14", "vote_days: 7"))
    text.press("Control+Enter")

    page.get_by_role("button", name="Check and simulate").click()

    expect(page.get_by_text("What it would decide differently")).to_be_visible()
    expect(page.get_by_text("An author proposes a policy")).to_be_visible()
    expect(page.get_by_role("button", name="Propose this policy")).to_have_count(0)


def test_a_viewer_reads_everything_and_is_told_who_acts(seat, world):
    library = Library(world, "viewed").lives()
    change = proposes(world, "roles/viewed")
    one = seat()
    page = one.comes_in("viewer")
    expect(page.get_by_text("As a viewer you are asked for nothing.")).to_be_visible()

    page = one.opens(path(change))
    expect(page.get_by_text("You cannot vote.").first).to_be_visible()
    expect(page.get_by_text(re.compile("Who could: .*product.*risk"))).to_be_visible()
    expect(page.get_by_role("button", name="Approve")).to_have_count(0)

    page = one.opens(f"/live?env=production&bot={library.bot}")
    expect(page.get_by_role("heading", name=library.bot)).to_be_visible()
    expect(page.get_by_role("button", name="Stop…")).to_have_count(0)

    page = one.opens("/policy?view=people")
    expect(page.get_by_role("table", name="People")).to_be_visible()
    expect(page.get_by_role("button", name="Add somebody")).to_have_count(0)
