"""Versions that say too little, when a folder is submitted."""

import pytest

from tests.cli.test_folders import SEATS, edit, pull
from tests.cli.test_terminal import on_terminal
from tests.cli.worlds import Library, World

QUESTION = "Set this version in its file? [y/N]: "


@pytest.fixture
def live(world: World, library: Library) -> Library:
    world.lives(library.folder, "production", *SEATS)
    return library


@pytest.fixture
def folder(world: World, live: Library, tmp_path):
    """A working copy in which a prompt takes less than before."""
    folder = pull(world, tmp_path / "work", live.refunds)
    edit(folder, live.refunds, "{type: string}", "{type: string, maxLength: 9}")
    return folder


def text_of(folder, document: str) -> str:
    return (folder / f"{document}.yaml").read_text()


def test_a_version_that_says_too_little_is_refused_with_what_would_do(
    world, live, folder
):
    edit(folder, live.refunds, "1.0.0", "1.0.1")
    before = text_of(folder, live.refunds)

    refused = world["author"].is_refused("submit", str(folder), "--title", "Less")

    assert "2.0.0 is the smallest version after 1.0.0, major, because" in refused
    assert "the input `question` takes less: `maxLength` 9 is new" in refused
    assert "--bump" in refused
    assert text_of(folder, live.refunds) == before


def test_bump_sets_the_version_and_nothing_else(world, live, folder):
    before = text_of(folder, live.refunds)

    change = world["author"].reads("submit", str(folder), "--title", "Less", "--bump")

    (edited,) = change["edits"]
    assert (edited["document"], edited["version"]) == (live.refunds, "2.0.0")
    assert text_of(folder, live.refunds) == before.replace('"1.0.0"', '"2.0.0"')


def test_bump_leaves_a_version_that_says_enough(world, live, folder):
    edit(folder, live.refunds, "1.0.0", "3.0.0-rc.1")

    change = world["author"].reads("submit", str(folder), "--title", "Less", "--bump")

    assert change["edits"][0]["version"] == "3.0.0-rc.1"


def test_bump_passes_over_versions_that_name_something_already(world, live, tmp_path):
    live.write_tone("1.0.1", "Be quick.")
    world.lives(live.folder / f"{live.tone}.yaml", "development")
    folder = pull(world, tmp_path / "work", live.tone)
    edit(folder, live.tone, "Be kind.", "Be brief.")

    change = world["author"].reads("submit", str(folder), "--title", "Brief", "--bump")

    assert change["edits"][0]["version"] == "1.0.2"


def test_a_version_that_names_other_bytes_is_said_to_be_taken_by_check_and_submit(
    world, live, tmp_path
):
    live.write_tone("1.0.1", "Be quick.")
    change = world.lives(live.folder / f"{live.tone}.yaml", "development")
    folder = pull(world, tmp_path / "work", live.tone)
    edit(folder, live.tone, "Be kind.", "Be brief.")
    edit(folder, live.tone, "1.0.0", "1.0.1")
    said = (
        f"1.0.1 stands for another text already (change {change}); "
        "the next free patch is 1.0.2"
    )

    refused = world["author"].is_refused("submit", str(folder), "--title", "Brief")
    checked = world["author"].run("check", str(folder), "--against", "production")

    assert f"{live.tone} {said}" in refused
    assert "smallest version after" not in refused
    assert (checked.exit_code, said in checked.stdout) == (1, True)


def test_a_registry_that_is_asked_directly_says_the_same(world, live, folder):
    from registry.errors import BumpTooSmall
    from registry.remote import Remote
    from registry.remote.changes import Proposal

    edit(folder, live.refunds, "1.0.0", "1.1.0")
    author = world["author"]
    with Remote(world.url) as door:
        token = door.sessions.begin("author", author.password).token
    proposal = Proposal(
        title="Less",
        sources=[text_of(folder, live.refunds)],
        deleted=(),
        edited_from={},
    )

    with Remote(world.url, token) as remote, pytest.raises(BumpTooSmall) as caught:
        remote.changes.submit("production", proposal)

    assert (caught.value.document, caught.value.bump) == (live.refunds, "major")
    assert caught.value.smallest == "2.0.0"
    assert caught.value.reasons == (
        "the input `question` takes less: `maxLength` 9 is new",
    )


def test_what_a_change_does_is_shown(world, live, folder):
    shown = world["author"].reads("submit", str(folder), "--title", "Less", "--bump")

    said = world["author"].does("show", str(shown["id"]))

    assert shown["facts"][0]["name"] == "inputs-changed"
    assert "What it does" in said
    assert "inputs-changed" in said


@pytest.mark.slow
def test_on_a_terminal_it_is_asked_first(world, live, folder):
    words = ("submit", str(folder), "--title", "Less")
    before = text_of(folder, live.refunds)

    no, asked = on_terminal(world["author"], *words, answers=((QUESTION, "n"),))
    after_no = text_of(folder, live.refunds)
    yes, _ = on_terminal(world["author"], *words, answers=((QUESTION, "y"),))

    assert "2.0.0 is the smallest version after 1.0.0" in asked
    assert (no, after_no) == (2, before)
    assert (yes, text_of(folder, live.refunds)) == (0, before.replace("1.0.0", "2.0.0"))
