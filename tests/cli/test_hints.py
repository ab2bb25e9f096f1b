"""What people are told to type is there to be typed."""

import re
from pathlib import Path

import pytest
from typer.main import get_command

from registry.cli.app import app

ROOT = Path(__file__).parents[2]
TOLD = re.compile(r"`placet ((?:[^`{}]|\{[^`{}]*\})+)`")


def told() -> set[str]:
    files = [*(ROOT / "registry").rglob("*.py"), *(ROOT / "docs").rglob("*.md")]
    return {words for file in files for words in TOLD.findall(file.read_text())}


@pytest.mark.parametrize("words", sorted(told()))
def test_a_hint_names_a_command_and_options_that_exist(words: str):
    command, *rest = re.split(r"[\s/]+", words)
    group = get_command(app).commands

    assert command in group or command.isupper(), words
    inner = getattr(group.get(command), "commands", {})
    if inner and rest and rest[0] in inner:
        group, command = inner, rest[0]
    options = {
        option
        for parameter in group[command].params
        if command in group
        for option in (*parameter.opts, *parameter.secondary_opts)
    }
    given = {word for word in rest if word.startswith("--")} - {"--help"}
    assert given <= options, words
