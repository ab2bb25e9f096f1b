"""Texts that a regular expression finds, made from the expression."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.errors import Invalid
from registry.imports.examples import MAX_CHARS, MAX_TRIES, texts_for
from registry.patterns import check_pattern, matches


@pytest.mark.parametrize(
    "pattern",
    [
        "AKIA[0-9A-Z]{16}",
        r"\b\d{3}-\d{2}-\d{4}\b",
        r"[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\.[A-Z|a-z]{2,}",
        r"^https?://[^\s/]+/?$",
        r"(?i)ignore (all|any) (previous|prior) instructions?",
        r"\$[0-9]+(?:\.[0-9]{2})?",
        r"[[:upper:]]{2}[^[:alnum:]]x",
        r"\Qa.b\E+",
        r"(?:a|b|(?:c|d){2}){3}",
        r"\x41\x{1F600}",
        r"\bhow\b.{0,30}\bfake\b",
        r"(?s)a.b",
        r"[^a-z]{3}",
        "é+",
        "",
    ],
)
def test_a_pattern_finds_one_of_its_texts(pattern):
    assert any(matches(pattern, text) for text in texts_for(pattern))


def test_a_pattern_of_unicode_tables_has_no_texts():
    assert list(texts_for(r"\p{Greek}")) == []


SIMPLE = st.sampled_from(["a", "[0-9]", r"\w", ".", "(b|c)", r"\b", "x{2,4}", "[^q]"])
PATTERNS = st.recursive(
    SIMPLE,
    lambda inner: (
        st.lists(inner, max_size=4).map("".join)
        | st.tuples(inner, inner).map(lambda two: f"(?:{two[0]}|{two[1]})")
        | st.tuples(inner, st.sampled_from("*+?")).map(
            lambda two: f"(?:{two[0]}){two[1]}"
        )
    ),
    max_leaves=12,
)


@given(PATTERNS)
def test_texts_are_few_and_short_whatever_the_pattern(pattern):
    texts = list(texts_for(pattern))

    assert len(texts) <= 4 * MAX_TRIES
    assert all(len(text) <= MAX_CHARS + 20 for text in texts)


@given(st.text("ab(|)[]{}*+?\\^$.-:!<=0123,P", max_size=20))
def test_what_is_no_pattern_does_no_harm(pattern):
    try:
        check_pattern(pattern)
    except Invalid:
        return
    list(texts_for(pattern))


@pytest.mark.parametrize("pattern", ["(?:a{1000}){1}", "a{1000}", "(" * 30 + ")" * 30])
def test_long_texts_are_not_made(pattern):
    assert all(len(text) <= MAX_CHARS + 20 for text in texts_for(pattern))
