"""Evidence to download: packs, and receipts of votes."""

import io
import json
import subprocess
import sys
import zipfile
from hashlib import sha256

import pytest
from starlette.testclient import TestClient

from registry import checkpoints, signed_notes
from registry.api.bearer import Scope
from registry.merkle import leaf_of, proves_inclusion
from registry.names import digest_of
from registry.signed_notes import parse_verifier
from tests.api import texts
from tests.api.conftest import JsonObject, Placet

MOMENT = {"environment": "development", "at": "2026-05-03T12:30:00Z"}
PERIOD = {"from": "2026-05-03T11:30:00Z", "to": "2026-05-03T12:30:00Z"}


@pytest.fixture
def voted(placet: Placet) -> Placet:
    """Change 2, on which risk has asked for changes and then approved; signed."""
    placet.live(texts.prompt())
    other = texts.prompt(name="acme/fares")
    change = placet.submit(other, environment="production")
    assert placet.vote(change, "risk", "ask-for-changes").is_success
    assert placet.vote(change, "risk").is_success
    placet.clock.forward(hours=1)
    placet.parts.opened.afterwards.once()
    return placet


def viewer(placet: Placet) -> TestClient:
    return placet.signed_in("viewer")


def unpacked(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as zipped:
        return {name: zipped.read(name) for name in zipped.namelist()}


def receipt(placet: Placet, **query: str) -> JsonObject:
    answer = viewer(placet).get("/v1/changes/2/receipt", params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.mark.parametrize(
    ("path", "query", "name"),
    [
        ("/v1/changes/2/evidence", {}, "evidence-change-2"),
        ("/v1/evidence", MOMENT, "evidence-development-20260503T123000Z"),
        ("/v1/evidence", PERIOD, "evidence-20260503-20260503"),
    ],
)
def test_a_pack_is_an_archive_of_files_that_its_manifest_names(
    voted: Placet, path: str, query: JsonObject, name: str
):
    answer = viewer(voted).get(path, params=query)

    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/zip"
    assert f'filename="{name}.zip"' in answer.headers["content-disposition"]
    found = unpacked(answer.content)
    manifest = json.loads(found.pop(f"{name}/manifest.json"))
    assert {f"{name}/{path}": digest for path, digest in manifest["files"].items()} == {
        path: digest_of(data) for path, data in found.items()
    }


def test_a_pack_is_checked_by_the_program_in_it(voted: Placet, tmp_path):
    data = viewer(voted).get("/v1/changes/2/evidence").content

    with zipfile.ZipFile(io.BytesIO(data)) as zipped:
        zipped.extractall(tmp_path)
    program = tmp_path / "evidence-change-2" / "verify.py"
    key = viewer(voted).get("/v1/ledger/keys").text.strip()
    done = subprocess.run(
        [sys.executable, program, "--key", key], capture_output=True, text=True
    )

    assert done.stdout.startswith("Everything that can be checked here holds.")


def test_the_same_question_gives_the_same_bytes(voted: Placet):
    first = viewer(voted).get("/v1/changes/2/evidence").content
    voted.clock.forward(hours=1)

    assert viewer(voted).get("/v1/changes/2/evidence").content == first
    with zipfile.ZipFile(io.BytesIO(first)) as zipped:
        assert {one.date_time[:3] for one in zipped.infolist()} == {(1980, 1, 1)}


def test_a_moment_in_another_zone_is_the_same_moment(voted: Placet):
    there = {"environment": "development", "at": "2026-05-03T14:30:00+02:00"}

    answers = [viewer(voted).get("/v1/evidence", params=q) for q in (MOMENT, there)]

    assert answers[0].content == answers[1].content


@pytest.mark.parametrize(
    ("query", "status", "said"),
    [
        ({}, 422, "of a moment"),
        ({"at": MOMENT["at"]}, 422, "of a moment"),
        ({**MOMENT, "to": PERIOD["to"]}, 422, "of a moment"),
        ({"from": PERIOD["from"]}, 422, "of a moment"),
        ({"from": PERIOD["to"], "to": PERIOD["from"]}, 422, "ends before"),
        ({**MOMENT, "at": "2027-01-01T00:00:00Z"}, 409, "not over yet"),
        ({**PERIOD, "to": "2027-01-01T00:00:00Z"}, 409, "not over yet"),
        ({**MOMENT, "environment": "moon"}, 404, "moon"),
    ],
)
def test_a_question_that_cannot_be_answered_is_refused(
    voted: Placet, query: JsonObject, status: int, said: str
):
    answer = viewer(voted).get("/v1/evidence", params=query)

    assert answer.status_code == status
    assert said in answer.json()["detail"]


def test_there_is_no_evidence_of_a_change_that_is_not_there(voted: Placet):
    assert viewer(voted).get("/v1/changes/9/evidence").status_code == 404


def test_without_anything_signed_one_is_told_to_wait(placet: Placet):
    placet.submit(texts.prompt())

    answer = viewer(placet).get("/v1/changes/1/evidence")

    assert answer.status_code == 503
    assert "nothing is signed yet" in answer.json()["detail"]


def test_a_change_that_is_not_signed_yet_has_no_pack_yet(voted: Placet):
    voted.submit(texts.prompt(name="acme/luggage"))

    answer = viewer(voted).get("/v1/changes/3/evidence")

    assert answer.status_code == 503
    assert "is not signed yet" in answer.json()["detail"]


def test_a_token_that_sees_a_part_gets_no_evidence(voted: Placet):
    client = voted.machine(Scope.CHECK, handle="author", environments=("production",))

    assert client.get("/v1/changes/2/evidence").status_code == 403


def test_a_receipt_says_what_was_voted_and_as_what(voted: Placet):
    told = receipt(voted, voter="risk")

    assert (told["by"], told["seat"], told["verdict"]) == ("risk", "risk", "approve")
    assert (told["change"], told["environment"]) == (2, "production")
    assert (told["title"], told["reason"]) == ("Say it better", "because")
    change = viewer(voted).get("/v1/changes/2").json()
    assert told["review_digest"] == change["review_digest"]
    assert told["at"] == change["votes"][-1]["at"]


def test_a_receipt_can_be_checked_without_the_registry(voted: Placet):
    voted.live(texts.prompt(version="1.1.0", text="Say less."))
    voted.parts.opened.afterwards.once()

    told = receipt(voted, voter="risk")

    body = told["event_body"].encode()
    note = signed_notes.parse(told["checkpoint"].encode())
    checkpoint = checkpoints.parse(note.text)
    assert told["event_digest"] == f"sha256:{sha256(body).hexdigest()}"
    assert json.loads(body)["payload"]["verdict"] == "approve"
    assert signed_notes.verified_by(note, list(map(parse_verifier, told["keys"])))
    assert proves_inclusion(
        [bytes.fromhex(node) for node in told["proof"]],
        leaf=leaf_of(body),
        index=told["event"] - 1,
        size=checkpoint.size,
        root=checkpoint.root,
    )
    assert told["signed"] == checkpoint.size
    assert told["root"] == note.text.splitlines()[2]


def test_a_receipt_is_of_whoever_asks(voted: Placet):
    answer = voted.signed_in("risk").get("/v1/changes/2/receipt")

    assert answer.json()["by"] == "risk"


def test_a_receipt_is_also_a_page_that_runs_and_loads_nothing(voted: Placet):
    query = {"voter": "risk", "format": "html"}
    answer = viewer(voted).get("/v1/changes/2/receipt", params=query)

    assert answer.headers["content-type"].startswith("text/html")
    name = 'filename="receipt-change-2-risk.html"'
    assert name in answer.headers["content-disposition"]
    assert receipt(voted, voter="risk")["review_digest"] in answer.text
    assert "Content-Security-Policy" in answer.text
    assert "<script" not in answer.text


def test_there_is_no_receipt_of_a_vote_that_nobody_cast(voted: Placet):
    for answer in (
        viewer(voted).get("/v1/changes/2/receipt"),
        viewer(voted).get("/v1/changes/1/receipt?voter=risk"),
    ):
        assert answer.status_code == 404
        assert "has not voted" in answer.json()["detail"]


def test_a_vote_that_is_not_signed_yet_has_no_receipt_yet(voted: Placet):
    change = viewer(voted).get("/v1/changes/2").json()
    voted.vote(change, "product")

    answer = viewer(voted).get("/v1/changes/2/receipt?voter=product")

    assert answer.status_code == 503
    assert "is not signed yet" in answer.json()["detail"]
