"""`placet pull` and `placet submit`: documents out of a registry and back."""

import json
from pathlib import Path

import pytest

from registry.cli.working_copy import Began, read_began, write_began
from tests.cli.worlds import Library, World

SEATS = ("product", "risk", "board")


@pytest.fixture
def live(world: World, library: Library) -> Library:
    world.lives(library.folder, "production", *SEATS)
    return library


def pull(world: World, to: Path, *documents: str) -> Path:
    world["author"].does("pull", "production", *documents, "--to", str(to))
    return to


def edit(folder: Path, document: str, old: str, new: str) -> None:
    path = folder / f"{document}.yaml"
    path.write_text(path.read_text().replace(old, new))


def test_what_is_pulled_is_what_is_live_byte_for_byte(world, live, tmp_path):
    folder = pull(world, tmp_path / "work")

    pulled = (folder / f"{live.refunds}.yaml").read_bytes()
    assert pulled == (live.folder / f"{live.refunds}.yaml").read_bytes()
    began = json.loads((folder / ".placet.json").read_bytes())
    assert began["environment"] == "production"
    assert live.tone in began["documents"]


def test_only_what_differs_is_proposed(world, live, tmp_path):
    folder = pull(world, tmp_path / "work")
    edit(folder, live.tone, "Be kind.", "Be brief.")
    edit(folder, live.tone, "1.0.0", "1.0.1")

    change = world["author"].reads("submit", str(folder), "--title", "Brief")

    assert [one["document"] for one in change["edits"]] == [live.tone]
    assert change["environment"] == "production"


def test_nothing_to_propose_is_an_error_unless_it_is_said_not_to_be(
    world, live, tmp_path
):
    folder = pull(world, tmp_path / "work")
    words = ("submit", str(folder), "--env", "production", "--title", "Again")

    refused = world["author"].is_refused(*words)
    done = world["author"].does(*words, "--if-changed")

    assert "everything is live in production as it is in the folder" in refused
    assert done == "Nothing to propose: production has all of it.\n"


def test_an_edit_of_what_has_moved_meanwhile_is_refused(world, live, tmp_path):
    folder = pull(world, tmp_path / "work")
    live.write_tone("1.0.1", "Be quick.")
    world.lives(live.folder, "production", *SEATS)
    edit(folder, live.tone, "Be kind.", "Be brief.")
    edit(folder, live.tone, "1.0.0", "1.0.2")

    refused = world["author"].is_refused("submit", str(folder), "--title", "Brief")

    assert live.tone in refused


def test_a_broken_document_is_not_sent(world, live, tmp_path):
    folder = pull(world, tmp_path / "work")
    edit(folder, live.refunds, "template: simple", "template: simpel")
    before = world["author"].reads("changes")

    refused = world["author"].is_refused("submit", str(folder), "--title", "Broken")

    assert f"{live.refunds}.yaml:7: " in refused
    assert world["author"].reads("changes") == before


def test_one_document_is_edited_without_those_that_it_uses(world, live, tmp_path):
    folder = pull(world, tmp_path / "work", live.refunds)
    edit(folder, live.refunds, "1.0.0", "1.0.1")
    edit(folder, live.refunds, "You answer", "You always answer")

    change = world["author"].reads("submit", str(folder), "--title", "Always")

    assert [one["document"] for one in change["edits"]] == [live.refunds]
    assert [path.name for path in folder.rglob("*.yaml")] == ["refunds.yaml"]


def test_a_revision_takes_the_place_of_what_was_proposed(world, live, tmp_path):
    folder = pull(world, tmp_path / "work")
    edit(folder, live.tone, "1.0.0", "1.0.1")
    edit(folder, live.tone, "Be kind.", "Be brief.")
    change = world["author"].reads("submit", str(folder), "--title", "Brief")
    edit(folder, live.tone, "Be brief.", "Be brief and kind.")

    revised = world["author"].reads(
        "submit", str(folder), "--change", str(change["id"])
    )

    assert (revised["id"], revised["revision"]) == (change["id"], 2)
    assert revised["title"] == "Brief"
    assert revised["review_digest"] != change["review_digest"]


def test_a_folder_from_elsewhere_revises_no_change(world, live, tmp_path):
    folder = pull(world, tmp_path / "work")
    edit(folder, live.refunds, "1.0.0", "1.0.1")
    promote = ("promote", live.bot, "--from", "production", "--to", "staging")
    number = str(world["author"].reads(*promote)["id"])

    why = world["author"].is_refused("submit", str(folder), "--change", number)

    assert f"change {number} is in staging, and the folder is from production" in why
    assert world["author"].reads("show", number)["revision"] == 1


def test_where_nothing_is_live_there_is_a_folder_all_the_same(tmp_path: Path):
    began = Began(
        format=1, environment="staging", seq=0, documents={}, others=(), versions={}
    )

    write_began(tmp_path / "work", began)

    assert read_began(tmp_path / "work") == began


def test_a_pull_keeps_edits_unless_it_is_told_not_to(world, live, tmp_path):
    folder = pull(world, tmp_path / "work")
    edit(folder, live.tone, "Be kind.", "Be mine.")

    refused = world["author"].is_refused("pull", "production", "--to", str(folder))
    world["author"].does("pull", "production", "--to", str(folder), "--force")

    assert f"has edits that would be lost: {live.tone}" in refused
    assert "Be kind." in (folder / f"{live.tone}.yaml").read_text()


def test_a_pull_takes_away_what_is_no_longer_live(world, live, tmp_path):
    folder = pull(world, tmp_path / "work")
    bot = live.folder / f"bots/{live.bot}.yaml"
    bot.write_text(bot.read_text().replace(f"  fares: {live.name}/fares\n", ""))
    bot.write_text(bot.read_text().replace("1.0.0", "2.0.0"))
    change = world["author"].reads(
        "submit",
        str(bot),
        *("--env", "production", "--title", "No fares", "--delete", live.fares),
    )["id"]
    world.agrees(change, *SEATS)
    world["operator"].does("activate", str(change))

    pull(world, folder)

    assert not (folder / f"{live.fares}.yaml").exists()
    assert (folder / f"{live.refunds}.yaml").exists()


def test_a_pipeline_submits_with_a_token(world, live, tmp_path):
    made = ("token", "new", "--purpose", "pipeline", "--scope", "submit")
    token = world["author"].does(*made).strip()
    live.write_tone("1.0.1", "Be brief.")
    nobody = world["author"]
    env = {
        "XDG_CONFIG_HOME": str(tmp_path / "nothing"),
        "PLACET_URL": world.url,
        "PLACET_TOKEN": token,
    }
    words = ("submit", str(live.folder), "--env", "production", "--title", "From main")

    done = nobody.does(*words, **env)

    assert done.startswith("Opened change ")
