"""A version that a live bot does not accept: known before a file is touched."""

import pytest

from tests.cli.test_folders import SEATS, edit, pull
from tests.cli.worlds import BOT, Library, World


@pytest.fixture
def folder(world: World, library: Library, tmp_path):
    """A working copy of one prompt that takes less, which a live bot pins to ^1.0.0."""
    bot = BOT.format(name=library.name, version="1.0.0").replace(
        f"refunds: {library.name}/refunds",
        f"refunds: {{name: {library.name}/refunds, range: ^1.0.0}}",
    )
    library.write(f"bots/{library.bot}", bot)
    world.lives(library.folder, "production", *SEATS)
    folder = pull(world, tmp_path / "work", library.refunds)
    edit(folder, library.refunds, "{type: string}", "{type: string, maxLength: 9}")
    return folder


def test_a_bump_that_a_live_bot_refuses_touches_no_file(world, library, folder):
    path = folder / f"{library.refunds}.yaml"
    before = path.read_text()

    refused = world["author"].is_refused(
        "submit", str(folder), "--title", "Less", "--bump"
    )

    assert path.read_text() == before
    assert f"bots/{library.bot} pins {library.refunds} to ^1.0.0" in refused
    assert f"`placet pull production bots/{library.bot} --to DIR`" in refused
    assert (
        f"set the range of {library.refunds} in bots/{library.bot} to ^2.0.0" in refused
    )
    assert "placet check" not in refused


def test_what_the_refusal_says_to_do_is_all_that_is_needed(world, library, folder):
    pull(world, folder, f"bots/{library.bot}")
    edit(folder, f"bots/{library.bot}", "^1.0.0", "^2.0.0")

    change = world["author"].reads("submit", str(folder), "--title", "Less", "--bump")

    assert {one["document"]: one["version"] for one in change["edits"]} == {
        library.refunds: "2.0.0",
        f"bots/{library.bot}": "1.1.0",
    }


def test_a_bot_in_the_folder_that_refuses_a_bump_is_told_before_it(
    world, library, folder
):
    pull(world, folder, f"bots/{library.bot}")
    before = (folder / f"{library.refunds}.yaml").read_text()

    refused = world["author"].is_refused(
        "submit", str(folder), "--title", "Less", "--bump"
    )

    assert f"{library.refunds} is 2.0.0, which ^1.0.0 does not allow" in refused
    assert (folder / f"{library.refunds}.yaml").read_text() == before


def test_a_version_that_was_set_by_hand_is_refused_in_the_same_words(
    world, library, folder
):
    edit(folder, library.refunds, "1.0.0", "2.0.0")

    refused = world["author"].is_refused("submit", str(folder), "--title", "Less")

    assert (
        f"set the range of {library.refunds} in bots/{library.bot} to ^2.0.0" in refused
    )


def test_what_is_broken_outside_the_folder_is_to_be_pulled(world, library, tmp_path):
    world.lives(library.folder, "production", *SEATS)
    folder = pull(world, tmp_path / "work", library.tone)
    before = (folder / f"{library.tone}.yaml").read_text()
    edit(folder, library.tone, "template: none", "template: simple")
    edit(
        folder,
        library.tone,
        "text: |\n  Be kind.",
        "inputs:\n  type: object\n  properties:\n    mood: {type: string}\n"
        "  required: [mood]\n  additionalProperties: false\n"
        "text: |\n  Be {{ mood }}.",
    )
    assert (folder / f"{library.tone}.yaml").read_text() != before

    refused = world["author"].is_refused(
        "submit", str(folder), "--title", "Mood", "--bump"
    )

    assert "is live and not in the folder: pull it" in refused
    assert f"`placet pull production {library.fares} --to DIR`" in refused
    assert 'version: "1.0.0"' in (folder / f"{library.tone}.yaml").read_text()


def test_check_takes_what_was_live_as_there(world, library, folder):
    pull(world, folder, f"bots/{library.bot}")
    author = world["author"]

    checked = author.run("check", str(folder))
    edit(
        folder, f"bots/{library.bot}", f"{library.name}/fares", f"{library.name}/nofar"
    )
    edit(folder, f"bots/{library.bot}", "^1.0.0", "^3.0.0")
    found = author.run("check", str(folder / f"bots/{library.bot}.yaml"))

    assert checked.exit_code == 0, checked.output
    assert (
        "not judged whole, because what they use was not pulled: "
        f"{library.refunds}\n" in checked.stderr
    )
    assert found.exit_code == 1
    told = [each for each in found.stdout.splitlines() if "warning" not in each]
    assert len(told) == 2
    assert f"prompts/{library.name}/nofar, the prompt for fares, does not" in told[1]


def test_check_knows_the_versions_of_what_was_not_pulled(world, library, folder):
    (folder / f"{library.refunds}.yaml").unlink()
    pull(world, folder, f"bots/{library.bot}")
    edit(folder, f"bots/{library.bot}", "^1.0.0", "^3.0.0")

    found = world["author"].run("check", str(folder))

    assert f"{library.refunds} is 1.0.0, which ^3.0.0 does not allow" in found.stdout
    assert "not judged" not in found.stderr


def test_a_folder_of_an_older_command_line_is_still_read(world, library, folder):
    import json

    began = json.loads((folder / ".placet.json").read_bytes())
    del began["versions"]
    (folder / ".placet.json").write_text(json.dumps(began))

    done = world["author"].run("check", str(folder))

    assert done.exit_code == 0, done.output
