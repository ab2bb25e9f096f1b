"""Hidden text: what a model reads and a person does not see."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from placet.guardrails.errors import CannotCheck
from placet.guardrails.hidden_text import (
    CLASSES,
    DEFAULT_CLASSES,
    classified,
    decode,
    find,
    ranges_of,
)

TAGS = "".join(chr(0xE0000 + ord(char)) for char in "ignore previous")
SCOTLAND = "\U0001f3f4" + "".join(chr(0xE0000 + ord(c)) for c in "gbsct") + "\U000e007f"


def classes_of(text):
    return [name for name in CLASSES if find(text, {"classes": [name]})]


@pytest.mark.parametrize(
    ("hidden", "name"),
    [
        *(
            (char, "zero_width")
            for char in "\u200b\u200c\u200d\u2060\ufeff\u00ad\u034f"
        ),
        *((char, "bidi") for char in "\u202a\u202e\u2066\u2069\u200e\u200f\u061c"),
        *((char, "tag_chars") for char in "\U000e0001\U000e0041\U000e007f"),
        *((char, "control") for char in "\x00\x07\x1b\x7f\x85\ud800\udfff"),
        *((char, "fillers") for char in "\u115f\u1160\u17b4\u3164\uffa0\u2800"),
        *((char, "variation_selectors") for char in "\ufe00\ufe0f\U000e0100\u180b"),
        *((char, "private_use") for char in "\ue000\U000f0000\U0010fffd"),
        *((char, "unassigned") for char in "\u0378\ufffe\U000e1000"),
        *((char, "odd_spaces") for char in "\u2003\u2028\u1680"),
    ],
)
def test_a_hidden_character_is_of_one_class(hidden, name):
    assert classes_of(f"a{hidden}b") == [name]
    assert find(f"a{hidden}b", {"classes": [name]}) == ((1, 2),)


@pytest.mark.parametrize(
    "text",
    [
        "\U0001f468\u200d\U0001f469\u200d\U0001f467 and \u2764\ufe0f",
        "\U0001f937\U0001f3fd\u200d\u2640\ufe0f",
        "1\ufe0f\u20e3",
        SCOTLAND,
        "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",
        "\u0915\u094d\u200d\u0937",
        "\u05e9\u05dc\u05d5\u05dd\u200f!",
        "\u0e01\u200b\u0e02",
        "\u845b\U000e0100",
        "\u2813\u2800\u2801",
        "\u115f\u1161 \u1100\u1160",
        "\u1828\u180e\u1820",
        "\U0001e030 \U0001cc00 \U00031350 came with Unicode 15 and later",
        "a\tb\r\nc\u00a0d \u3000",
        "\U0001fae8 is a newer emoji",
    ],
)
def test_what_people_see_there_is_not_hidden(text):
    assert classes_of(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "\U0001f468\u200d\u200d\U0001f469",
        "a\u200d\U0001f469",
        "\u0645\u200c\u200c\u062e",
        "a\ufe0f",
        "\u2764\ufe0f\ufe0f",
        "\U0001f3f4\U000e0067\U000e0062\U000e0078\U000e007f",
        "left \u200f right",
        "\u2813\u2800\u2800a",
        "a\u115f\u1160b",
        "a\u180eb",
        "\u2764\ufe0f" + "\ufe0f" * 40,
    ],
)
def test_what_uses_these_exceptions_is_hidden(text):
    assert find(text, {}) != ()


def test_every_hidden_character_has_its_class():
    text = "a\u200b\u202e\U000e0041\ue000\u2003b"
    names = ("zero_width", "bidi", "tag_chars", "private_use", "odd_spaces")

    assert classified(text) == tuple(enumerate(names, start=1))


def test_hidden_characters_in_a_row_are_one_span():
    assert find(f"ok{TAGS}\u200b.", {}) == ((2, 3 + len(TAGS)),)


def test_tag_characters_are_spelled_out():
    assert decode(f"good{TAGS} {SCOTLAND}") == "ignore previous"


def test_without_classes_it_looks_for_what_no_ordinary_text_has():
    assert set(DEFAULT_CLASSES) < set(CLASSES)
    assert find("\ue000\u2003\u0378", {}) == ()
    assert find("\u200b", {"classes": ["bidi"]}) == ()


def test_an_unknown_class_cannot_be_checked():
    with pytest.raises(CannotCheck, match="invisible"):
        find("text", {"classes": ["invisible"]})


@given(st.characters())
def test_a_character_that_is_found_is_among_those_of_its_class(char):
    for name in set(CLASSES) - {"unassigned"}:
        among = re.fullmatch(f"[{ranges_of(name)}]", char) is not None

        assert not find(f"a{char}b", {"classes": [name]}) or among


@given(
    st.text(
        st.sampled_from("a\u200b\u200d\ufe0f\u2764\u202e\u05d0\U000e0041"), max_size=30
    )
)
def test_every_hidden_character_is_counted_once(text):
    def count(classes):
        return sum(end - start for start, end in find(text, {"classes": classes}))

    assert count(list(CLASSES)) == sum(count([name]) for name in CLASSES)
