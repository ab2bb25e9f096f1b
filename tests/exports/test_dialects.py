"""A pattern in Python's dialect is found where RE2 finds the original."""

import re
import warnings

import pytest
import re2
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from registry.errors import NotExportable
from registry.exports.charsets import ANYTHING, complement, either_case, union
from registry.exports.dialects import Dialect, write
from registry.exports.syntax import parse

QUIET = re2.Options()
QUIET.log_errors = False

PIECES = [
    *("a", "b", "k", "s", "é", "ß", "1", "-", " ", "#", "{", "}", "]", "{,2}", "&&"),
    *(r"\d", r"\w", r"\s", r"\W", r"\D", r"\S", ".", r"\n", r"\.", r"\x41", r"\x{e9}"),
    *(r"\101", r"\Qa.b\E", "^", "$", r"\b", r"\B", r"\A", r"\z"),
    *("[a-c]", "[^a]", r"[^\d]", "[[:alpha:]_]", "[[:^digit:]]", "[k-t]", "[]a]"),
    *(r"[a\]]", r"[\w-]", "[a-]", "[&&a]", "[~~a]", "[a--b]", "[a||b]", "[[a]"),
    *("(?i)", "(?s)", "(?m)", "(?U)"),
]
REPEATS = ["*", "+", "?", "*?", "+?", "??", "{2}", "{1,3}", "{2,}", "{0,1}?", "{0}"]
GROUPS = ["(", "(?:", "(?i:", "(?s:", "(?m:", "(?-i:", "(?P<name>", "(?U:"]
TEXTS = st.text("aAbkKsS\u017f\u212aéÉßẞ1٣_ \n\t\v.-#&~|[]{},\u00a0", max_size=8)

PATTERNS = st.recursive(
    st.sampled_from(PIECES),
    lambda inner: st.one_of(
        st.tuples(inner, inner).map("".join),
        st.tuples(inner, inner).map("|".join),
        st.tuples(st.sampled_from(GROUPS), inner).map(lambda p: f"{p[0]}{p[1]})"),
        st.tuples(inner, st.sampled_from(REPEATS)).map(lambda p: f"(?:{p[0]}){p[1]}"),
    ),
    max_leaves=8,
)


def python(pattern: str, *, case_sensitive: bool = True) -> str:
    return write(parse(pattern, case_sensitive=case_sensitive), Dialect.PYTHON)


@settings(max_examples=400, deadline=None)
@given(PATTERNS, st.lists(TEXTS, min_size=4, max_size=8), st.booleans())
def test_python_finds_what_re2_finds(pattern, texts, sensitive):
    try:
        original = re2.compile(pattern if sensitive else f"(?i){pattern}", QUIET)
    except re2.error:
        assume(False)
    try:
        written = python(pattern, case_sensitive=sensitive)
    except NotExportable:
        assume(False)

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = re.compile(written)
    as_litellm_compiles_it = re.compile(f"(?-i:{written})", re.IGNORECASE)

    for text in texts:
        there = original.search(text) is not None
        assert (found.search(text) is not None) is there, (written, text)
        assert (as_litellm_compiles_it.search(text) is not None) is there


@pytest.mark.slow
def test_cases_belong_together_as_they_do_for_re2():
    cased = [
        chr(number)
        for number in range(0x80, 0x20000)
        if not 0xD800 <= number <= 0xDFFF
        and (
            chr(number).lower() != chr(number)
            or chr(number).upper() != chr(number)
            or chr(number).casefold() != chr(number)
        )
    ]
    text = "".join(map(chr, [*range(0xD800), *range(0xE000, 0x20000)]))

    wrong = []
    for character in cased:
        found = re2.finditer(f"(?i)\\x{{{ord(character):x}}}", text)
        same = union((ord(one.group()),) * 2 for one in found)
        if either_case(((ord(character),) * 2,)) != same:
            wrong.append(character)

    assert wrong == []


@pytest.mark.parametrize(
    ("pattern", "text", "found"),
    [
        ("end$", "end\n", False),
        ("(?m)end$", "end\nmore", True),
        (r"\d", "٣", False),
        (r"\w", "é", False),
        (r"\s", "\v", False),
        ("[[:space:]]", "\v", True),
        ("(?i)k", "\u212a", True),
        ("(?i)i", "\u0131", False),
        (r"\bend\b", "éendé", True),
        (r"\Qa.b\E", "axb", False),
        ("(?s)a.b", "a\nb", True),
        ("a.b", "a\nb", False),
        (r"\x{1F600}", "\U0001f600", True),
    ],
)
def test_what_engines_differ_about_stays_as_it_was(pattern, text, found):
    assert (re2.search(pattern, text) is not None) is found
    assert (re.search(python(pattern), text) is not None) is found


@pytest.mark.parametrize(
    ("pattern", "reason"),
    [
        (r"\pL+", "property of Unicode"),
        (r"[\p{Greek}]", "property of Unicode"),
        (r"a\C", "single bytes"),
        (r"\B", "inside of a word"),
        ("(?:" * 60 + "a" + ")" * 60, "nested too deeply"),
    ],
)
def test_what_cannot_be_said_alike_is_refused(pattern, reason):
    re2.compile(pattern, QUIET)

    with pytest.raises(NotExportable, match=reason):
        python(pattern)


def test_the_plain_dialect_has_no_lookaround_and_no_scoped_flags():
    written = write(parse(r"^(?i)id \b[0-9]{4}\b$", case_sensitive=True), Dialect.PLAIN)

    assert written == r"^[Ii][Dd] \b[0-9]{4}\b$"


@given(st.lists(st.tuples(st.integers(0, 400), st.integers(0, 30))))
def test_a_set_and_the_rest_are_everything(pairs):
    ranges = union([(low, low + length) for low, length in pairs])

    assert complement(complement(ranges)) == ranges
    assert union(ranges, complement(ranges)) == ANYTHING
