"""Looking for all rules at once finds what each rule finds alone."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from placet.guardrails.findings import Need
from placet.guardrails.prefilter import prefilter_of
from placet.guardrails.rules import run_rule
from tests.client.guardrails.ruling import guardrail, keyword, regex, rule

LETTERS = str.maketrans("0123456789", "abcdefghij")
WORDS = [
    "cat",
    "Cat",
    "a",
    "new york",
    "straße",
    "\u017f",
    "K",
    "\u212a",
    "é",
    "C++",
    "_x",
]
PIECES = [*WORDS, "STRASSE", "s", "k", " ", "\n", "9", "e\u0301", "😀", "\0", "\ud800"]
PATTERNS = ["cat", "(?i)k", "[0-9]", "a|é", "x*", r"\bcat\b", "c.t", "^", "[^a]", "s+"]

terms = st.lists(st.sampled_from(WORDS), min_size=1, max_size=3)
keywords = st.builds(
    lambda terms, **more: keyword(*terms, **more),
    terms,
    match=st.sampled_from(["word", "substring"]),
    case_sensitive=st.booleans(),
)
narrowed = st.builds(
    lambda check, unless, near: {
        **check,
        "unless": unless,
        "near": {"terms": near, "within": 1},
    },
    keywords,
    terms,
    terms,
)
regexes = st.builds(
    regex, st.sampled_from(PATTERNS), case_sensitive=st.booleans()
) | st.builds(lambda words: regex("|".join(words).replace("+", "")), terms)
lengths = st.builds(lambda most: {"type": "length", "unit": "chars", "max": most},
                    st.integers(0, 9))  # fmt: skip
unknown = st.just({"type": "external", "engine": "none"})
leaves = keywords | narrowed | regexes | lengths | unknown
checks = leaves | st.builds(
    lambda kind, inner: {"type": kind, "checks": inner},
    st.sampled_from(["any_of", "all_of"]),
    st.lists(leaves, min_size=1, max_size=3),
)
texts = st.lists(st.sampled_from(PIECES), max_size=12).map("".join) | st.text()


@pytest.mark.slow
@settings(max_examples=300, deadline=None)
@given(st.lists(checks, min_size=1, max_size=6), texts)
def test_a_guardrail_finds_what_each_of_its_rules_finds_alone(checks, text):
    rules = [rule(check, "flag", id=f"r{n}") for n, check in enumerate(checks)]

    findings = guardrail(*rules).check("output", text).findings

    together = {
        one["id"]: (
            [hit.span for hit in findings if hit.rule == one["id"]],
            [hit.error for hit in findings if hit.rule == one["id"]],
        )
        for one in rules
    }
    for one in rules:
        alone = run_rule(one, "output", text)
        said = alone.triggered or alone.error is not None
        spans = list(alone.spans) or [None]
        expected = (spans, [alone.error] * len(spans)) if said else ([], [])
        assert together[one["id"]] == expected


@pytest.mark.slow
@settings(max_examples=200, deadline=None)
@given(st.lists(checks, min_size=1, max_size=6), texts)
def test_the_same_text_has_the_same_outcome(checks, text):
    rules = [rule(check, "redact", id=f"r{n}") for n, check in enumerate(checks)]

    assert guardrail(*rules).check("output", text) == guardrail(*rules).check(
        "output", text
    )


def test_only_rules_that_could_trigger_are_run():
    needs = [
        (number, [Need(pattern=f"word{number}x", case_sensitive=True)])
        for number in range(1_000)
    ]
    prefilter = prefilter_of([*needs, (1_000, None)])

    assert prefilter.possible(b"some word7x, word70") == [7, 1_000]


@pytest.mark.slow
def test_a_rule_with_a_pattern_that_cannot_be_looked_for_is_always_run():
    enormous = Need(pattern="abcde" * 40_000, case_sensitive=True)
    small = Need(pattern="word", case_sensitive=True)
    prefilter = prefilter_of([(0, [small, enormous]), (1, [small]), (2, [small])])

    assert prefilter.possible(b"text") == [0]
    assert prefilter.possible(b"a word") == [0, 1, 2]


def test_thousands_of_long_patterns_are_looked_for_in_several_passes():
    words = [f"{number:04}".translate(LETTERS) * 12 for number in range(3_000)]
    needs = [
        (number, [Need(pattern=word, case_sensitive=True)])
        for number, word in enumerate(words)
    ]
    prefilter = prefilter_of(needs)

    assert prefilter.possible(f"x {words[7]} {words[2_999]}".encode()) == [7, 2_999]
