"""`placet policy check`, `explain` and `simulate`."""

import json
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from registry.cli.app import app
from tests.cli.worlds import Library, World

WHOLE = """\
environment: production
requirements:
  - {name: product agrees, seat: product}
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "policy.yaml"


def check(file: Path, text: str, *words: str) -> Result:
    file.write_text(text)
    return CliRunner().invoke(app, ["policy", "check", str(file), *words])


# Check.


def test_a_policy_without_gaps_is_well_formed(file: Path):
    done = check(file, WHOLE, "--strict")

    assert (done.exit_code, done.stdout) == (0, "")
    assert done.stderr == "production: well-formed, without gaps\n"


def test_a_contradiction_is_told_with_its_line(file: Path):
    freeze = "freezes:\n  - {name: q, zone: Mars, start: fri 16:00, end: mon 08:00}\n"

    done = check(file, WHOLE + freeze)

    assert done.exit_code == 1
    assert done.stdout.startswith(f"{file}:5: the freeze window 'q': there is no time")
    assert done.stderr == f"{file}: 1 finding, it would be refused\n"


def test_a_gap_is_a_warning_and_counts_when_it_is_asked_to(file: Path):
    text = WHOLE.replace("product}", "product, kinds: [prompt]}")

    done = check(file, text)
    strict = check(file, text, "--strict")

    assert done.exit_code == 0
    assert f"warning: {file}:2: no requirement covers every guardrail" in done.stdout
    assert "it could never be changed" in done.stdout
    assert strict.exit_code == 1


def test_findings_and_gaps_come_as_json(file: Path):
    wrong = json.loads(check(file, WHOLE + "vote_days: 99\n", "--json").stdout)
    gap = json.loads(check(file, WHOLE.replace("product}", "product, kinds: [bot]}"),
                           "--json").stdout)  # fmt: skip

    assert [one["line"] for one in wrong["findings"]] == [4]
    assert wrong["gaps"] == gap["findings"] == []
    assert len(gap["gaps"]) == 6


def test_a_file_that_is_not_there_is_told(file: Path):
    done = CliRunner().invoke(app, ["policy", "check", str(file)])

    assert done.exit_code == 2
    assert f"{file} is no file" in done.stderr


def test_of_a_folder_each_policy_is_checked_and_named(file: Path):
    file.write_text(WHOLE)
    wrong = file.with_name("staging.yaml")
    wrong.write_text(WHOLE.replace("production", "staging") + "vote_days: x\n")

    done = CliRunner().invoke(app, ["policy", "check", str(file.parent)])

    assert done.exit_code == 1
    assert done.stderr.splitlines() == [
        "production: well-formed, without gaps",
        f"{wrong}: 1 finding, it would be refused",
    ]


@pytest.mark.slow
def test_a_policy_of_an_environment_that_there_is_not_is_refused_beside_a_registry(
    world: World, file: Path
):
    file.write_text(WHOLE.replace("production", "nowhere"))

    told = world["author"].is_refused("policy", "check", str(file), "--against")

    assert "there is no environment 'nowhere'" in told
    assert "There are development, production, staging." in told


@pytest.mark.slow
def test_a_seat_that_nobody_holds_is_a_gap_beside_a_registry(world: World, file: Path):
    file.write_text(WHOLE + "  - {name: the auditors agree, seat: audit, count: 2}\n")

    done = world["author"].run("policy", "check", str(file), "--against", "--strict")

    assert done.exit_code == 1
    assert f"{file}:4: 2 people have to hold the seat audit, and nobody" in done.stdout


# Explain.


@pytest.mark.slow
def test_a_policy_is_explained_with_who_holds_each_seat(world: World):
    said = world["viewer"].does("policy", "explain", "production")

    assert "One person in the seat board has to agree to a bot." in said
    assert "An approval counts for 14 days." in said
    assert "In an emergency incident may activate a prompt or a fragment" in said
    assert "  legal     legal" in said
    assert said.count("somebody has to hold the seat incident, and nobody does") == 1


@pytest.mark.slow
def test_a_file_is_explained_like_a_policy_in_force(world: World, file: Path):
    file.write_text(WHOLE)

    said = world["viewer"].does("policy", "explain", str(file))

    assert "One person in the seat product has to agree to everything." in said


@pytest.mark.slow
def test_it_is_explained_whom_an_edit_would_need(world: World):
    words = ("policy", "explain", "--document", "prompts/acme-air/refunds")

    low = world["viewer"].does(*words, "--tier", "low")
    told = world["viewer"].run(*words).stderr
    other_model = world["viewer"].does(*words, "--fact", "model-changed")

    assert "legal" not in low
    assert "1 of legal" in other_model
    assert "1 of board" in other_model
    assert "Nothing called prompts/acme-air/refunds is live in production" in told


@pytest.mark.slow
@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("--document", "prompt/x"), "does not begin with a kind"),
        (("--document", "prompts/x", "--tier", "huge"), "is not a tier"),
        (("--document", "prompts/x", "--fact", "nicer"), "is not a fact"),
        (("nothing.yaml",), "there is no file nothing.yaml"),
        (("nowhere",), "nowhere"),
    ],
)
def test_what_cannot_be_explained_is_refused(world: World, words, why):
    assert why in world["viewer"].is_refused("policy", "explain", *words)


@pytest.mark.slow
def test_one_change_is_explained(world: World, library: Library):
    change = world["author"].reads(
        *("submit", str(library.folder), "--env", "production", "--title", "Kinder")
    )
    number = str(change["id"])
    world["product"].does("vote", number, "--approve", "--yes")

    said = world["viewer"].does("policy", "explain", "--change", number)

    assert f"Change {number} in production: Kinder" in said
    assert "product agrees (met): Agreed by product." in said
    assert "risk agrees (not met): Needs 1 more from the seat risk; risk could." in said


# Simulate.


@pytest.mark.slow
def test_a_policy_is_simulated(world: World, library: Library, file: Path):
    change = world["author"].reads(
        *("submit", str(library.folder), "--env", "production", "--title", "Kinder")
    )
    text = world["author"].does("policy", "show", "production")
    file.write_text(text.replace("seat: risk\n", "seat: compliance\n", 1))

    done = world["author"].run("policy", "simulate", str(file))

    assert done.exit_code == 0
    assert f"Change {change['id']}, open: Kinder" in done.stdout
    assert "It would also ask 1 of compliance (risk agrees)" in done.stdout
    assert "nobody who holds it is free to vote" in done.stdout
    assert re.search(
        r"\d+ of \d+ changes? in production \(\d+ open, \d+ that went live\) "
        r"would be decided differently\.",
        done.stderr,
    )


@pytest.mark.slow
def test_the_same_policy_decides_nothing_differently(world: World, file: Path):
    file.write_text(world["author"].does("policy", "show", "production"))

    done = world["author"].run("policy", "simulate", str(file), "--last", "5")

    assert (done.exit_code, done.stdout) == (0, "")
    assert "none would be decided differently" in done.stderr


# Another policy, as people meet it.


@pytest.mark.slow
def test_a_policy_that_cools_down_says_until_when(world: World, file: Path):
    text = world["author"].does("policy", "show", "production")
    file.write_text(text.replace("change_days: 30", "change_days: 29"))
    opened = world["author"].reads("policy", "submit", str(file), "--title", "A day")
    number = str(opened["id"])
    world.agrees(opened["id"], "board")

    last = world["risk"].run(
        *("vote", number, "--approve", "--yes", "--reason", "I have read it.")
    )
    refused = world["operator"].is_refused("activate", number)
    shown = world["viewer"].does("show", number)

    world["author"].does("withdraw", number, "--reason", "Only tried.", "--yes")
    assert "Not yet: change" in last.stderr
    assert "can come into force at" in refused
    assert "Status  approved, waits for its cool-down to end, " in shown
