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

    assert digest in lines(digest, "a title", room=40)[0]


def test_where_columns_do_not_fit_each_row_is_told_by_itself():
    found = lines("production", "gpt-4o-2024-08-06", "", "2026-12-01 08:00", room=40)

    assert found == [
        "c0  production",
        "c1  gpt-4o-2024-08-06",
        "c3  2026-12-01 08:00",
    ]


def test_a_name_is_whole_as_long_as_something_else_can_give_way():
    found = lines(NAME, "Needs one more from the seat product; ada could.", room=60)

    assert all(len(line) <= 60 for line in found)
    assert any(NAME in line for line in found)
    assert not any(line.strip().endswith("/") for line in found)


def test_a_name_goes_to_the_next_line_as_a_whole():
    found = lines(f"because of {NAME} alone", room=50)

    assert NAME in [line.split(" alone")[0] for line in found]
