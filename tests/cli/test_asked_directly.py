"""What the client of our own interface gives, from a real server."""

import io
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from registry.remote import Remote
from registry.remote.changes import Proposal
from registry.remote.ledger import Wanted
from tests.cli.test_evidence import change, files, signed
from tests.cli.worlds import Library, World

__all__ = ["change"]


@pytest.fixture
def remote(world: World, change: int) -> Iterator[Remote]:
    author = world["author"]
    with Remote(world.url) as door:
        token = door.sessions.begin("author", author.password).token
    with Remote(world.url, token) as remote:
        yield remote


def sources(library: Library) -> dict[str, str]:
    return {str(path): path.read_text() for path in library.folder.rglob("*.yaml")}


def test_a_preview_is_what_the_change_is(remote: Remote, library: Library):
    library.write_tone("1.1.0", "Be calm.")
    asked = Proposal(
        title="Calm down",
        sources=list(sources(library).values()),
        deleted=(),
        edited_from={},
    )

    preview = remote.changes.preview("development", asked)
    change = remote.changes.submit("development", asked)

    assert preview.change is not None
    assert preview.you.why_not is None
    assert preview.change.effect == change.effect
    assert preview.change.requirements == change.requirements
    assert preview.difference == remote.changes.difference(change.id)
    assert {one.differs for one in preview.documents} == {True, False}


def test_a_preview_tells_each_mistake_with_its_line(remote: Remote, library: Library):
    wrong = library.folder.rglob("tone.yaml")
    source = next(wrong).read_text().replace("tier: low", "tier: lowest")

    preview = remote.changes.preview(
        "development", Proposal(title="", sources=[source], deleted=(), edited_from={})
    )

    (one,) = preview.documents
    assert [(found.line, found.where) for found in one.findings] == [(6, "/tier")]
    assert preview.change is None


def test_acts_are_found_and_told(remote: Remote, change: int):
    wanted = Wanted(change=change, environment="development")

    acts = list(remote.ledger.acts(wanted, newest_first=True))

    assert [act.type for act in acts] == ["activated", "submitted"]
    assert acts[0].what.startswith(f"Activate change {change} in development")
    events = list(remote.ledger.events(wanted))
    assert [one["number"] for one in events] == [acts[1].event, acts[0].event]


@pytest.mark.slow
def test_a_pack_over_http_has_the_files_that_the_command_writes(
    world: World, remote: Remote, change: int, tmp_path: Path
):
    begin, end = datetime.now(UTC) - timedelta(days=1), datetime.now(UTC)
    period = ("--from", begin.isoformat(), "--to", end.isoformat())
    moment = ("--environment", "development", "--at", end.isoformat())
    asked = {
        (str(change),): lambda: remote.evidence.of_change(change),
        period: lambda: remote.evidence.of_period(begin, end),
        moment: lambda: remote.evidence.of_moment("development", end),
    }

    for number, (question, ask) in enumerate(asked.items()):
        folder = tmp_path / str(number)
        world["viewer"].does("evidence", *question, "-o", str(folder))
        with zipfile.ZipFile(io.BytesIO(ask())) as zipped:
            found = {n.partition("/")[2]: zipped.read(n) for n in zipped.namelist()}

        assert found == files(folder)


def test_a_receipt_is_had_by_whoever_may_read(
    world: World, remote: Remote, library: Library
):
    library.write_tone("1.2.0", "Be quick.")
    change = world["author"].reads(
        *("submit", str(library.folder), "--env", "development", "--title", "Hurry up")
    )["id"]
    world.agrees(change, "risk")
    signed(world)

    receipt = remote.changes.receipt(change, "risk")
    page = remote.changes.receipt_page(change, "risk")

    assert (receipt.by, receipt.verdict, receipt.title) == (
        "risk",
        "approve",
        "Hurry up",
    )
    assert receipt.review_digest.encode() in page
