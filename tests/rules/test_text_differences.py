"""Differences: line by line, with the words that differ marked."""

import hypothesis.strategies as st
import pytest
from hypothesis import given

from registry.text_differences import MAX_LINES, MAX_PAIRS, MAX_WORDS, Line, compare

TEXTS = st.lists(st.sampled_from(["", "a", "b b", "c"]), max_size=12).map("\n".join)


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


@pytest.mark.parametrize(
    "between",
    [["same"] * MAX_LINES, [f"line {number}" for number in range(MAX_LINES)]],
    ids=["repeated", "long"],
)
def test_what_would_be_slow_to_compare_is_told_as_one_whole_passage(between):
    old, new = (["first", *one, "last"] for one in (between, between[1:]))
    lines = compare("\n".join(["old", *old]), "\n".join([*new, "new"]))

    assert "".join(line.sign for line in lines) == "-" * (len(old) + 1) + "+" * (
        len(new) + 1
    )


def test_words_that_repeat_themselves_too_often_are_marked_by_lines():
    often = "a " * int(MAX_PAIRS**0.5 + 1)
    lines = compare("x " + often, often + "y")

    assert all(piece.marked for line in lines for piece in line.pieces)


def test_passages_that_are_slow_together_are_marked_by_lines_in_the_end():
    often = "a " * int(MAX_PAIRS**0.5 / 2)
    before = "\n=\n".join([f"x {often}"] * 6)
    lines = compare(before, before.replace("x", "y"))

    whole = [len(line.pieces) == 1 for line in lines if line.sign == "-"]
    assert (whole[0], whole[-1]) == (False, True)


def test_what_both_begin_and_end_with_is_not_compared():
    often = "same\n" * MAX_LINES
    lines = compare(f"{often}old\n{often}", f"{often}new\n{often}")

    assert [line.sign for line in lines] == [*"@   -+   "]


@given(TEXTS, TEXTS)
def test_what_is_shown_stands_in_both_texts_in_their_order(before: str, after: str):
    texts = {"-": f"{before}\nold\n{before}", "+": f"{after}\nnew\n{after}"}
    lines = compare(texts["-"], texts["+"])

    left_out = set()
    for sign, text in texts.items():
        shown = [line.text for line in lines if line.sign in {" ", sign}]
        rest = iter(text.split("\n"))
        assert all(one in rest for one in shown)
        left_out.add(len(text.split("\n")) - len(shown))
    assert len(left_out) == 1


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
