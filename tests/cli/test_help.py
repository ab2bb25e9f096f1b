"""Every command says what it does, with examples, and how a wrong call is meant."""

import subprocess
import sys
from importlib.metadata import version

import pytest
from typer.testing import CliRunner

from registry.cli.app import GROUPS, PANELS, app
from tests.cli.worlds import PLACET

COMMANDS = [(name,) for commands in PANELS.values() for name in commands] + [
    (*group.split(), name)
    for group, (_, commands) in GROUPS.items()
    for name in commands
]
HEAVY = {"fastapi", "httpx2", "sqlalchemy", "git", "uvicorn", "jsonschema", "msgspec"}


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_help_has_an_example_of_the_command(command: tuple[str, ...]):
    done = CliRunner().invoke(app, [*command, "--help"], prog_name="placet")

    examples = done.stdout.partition("Examples:")[2]
    assert f"placet {' '.join(command)}" in examples


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_examples_are_whole_lines_with_one_indent(command: tuple[str, ...]):
    env = {"COLUMNS": "80"}

    done = CliRunner().invoke(app, [*command, "--help"], env=env, prog_name="placet")

    examples = (
        done.stdout.partition("Examples:\n")[2]
        or done.stdout.partition("Examples:")[2].partition("\n")[2]
    )
    paragraph = examples[: examples.index("\u256d")].rstrip().split("\n")
    assert all(line.startswith("   ") and line[3] != "\n" for line in paragraph)


def test_a_word_that_is_no_command_is_one_sentence_and_what_to_do():
    done = subprocess.run(
        [PLACET, "aprove"], capture_output=True, text=True, check=False
    )

    assert done.returncode == 2
    first, second = done.stderr.splitlines()
    assert first.startswith("placet: no such command 'aprove'")
    assert second == "  `placet --help` shows what it takes, with examples."


def test_it_says_which_version_it_is():
    done = CliRunner().invoke(app, ["--version"], prog_name="placet")

    assert (done.exit_code, done.stdout) == (0, f"placet {version('placet-server')}\n")


def test_a_missing_argument_is_named():
    done = CliRunner().invoke(app, ["show"], prog_name="placet")

    assert done.exit_code == 2
    assert done.stderr.startswith("placet: missing argument 'ID'")
    assert "`placet show --help`" in done.stderr


def test_help_loads_nothing_that_only_commands_need():
    program = "import sys, registry.cli.app; print(*sys.modules)"

    loaded = subprocess.run(
        [sys.executable, "-c", program], check=True, capture_output=True, text=True
    ).stdout.split()

    assert HEAVY.isdisjoint(loaded)


def test_a_shell_can_complete_commands():
    words = {
        "_PLACET_COMPLETE": "complete_bash",
        "COMP_WORDS": "placet ro",
        "COMP_CWORD": "1",
    }

    done = CliRunner().invoke(app, [], env=words, prog_name="placet")

    assert done.stdout.split() == ["rollback"]
