"""Words that explain themselves."""

import re

import pytest

from ui.parts import terms


@pytest.mark.parametrize("name", terms.TERMS)
def test_each_word_is_explained_in_sentences(name):
    told = terms.TERMS[name]

    assert name == name.lower()
    assert told[0].isupper()
    assert told.endswith(".")
    assert len(told) < 200


def test_words_stand_in_order():
    assert list(terms.TERMS) == sorted(terms.TERMS)


def test_a_word_opens_its_own_explanation_without_a_script():
    told = terms.term("check mark", "of its text")

    (opens,) = re.findall(r'popovertarget="([^"]+)"', told)
    assert f'<span popover id="{opens}"' in told
    assert ">of its text</button>" in told
    assert told.startswith('<button type="button"')


def test_no_explanation_is_markup():
    assert "<" not in "".join(terms.TERMS.values())
    assert "*" not in "".join(terms.TERMS.values())
