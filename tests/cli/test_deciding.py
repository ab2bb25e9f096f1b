"""What somebody who decides is told: what a change does, and what a vote is for."""

import pytest

from tests.api.test_guarding import RULES
from tests.cli.test_folders import SEATS, edit, pull
from tests.cli.test_terminal import on_terminal
from tests.cli.worlds import Library, World

RULE = """\
  - id: dog
    title: No dogs either
    stage: [output]
    on_error: block
    check: {type: keyword, terms: [dog]}
    action: block
    severity: low
    message: No dogs.
"""
CASES = """\
  - {rule: dog, stage: output, text: a dog, expect: trigger}
  - {rule: dog, stage: output, text: a cat, expect: pass}
"""


@pytest.fixture
def change(world: World, library: Library, tmp_path) -> str:
    """One that has a guardrail only flag what it has blocked."""
    name = f"{library.name}/rules"
    text = RULES.replace("acme/rules", name).replace("cases:\n", f"{RULE}cases:\n")
    text = text.replace("redact\n", "redact\n    redact: {replacement: '*'}\n", 1)
    library.write(f"guardrails/{name}", text + CASES)
    world.lives(library.folder, "production", *SEATS)
    folder = pull(world, tmp_path / "work", f"guardrails/{name}")
    edit(
        folder,
        f"guardrails/{name}",
        "action: block\n    severity: low",
        "action: flag\n    severity: low",
    )
    return str(
        world["author"].reads("submit", str(folder), "--title", "Flag", "--bump")["id"]
    )


def test_a_vote_tells_what_the_change_does_and_what_it_counts_for(
    world, library, change
):
    voted = world["risk"].run("vote", change, "--approve", "--yes")

    told = voted.stderr.splitlines()
    at = told.index("  guardrail-weakened")
    assert told[at + 1] == f"    guardrails/{library.name}/rules"
    assert told[at + 2].startswith("      rule `dog`: ")
    assert any(
        line.startswith("  counts for ") and "seat risk" in line for line in told
    )


def test_a_vote_that_nothing_asks_for_says_so(world, library, change):
    first = world["legal"].run("vote", change, "--approve", "--yes")
    ask = world["legal"].run("vote", change, "--ask", "--reason", "Hm", "--yes")

    assert "no open requirement asks for the seat legal; those ask" in first.stderr
    assert "no open requirement" not in ask.stderr


def test_the_difference_says_what_is_source_and_which_rule_it_is(
    world, library, change
):
    told = world["risk"].does("show", change, "--diff").splitlines()

    assert told[0] == "What differs in the documents' own texts"
    assert any(line.endswith(", in id: dog") for line in told)
    assert len([line for line in told if line.startswith("  + ")]) == 2
    summary = world["risk"].does("show", change).splitlines()
    assert any(line.endswith(", in id: dog") for line in summary)


def test_what_is_read_stands_under_its_own_heading(world, library):
    words = ("submit", str(library.folder), "--env", "production", "--title", "New")
    change = world["author"].reads(*words)["id"]

    told = world["risk"].does("show", str(change), "--diff").splitlines()

    assert "What reads differently, with all that is included" in told


def test_stop_takes_the_yes_that_others_have(world, library):
    world.lives(library.folder, "production", *SEATS)
    words = ("stop", "production", library.bot, "--reason", "Wrong", "--yes")

    assert world["risk"].does(*words).startswith("Stopped ")


@pytest.mark.slow
def test_no_name_is_broken_at_the_edge_of_a_screen(world, library, change):
    _, narrow = on_terminal(world["risk"], "show", change, COLUMNS="40", NO_COLOR="1")

    assert f"    guardrails/{library.name}/rules" in narrow.splitlines()
    assert "      rule `dog`: what it finds is only" in narrow.splitlines()
