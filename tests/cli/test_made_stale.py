"""What becomes stale, told at the terminal before it does, and the way on from it."""

import pytest

from tests.cli.worlds import Library, World

SEATS = ("product", "risk", "board")


@pytest.fixture
def stale_soon(world: World, library: Library) -> str:
    """A change, voted on, that any other edit of the same fragment makes stale."""
    world.lives(library.folder, "production", *SEATS)
    library.write_tone("1.0.1", "Be calm.")
    words = ("submit", str(library.folder), "--env", "production", "--title", "Calm")
    change = str(world["author"].reads(*words)["id"])
    world.agrees(int(change), "product")
    return change


def test_a_rollback_tells_which_open_changes_it_makes_stale(world, library):
    world.lives(library.folder, "production", *SEATS)
    library.write_tone("1.0.1", "Be brief.")
    world.lives(library.folder, "production", *SEATS)
    library.write_tone("1.0.2", "Be calm.")
    words = ("submit", str(library.folder), "--env", "production", "--title", "Calm")
    change = world["author"].reads(*words)["id"]
    world.agrees(change, "product")

    told = world["operator"].does(
        *("rollback", "production", "--document", library.tone, "--to", "1.0.0"),
        "--preview",
    )

    said = " ".join(told.split())
    assert f"makes change {change} of author stale (1 vote lost): Calm; " in said
    assert f"{library.tone} was replaced since" in said


def test_of_what_is_stale_the_commands_are_told_that_go_on(world, library, stale_soon):
    library.write_tone("1.0.2", "Be brief.")
    world.lives(library.folder, "production", *SEATS)

    refused = world["operator"].is_refused("activate", stale_soon)
    shown = world["risk"].does("show", stale_soon)

    assert f"`placet submit work/ --change {stale_soon}`" in " ".join(refused.split())
    assert "You cannot vote: It is stale: " in shown
    assert "risk could." not in shown
    library.write_tone("1.0.3", "Be calm.")
    revised = world["author"].reads(
        *("submit", str(library.folder), "--env", "production"),
        *("--change", stale_soon, "--title", "Calm"),
    )
    assert (str(revised["id"]), revised["status"]) == (stale_soon, "waiting")


def test_one_still_vetoes_what_is_stale_and_does_not_agree_to_it(
    world, library, stale_soon
):
    library.write_tone("1.0.2", "Be brief.")
    world.lives(library.folder, "production", *SEATS)
    words = ("vote", stale_soon, "--yes", "--reason", "Not so")

    refused = world["risk"].is_refused(*words, "--approve")

    assert "It is stale: " in " ".join(refused.split())
    assert world["risk"].does(*words, "--veto")


def test_whoever_stops_a_bot_is_told_who_has_to_agree_before_it_answers_again(
    world, library
):
    world.lives(library.folder, "production", *SEATS)

    stopped = world["operator"].run(
        "stop", "production", library.bot, "--reason", "Wrong"
    )

    assert stopped.exit_code == 0
    assert "Needs 1 more from the seat product" in stopped.stderr
