"""Tables fit a screen, and never break a word."""

from rich.text import Text

from registry.cli.tables import lay_out

NAME = "fragments/shared/keeps-instructions-private"


def lines(*cells: str, room: int) -> list[str]:
    names = [f"c{number}" for number in range(len(cells))]
    return lay_out(names, [[Text(cell) for cell in cells]], room).plain.split("\n")


def test_what_fits_stays_on_one_line():
    assert lines(NAME, "1.0.0", room=80) == [
        f"c0{' ' * (len(NAME))}c1",
        f"{NAME}  1.0.0",
    ]


def test_a_name_is_broken_after_a_slash_and_words_at_spaces():
    found = lines(NAME, "Needs one more from the seat product", room=50)

    assert all(len(line) <= 50 for line in found)
    pieces = " ".join(found[1:]).split()
    assert set(pieces) <= {
        *("fragments/", "shared/", "fragments/shared/"),
        "keeps-instructions-private",
        *["Needs", "one", "more", "from", "the", "seat", "product"],
    }


def test_a_word_that_is_too_long_is_left_to_the_terminal():
    digest = "sha256:" + "0" * 64

    assert digest in lines(digest, "a title", room=40)[1]
