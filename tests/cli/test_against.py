"""Documents in files beside what is live: `placet check --against`."""

import pytest

from tests.cli.test_folders import SEATS, edit, pull
from tests.cli.worlds import Library, World

TOOL = """\
tools:
  - name: look_up
    description: Reads a booking.
    owner: operator
    version: "1.0.0"
    schema_digest: sha256:{digit}
"""


@pytest.fixture
def live(world: World, library: Library) -> Library:
    path = library.folder / f"bots/{library.bot}.yaml"
    path.write_text(path.read_text() + TOOL.format(digit="a" * 64))
    world.lives(library.folder, "production", *SEATS)
    return library


@pytest.fixture
def folder(world: World, live: Library, tmp_path):
    return pull(world, tmp_path / "work")


def check(world: World, folder, *words: str):
    return world["author"].run("check", str(folder), "--against", "production", *words)


def test_what_is_as_it_is_live_says_no_more_than_by_itself(world, folder):
    alone = world["author"].run("check", str(folder))

    done = check(world, folder)

    assert (done.exit_code, done.stdout) == (0, alone.stdout)


def test_a_version_that_says_too_little_is_found_where_it_stands(world, live, folder):
    edit(folder, live.refunds, "{type: string}", "{type: string, maxLength: 9}")
    edit(folder, live.refunds, "1.0.0", "1.0.1")

    done = check(world, folder)

    assert done.exit_code == 1
    assert f"{live.refunds}.yaml:3: 1.0.1 is too small a step from 1.0.0" in done.stdout
    assert "the input `question` takes less" in done.stdout
    assert "(Give it 2.0.0.)" in done.stdout


def test_a_tool_with_another_schema_and_no_other_version_is_found(world, live, folder):
    edit(folder, f"bots/{live.bot}", "a" * 64, "b" * 64)
    edit(
        folder, f"bots/{live.bot}", 'version: "1.0.0"\nowner', 'version: "2.0.0"\nowner'
    )

    done = check(world, folder)

    assert done.exit_code == 1
    assert "look_up" in done.stdout


def test_whoever_is_not_there_is_worth_a_look(world, live, folder):
    edit(folder, f"bots/{live.bot}", "deputy: author", "deputy: gone-home")
    edit(
        folder, f"bots/{live.bot}", 'version: "1.0.0"\nowner', 'version: "1.0.1"\nowner'
    )

    done = check(world, folder)

    assert done.exit_code == 0
    assert "the deputy gone-home is nobody here" in done.stdout


def test_an_environment_that_is_not_there_is_told(world, folder):
    said = world["author"].is_refused("check", str(folder), "--against", "moon")

    assert "moon" in said
