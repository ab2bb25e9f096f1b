"""What does not fit an argument or an option is told in our words."""

import pytest
from typer.testing import CliRunner

from registry.cli.app import app


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("show", "abc"), "'ID': it must be a whole number"),
        (("activate", "0"), "'ID': it must be at least 1"),
        (
            ("log", "staging", "--limit", "99999"),
            "'--limit': it must be at most 10,000",
        ),
        (
            ("notifications", "list", "--only", "bogus"),
            "'bogus' is not one of 'waiting'",
        ),
    ],
)
def test_what_does_not_fit_is_told_in_our_words(words: tuple[str, ...], told: str):
    done = CliRunner().invoke(app, words)

    assert done.exit_code == 2
    assert told in done.stderr
    assert "Input should" not in done.stderr
    assert "Value error" not in done.stderr
