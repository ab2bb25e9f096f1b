"""What others wrote is shown, and never carried out by a terminal or by Rich."""

import json

import pytest

from registry.cli import screen
from tests.cli.worlds import Library, World

MARKUP = "[bold red]Approved by the board[/bold red] [link=http://x]here[/link]"


@pytest.mark.parametrize(
    ("character", "shown"),
    [
        ("\x1b", "<U+001B ESCAPE>"),
        ("\x07", "<U+0007 BELL>"),
        ("\r", "<U+000D CARRIAGE RETURN>"),
        ("\x9b", "<U+009B CONTROL SEQUENCE INTRODUCER>"),
        ("\u202e", "<U+202E RIGHT-TO-LEFT OVERRIDE>"),
        ("\u200b", "<U+200B ZERO WIDTH SPACE>"),
        ("\U000e0041", "<U+E0041 TAG LATIN CAPITAL LETTER A>"),
    ],
)
def test_what_steers_or_hides_is_written_out(character: str, shown: str):
    assert screen.line(f"a{character}b") == f"a{shown}b"


def test_words_of_every_language_stay_as_they_are():
    words = "Grüße, 中文, Ελληνικά, עברית, 👍, 👩\u200d👧, می\u200cخواهم"  # noqa: RUF001

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


def test_hidden_text_in_a_document_is_refused_with_its_line(
    world: World, library: Library
):
    text = library.folder / f"{library.tone}.yaml"
    written = text.read_text().replace("text: |\n  Be kind.", 'text: "Be \\e[2Jkind"')
    text.write_text(written)
    author = world["author"]
    words = ("submit", str(library.folder), "--env", "production", "--title", "Escape")
    line = written[: written.index("Be \\e")].count("\n") + 1

    result = author.run(*words)

    assert result.exit_code
    assert "\x1b" not in result.output
    assert f"tone.yaml:{line}: hidden text, as an escape" in result.output
    assert "4 characters from U+001B ESCAPE on" in result.output


def test_escapes_of_a_lying_registry_reach_no_terminal(
    capsys: pytest.CaptureFixture[str],
):
    screen.note("Signed in as \x1b]0;title\x07")
    screen.print_json({"title": "\x1b[31m\u202e"})

    said = capsys.readouterr()
    assert "\x1b" not in said.out + said.err
    assert json.loads(said.out) == {"title": "\x1b[31m\u202e"}
