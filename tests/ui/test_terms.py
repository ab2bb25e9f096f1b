"""Words that explain themselves."""

import re
from contextvars import Context

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


def test_a_word_that_stands_twice_on_a_page_has_two_notes():
    def page() -> list[str]:
        terms.begin()
        return [terms.term("seq"), terms.term("stop"), terms.term("seq", "its seq")]

    first, other, second = Context().run(page)

    notes = [re.findall(r'popovertarget="([^"]+)"', one) for one in (first, second)]
    assert notes == [["term-seq"], ["term-seq-2"]]
    assert '<span popover id="term-seq-2"' in second
    assert 'id="term-stop"' in other
    assert Context().run(page) == [first, other, second]


def test_the_notes_of_a_page_have_their_names_however_often_it_is_drawn(world):
    with world.page("viewer", "policy") as page:
        drawn = [notes(page), notes(page.run())]

    assert drawn[0] == drawn[1]
    assert len(drawn[0]) == len(set(drawn[0])) > 0


def notes(page) -> list[str]:
    bodies = " ".join(one.body for one in page.get("html"))
    return re.findall(r'<span popover id="([^"]+)"', bodies)


def test_no_explanation_is_markup():
    assert "<" not in "".join(terms.TERMS.values())
    assert "*" not in "".join(terms.TERMS.values())
