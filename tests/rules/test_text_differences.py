"""Differences: line by line, with the words that differ marked."""

from registry.text_differences import MAX_WORDS, Line, compare


def told(lines: tuple[Line, ...]) -> list[str]:
    return [line.sign + line.text for line in lines]


def marked(lines: tuple[Line, ...], sign: str) -> list[str]:
    return [
        piece.text.strip()
        for line in lines
        if line.sign == sign
        for piece in line.pieces
        if piece.marked
    ]


def test_texts_that_are_alike_differ_in_nothing():
    assert compare("a\nb\n", "a\nb\n") == ()


def test_a_line_stands_with_what_is_around_it():
    before = "1\n2\n3\n4\n5\n6\n7\n8\n9\n"

    assert told(compare(before, before.replace("5", "five"))) == [
        "@line 2",
        " 2",
        " 3",
        " 4",
        "-5",
        "+five",
        " 6",
        " 7",
        " 8",
    ]


def test_only_the_words_that_differ_are_marked():
    lines = compare("Ask within 24 hours of it.\n", "Ask within 48 hours of it.\n")

    assert marked(lines, "-") == ["24"]
    assert marked(lines, "+") == ["48"]


def test_a_paragraph_that_was_broken_anew_keeps_its_words_unmarked():
    lines = compare("one two three four\n", "one two\nthree four\n")

    assert marked(lines, "-") == []
    assert told(lines) == ["-one two three four", "+one two", "+three four"]


def test_a_text_that_is_new_is_marked_whole():
    lines = compare(None, "one\ntwo\n")

    assert told(lines) == ["+one", "+two"]
    assert marked(lines, "+") == ["one", "two"]


def test_a_line_end_that_is_missing_counts():
    assert told(compare("one\n", "one")) == [" one", "-"]


def test_a_long_passage_is_marked_by_lines():
    lines = compare("a " * MAX_WORDS, "b " + "a " * MAX_WORDS)

    assert [line.sign for line in lines] == ["-", "+"]
    assert all(piece.marked for line in lines for piece in line.pieces)


RULES = """\
rules:
  - id: first
    title: The first
    stage: [output]
    check:
      type: keyword
      terms: [sure]
    action: block
  - id: second
    action: block
"""


def test_a_passage_says_which_item_it_is_in():
    lines = told(compare(RULES, RULES.replace("[sure]", "[certain]")))
    removed = told(compare(RULES, RULES.replace("      terms: [sure]\n", "")))

    assert lines[0] == "@line 4, in id: first"
    assert removed[0] == "@line 4, in id: first"


def test_an_item_that_is_in_sight_is_not_told_again():
    lines = told(compare(RULES, RULES.removesuffix("block\n") + "flag\n"))

    assert lines[0] == "@line 7"
    assert " " + "  - id: second" in lines


def test_what_is_outside_of_items_is_in_none():
    lines = told(compare(RULES + "tier: low\n", RULES + "tier: high\n"))

    assert lines[0] == "@line 8"
