"""`placet guard`: what a live guardrail would do with a text."""

import json

import pytest
from typer.testing import CliRunner

from registry.cli.app import app
from tests.api.test_guarding import RULES

pytestmark = pytest.mark.slow


@pytest.fixture
def guard(world, library):
    """Run `placet guard` on a guardrail that is live in development."""
    name = f"{library.name}/rules"
    library.write(f"guardrails/{name}", RULES.replace("acme/rules", name))
    world.lives(library.folder, "development")

    def run(*words, **more):
        return world["viewer"].run(
            "guard", name, *words, "--environment", "development", **more
        )

    return run


def test_a_text_is_checked_as_a_chatbot_would(guard):
    done = guard("--text", "a cat")

    assert done.exit_code == 0, done.output
    assert done.stdout.startswith("redact: ")
    assert "animal  redact  low       2-5    No cats." in done.stdout
    assert done.stdout.endswith("a [animal]\n")


def test_a_text_comes_from_a_file_or_a_pipe(guard, tmp_path):
    path = tmp_path / "answer.txt"
    path.write_text("a cat")

    assert json.loads(guard(str(path), "--json").stdout)["text"] == "a [animal]"
    assert json.loads(guard("-", "--json", typed="cat").stdout)["text"] == "[animal]"


def test_the_exit_status_says_whether_a_chatbot_would_keep_it_back(guard):
    def refund(amount):
        call = {"name": "refund", "arguments": {"amount": amount}}
        return guard("--stage", "tool_call", "--text", json.dumps(call)).exit_code

    assert (refund(90), refund(900)) == (0, 1)


def test_what_cannot_be_run_is_told(guard):
    done = guard("--stage", "retrieval", "--text", "Ada")

    assert done.exit_code == 1
    assert "not run: the chatbot has no engine 'presidio'" in done.stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "it takes a text"),
        (["-", "--text", "x"], "it takes a text"),
        (["--stage", "tool_call", "--text", "refund"], "not a JSON object"),
        (["--stage", "outptu", "--text", "x"], "stage"),
        (["no-such-file.txt"], "no-such-file.txt"),
    ],
)
def test_what_cannot_be_asked_is_refused_in_a_sentence(guard, words, said):
    refused = guard(*words)

    assert refused.exit_code == 2, refused.output
    assert said in refused.stderr


def test_bytes_that_are_no_text_are_refused(guard, tmp_path):
    path = tmp_path / "answer.bin"
    path.write_bytes(b"\xff\xfe")

    assert "is not UTF-8" in guard(str(path)).stderr


def test_a_stage_that_no_rule_looks_at_is_told(guard):
    done = guard("--stage", "tool_result", "--text", "a cat")

    assert done.exit_code == 0, done.output
    assert "no rule looks at tool_result" in done.stdout
    assert "no rule" not in guard("--stage", "input", "--text", "a dog").stdout


@pytest.fixture
def here(tmp_path):
    """Run `placet guard` on a file, where there is no registry."""
    path = tmp_path / "rules.yaml"
    path.write_text(RULES)

    def run(*words):
        nowhere = {"XDG_CONFIG_HOME": str(tmp_path), "PLACET_URL": None}
        words = ["guard", str(path), *words]
        return CliRunner().invoke(app, words, env=nowhere, prog_name="placet")

    return run


def test_a_guardrail_in_a_file_needs_no_registry(here):
    done = here("--text", "a cat", "--json")

    told = json.loads(done.stdout)
    assert (told["action"], told["text"]) == ("redact", "a [animal]")
    assert (told["environment"], told["version"]) == (None, "1.2.0")


def test_a_file_and_the_registry_give_the_same_answer(guard, here, library, tmp_path):
    text = RULES.replace("acme/rules", f"{library.name}/rules")
    (tmp_path / "rules.yaml").write_text(text)

    live, local = (
        json.loads(run("--text", "a cat", "--json").stdout) for run in (guard, here)
    )

    place = {"environment": None, "seq": None}
    assert live | place == local


def test_a_file_says_that_no_rule_looks_at_a_stage(here):
    assert (
        "no rule looks at tool_result"
        in here("--stage", "tool_result", "--text", "x").stdout
    )


def test_a_file_with_mistakes_is_not_run(here, tmp_path):
    path = tmp_path / "rules.yaml"
    path.write_text(RULES.replace("terms: [cat]", "terms: []"))

    done = here("--text", "a cat")

    assert done.exit_code == 2
    assert f"{path}:10: " in done.stderr
