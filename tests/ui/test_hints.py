"""Hints name commands; in the console they name its pages."""

import re
from pathlib import Path

import pytest

from ui.parts.hints import PLACES, here

REGISTRY = Path(__file__).parents[2] / "registry"
ELSEWHERE = {"cli", "git", "ledger", "writer"}
"""What these say is read at a terminal."""
TERMINAL_ONLY = {"attach", "init", "recall", "serve"}


def named() -> set[str]:
    """Commands in what the registry says over HTTP."""
    files = (
        file
        for file in REGISTRY.rglob("*.py")
        if ELSEWHERE.isdisjoint(file.relative_to(REGISTRY).parts)
    )
    return {
        command
        for file in files
        for command in re.findall(r"`placet ([a-z-]+)", file.read_text())
    }


def test_each_command_that_a_hint_names_has_its_place_in_the_console():
    assert named() - PLACES.keys() == TERMINAL_ONLY


@pytest.mark.parametrize(
    ("hint", "told"),
    [
        (
            "Resume it with `placet resume` when it may answer again.",
            "Resume it with “Have it answer again” on the page Live when it may answer "
            "again.",
        ),
        (
            "Check the spelling; `placet log ENV` lists what there has been.",
            "Check the spelling; “Moves” on the page Live lists what there has been.",
        ),
        (
            "Its author can withdraw it. At a terminal: `placet withdraw 7`, then "
            "`placet resume production acme/support`.",
            "Its author can withdraw it.",
        ),
        ("Make a new one with `placet init`.", None),
        ("Write a reason.", "Write a reason."),
    ],
)
def test_a_hint_says_where_the_console_does_it(hint, told):
    if told is None:
        assert here(hint) == "Make a new one with `placet init` at a terminal."
    else:
        assert here(hint) == told
