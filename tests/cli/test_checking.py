"""What was tried on a change, on the command line, with a token of a pipeline."""

import json
from pathlib import Path

import pytest

from registry.evidence import UNTRIED
from tests.cli.worlds import Library, World

pytestmark = pytest.mark.slow

RESULTS = {
    "results": {
        "version": 3,
        "results": [
            {
                "promptIdx": column,
                "testIdx": test,
                "prompt": {"raw": "", "label": label},
                "provider": {"id": "openai:gpt-4o-mini"},
                "vars": {"question": f"Question {test}"},
                "response": {"output": f"{label} says \u202e{test}"},
                "success": column == 0 or test != 3,
            }
            for test in range(20)
            for column, label in enumerate(("live", "proposed"))
        ],
    }
}


@pytest.fixture
def results(tmp_path: Path) -> str:
    file = tmp_path / "results.json"
    file.write_text(json.dumps(RESULTS))
    return str(file)


@pytest.fixture
def change(world: World, library: Library) -> str:
    words = ("--env", "production", "--title", "Begin")
    return str(world["author"].reads("submit", str(library.folder), *words)["id"])


@pytest.fixture
def token(world: World) -> str:
    words = ("token", "new", "--purpose", "tries answers", "--scope", "check")
    return world["evaluator"].does(*words).strip()


def attach(world: World, token: str, *words: str, **more):
    return world["viewer"].run(
        "attach", *words, PLACET_URL=world.url, PLACET_TOKEN=token, **more
    )


def test_a_pipeline_attaches_and_everybody_reads_it(world, change, token, results):
    before = world["viewer"].does("show", change)
    words = (change, results, "--name", "answers", "--threshold", "0.95")

    done = attach(world, token, *words)

    assert f"Answers  {UNTRIED}" in before
    assert done.exit_code == 0, done.output
    assert "It passed: 19 of 20 pass." in done.stderr
    after = world["viewer"].does("show", change)
    assert "Answers  answers: 19 of 20 pass" in after
    assert "passed       answers: 19 of 20 pass, 0.95 asked for" in after
    assert "answers: 19 of 20 pass" in world["viewer"].does("changes", "--limit", "1")


def test_what_was_answered_before_and_after_is_shown(world, change, token, results):
    attach(world, token, change, results, "--name", "answers", "--threshold", "0.9")

    shown = world["viewer"].does("show", change, "--answers").split("\n")

    assert shown[0].startswith("answers: passed, 19 of 20 pass; attached by evaluator")
    assert shown[1:5] == [
        "  1  fail, curated",
        "     asked  Question 3",
        "     before live says <U+202E RIGHT-TO-LEFT OVERRIDE>3",
        "     after  proposed says <U+202E RIGHT-TO-LEFT OVERRIDE>3",
    ]


def test_a_junit_report_from_the_input_is_known_by_its_look(world, change, token):
    report = '<testsuite><testcase name="a"/><testcase name="b"/></testsuite>'

    done = attach(world, token, change, "-", "--name", "unit", typed=report)

    assert done.exit_code == 0, done.output
    assert "It passed: 2 of 2" in done.stderr


def test_a_token_that_checks_votes_and_proposes_nothing(world, change, token, library):
    env = {"PLACET_URL": world.url, "PLACET_TOKEN": token}

    voted = world["viewer"].run("vote", change, "--approve", "--yes", **env)
    folder = str(library.folder)
    words = ("--env", "production", "--title", "x")
    proposed = world["viewer"].run("submit", folder, *words, **env)

    assert (voted.exit_code, proposed.exit_code) == (2, 2)


def test_a_voter_is_told_that_nothing_was_tried(world, change):
    told = world["risk"].run("vote", change, "--approve", "--yes").stderr

    assert f"answers: {UNTRIED}" in told


def test_what_was_tried_of_an_earlier_revision_says_so(
    world, change, token, results, library
):
    content = world["viewer"].reads("show", change)["content"]
    library.write_tone("1.0.0", "Be brief.")
    world["author"].does("submit", str(library.folder), "--change", change)

    words = ("--name", "answers", "--threshold", "0.9", "--content", content)
    done = attach(world, token, change, results, *words)

    assert done.exit_code == 0, done.output
    assert "says nothing about the present one" in done.stderr
    assert f"Answers  {UNTRIED}" in world["viewer"].does("show", change)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--name", "schema"), "a check of the registry's own"),
        ((), "the check has no name"),
        (("--name", "answers", "--format", "junit"), "this is no XML"),
        (("--name", "answers", "--content", "latest"), "is not a digest"),
        (("--name", "answers", "--threshold", "0"), "the threshold is no share"),
    ],
    ids=str,
)
def test_what_cannot_be_attached_is_refused(world, change, token, results, words, said):
    done = attach(world, token, change, results, *words)

    assert done.exit_code == 2
    assert said in done.stderr


def test_a_file_that_is_not_there_is_refused(world, change, token):
    done = attach(world, token, change, "nowhere.json", "--name", "answers")

    assert done.exit_code == 2
    assert "nowhere.json cannot be read" in done.stderr


def test_what_nobody_requires_is_not_waived(world, change):
    words = ("--seat", "risk", "--until", "7d", "--reason", "Because.", "--yes")

    refused = world["risk"].is_refused("waive", change, "answers", *words)

    assert "does not require" in refused


def test_who_holds_no_seat_for_it_is_told_before_it_is_asked(world, change):
    words = ("--until", "7d", "--reason", "Because.", "--yes")

    refused = world["risk"].is_refused("waive", change, "answers", *words)

    assert "you hold no seat that may do without answers in production" in refused
