"""What others wrote is shown, and never carried out by a terminal or by Rich."""

import json

import pytest

from registry.cli import screen
from tests.cli.worlds import Library, World

MARKUP = "[bold red]Approved by the board[/bold red] [link=http://x]here[/link]"


@pytest.mark.parametrize(
    ("character", "shown"),
    [
        ("\x1b", "\\x1b"),
        ("\x07", "\\x07"),
        ("\r", "\\x0d"),
        ("\x9b", "\\x9b"),
        ("\u202e", "\\u202e"),
        ("\u200b", "\\u200b"),
        ("\U000e0041", "\\U000e0041"),
    ],
)
def test_what_steers_or_hides_is_written_out(character: str, shown: str):
    assert screen.line(f"a{character}b") == f"a{shown}b"


def test_words_of_every_language_stay_as_they_are():
    words = "Grüße, 中文, Ελληνικά, עברית, 👍"

    assert screen.line(words) == words


def test_a_cell_stays_on_its_line(capsys: pytest.CaptureFixture[str]):
    screen.show(screen.table(("title",), [("one\ntwo",)]))

    assert capsys.readouterr().out == "title\none\\ntwo\n"


def test_markup_in_a_title_is_text(world: World, library: Library):
    author = world["author"]
    words = ("submit", str(library.folder), "--env", "production", "--title", MARKUP)
    change = str(author.reads(*words)["id"])

    assert MARKUP in author.does("changes", "--limit", "1")
    assert MARKUP in author.does("show", change)


def test_escapes_in_a_document_are_shown_and_not_sent(world: World, library: Library):
    text = library.folder / f"{library.tone}.yaml"
    written = text.read_text().replace("text: |\n  Be kind.", 'text: "Be \\e[2Jkind"')
    text.write_text(written)
    author = world["author"]
    words = ("submit", str(library.folder), "--env", "production", "--title", "Escape")
    result = author.run(*words, "--json")

    if result.exit_code:  # the registry may refuse such a text altogether
        assert "\x1b" not in result.output
        return
    change = str(json.loads(result.stdout)["id"])
    shown = author.does("show", change, "--diff")
    assert "\x1b" not in shown
    assert "Be \\x1b[2Jkind" in shown


def test_escapes_of_a_lying_registry_reach_no_terminal(
    capsys: pytest.CaptureFixture[str],
):
    screen.note("Signed in as \x1b]0;title\x07")
    screen.print_json({"title": "\x1b[31m\u202e"})

    said = capsys.readouterr()
    assert "\x1b" not in said.out + said.err
    assert json.loads(said.out) == {"title": "\x1b[31m\u202e"}
