"""Hints set off commands; in the console they read without them."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from ui.parts.hints import PLACES, here

REGISTRY = Path(__file__).parents[2] / "registry"
ELSEWHERE = {
    *("cli", "ledger", "writer", "git"),  # read at a terminal
    *("receipt.py", "evidence.py"),  # of files that somebody takes away
}


def texts(file: Path) -> Iterator[str]:
    """Every text in *file*; what is filled into it is `X`."""
    tree = ast.parse(file.read_text())
    filled = [one for one in ast.walk(tree) if isinstance(one, ast.JoinedStr)]
    inside = {id(part) for one in filled for part in one.values}
    told = {
        id(one.value)
        for one in ast.walk(tree)
        if isinstance(one, ast.Expr)  # a docstring
    }
    for one in filled:
        yield "".join(
            str(part.value) if isinstance(part, ast.Constant) else "X"
            for part in one.values
        )
    for one in ast.walk(tree):
        if not isinstance(one, ast.Constant) or id(one) in inside | told:
            continue
        if isinstance(one.value, str):
            yield one.value


HINTS = sorted(
    {
        text
        for file in REGISTRY.rglob("*.py")
        if ELSEWHERE.isdisjoint(file.relative_to(REGISTRY).parts)
        for text in texts(file)
        if "`placet " in text and not re.fullmatch(r"`placet [^`]*`", text)
    }
)
"""What the registry says over HTTP, with a command in it."""


@pytest.mark.parametrize("hint", HINTS)
def test_each_hint_is_a_sentence_in_the_console_and_names_no_command(hint):
    told = here(hint)
    assert re.fullmatch(r"\S(?:.*\S)?(?:\.| X)", told), told
    assert not re.search(r"placet |`\?|  |\(\)| [.,;:]|[,;:]\.", told), told
    assert all(one[0] in "“X" or one[0].isupper() for one in told.split(". ")), told


def test_each_place_of_the_console_is_one_that_a_hint_names():
    named = {
        place for place in PLACES.values() if any(place[1:] in here(h) for h in HINTS)
    }
    assert set(PLACES.values()) == named


@pytest.mark.parametrize(
    ("hint", "told"),
    [
        (
            "Stop the bot (`placet stop`), or roll back: neither needs a vote.",
            "Stop the bot, or roll back: neither needs a vote.",
        ),
        (
            "Propose that it answers, once it may again: `placet resume`.",
            "Propose that it answers, once it may again.",
        ),
        (
            "Check the spelling; `placet log ENV` lists what there has been.",
            "Check the spelling; “Moves” on the page Live lists what there has been.",
        ),
        (
            "`placet show 7` lists its conditions.",
            "The page of the change lists its conditions.",
        ),
        (
            "Its author can withdraw it. At a terminal: `placet withdraw 7`, then "
            "`placet resume production acme/support`.",
            "Its author can withdraw it.",
        ),
        ("Write a reason.", "Write a reason."),
    ],
)
def test_a_hint_says_where_the_console_does_it(hint, told):
    assert here(hint) == told
