"""Patterns, words, lengths: what they find, and where."""

import pytest

from tests.client.guardrails.ruling import found, keyword, regex, run


def test_a_pattern_matches_anywhere_and_says_where_in_code_points():
    result = run(regex("AKIA[0-9A-Z]{4}"), "é😀 AKIAABCD, AKIA1234")

    assert result.spans == ((3, 11), (13, 21))


def test_case_counts_in_a_pattern_unless_it_is_said_not_to():
    assert found(regex("akia"), "AKIA") == []
    assert found(regex("akia", case_sensitive=False), "AKIA") == ["AKIA"]


def test_a_pattern_that_matches_nothing_at_all_triggers_for_the_whole_text():
    result = run(regex("x*"), "abc")

    assert (result.triggered, result.spans) == (True, ())


@pytest.mark.parametrize(
    ("text", "there"),
    [
        ("a cat sat", ["cat"]),
        ("Cat, CAT cat", ["Cat", "CAT", "cat"]),
        ("category", []),
        ("ducat", []),
        ("_cat", []),
        ("cat9", []),
        ("écat", []),
        ("caté", []),
        ("cat\u0301", []),
        ("猫cat", []),
        ("😀cat😀", ["cat"]),
        ("cat", ["cat"]),
    ],
)
def test_a_word_has_no_letter_of_any_script_beside_it(text, there):
    assert found(keyword("cat"), text) == there


@pytest.mark.parametrize(
    ("term", "text"),
    [("über", "ist über"), ("C++", "C++x"), ("$5", "US$5"), ("naïve", "(naïve)")],
)
def test_words_of_any_script_and_signs_are_found(term, text):
    assert found(keyword(term), text) == [term]


def test_a_substring_is_found_within_words():
    assert found(keyword("cat", match="substring"), "category ducat") == ["cat", "cat"]


def test_case_counts_if_it_is_said_to():
    assert found(keyword("ACME", case_sensitive=True), "acme ACME") == ["ACME"]


def test_a_space_in_a_phrase_stands_for_any_white_space():
    text = "a guaranteed\n  refund, guaranteed\u00a0refund"

    assert len(found(keyword("guaranteed refund"), text)) == 2


def test_phrases_that_overlap_are_found_as_one():
    assert found(keyword("new york", "york city"), "in new york city") == [
        "new york city"
    ]


def test_where_the_longest_has_a_letter_beside_it_a_shorter_one_may_have_none():
    assert found(keyword("C", "C++x"), "C++xy C++xé") == ["C", "C"]


def test_signs_in_terms_are_no_pattern():
    assert found(keyword("a.c", "(x|y)", match="substring"), "abc x (x|y) a.c") == [
        "(x|y)",
        "a.c",
    ]


def test_a_term_within_an_exception_does_not_count():
    check = keyword("suicide", "squad", unless=["suicide squad"])

    assert found(check, "Suicide Squad is a film") == []
    assert found(check, "suicide squad, suicide") == ["suicide"]


def test_an_exception_elsewhere_in_the_text_changes_nothing():
    check = keyword("refund", unless=["no refund"])

    assert found(check, "no refund? a refund!") == ["refund"]


def test_an_exception_that_a_term_reaches_out_of_changes_nothing():
    check = keyword("sure refund", unless=["no sure"])

    assert found(check, "no sure refund") == ["sure refund"]


@pytest.mark.parametrize(
    ("text", "there"),
    [
        ("always a refund", ["refund"]),
        ("always a b refund", ["refund"]),
        ("always a b c refund", []),
        ("refund a b always", ["refund"]),
        ("refund a b c always", []),
        ("refund", []),
        ("refund-always", ["refund"]),
        ("refund x x x always refund x x x x refund", ["refund"]),
    ],
)
def test_a_term_counts_only_near_another_if_that_is_asked(text, there):
    check = keyword("refund", near={"terms": ["always"], "within": 2})

    assert found(check, text) == there


def test_a_term_is_not_near_itself():
    check = keyword("fare claim", near={"terms": ["claim"], "within": 5})

    assert found(check, "my fare claim") == []
    assert found(check, "my fare claim, a claim") == ["fare claim"]


@pytest.mark.parametrize(
    ("check", "text", "triggers"),
    [
        ({"unit": "chars", "max": 3}, "é😀x", False),
        ({"unit": "chars", "max": 3}, "é😀xy", True),
        ({"unit": "bytes", "max": 6}, "é😀", False),
        ({"unit": "bytes", "max": 5}, "é😀", True),
        ({"unit": "words", "min": 2}, " one\ttwo\n", False),
        ({"unit": "words", "min": 2}, "one", True),
        ({"unit": "chars", "min": 1, "max": 2}, "", True),
        ({"unit": "chars", "max": 262_144}, "x" * 300_000, True),
        ({"unit": "bytes", "min": 3, "max": 3}, "\ud800", False),
    ],
)
def test_a_text_may_be_too_short_or_too_long(check, text, triggers):
    result = run({"type": "length", **check}, text)

    assert (result.triggered, result.error) == (triggers, None)
