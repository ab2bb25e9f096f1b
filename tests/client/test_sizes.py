"""The rules at the top of `client/placet/sizes.py`."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from placet.sizes import estimated_tokens, size_of


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("", 0),
        ("a", 1),
        ("abcd", 1),
        ("abcde", 2),
        ("да", 1),
        ("你好吗好", 3),
        ("😀", 1),
    ],
)
def test_a_token_is_four_bytes_and_what_is_left_is_one_more(text, tokens):
    assert estimated_tokens(text) == tokens


def test_messages_take_three_tokens_each_and_the_answer_three():
    one = {"role": "user", "content": "abcd"}

    assert size_of([]).estimated_tokens == 3
    assert size_of([one]).estimated_tokens == 3 + 3 + 1
    assert size_of([one, one]).estimated_tokens == 3 + 2 * (3 + 1)


def test_characters_are_those_of_what_is_said():
    size = size_of([{"role": "user", "content": "да"}, {"role": "user"}])

    assert size.characters == 2


def test_content_in_parts_counts_as_it_is_sent():
    size = size_of([{"role": "user", "content": [{"type": "text", "text": "a"}]}])

    assert size.characters == len('[{"type": "text", "text": "a"}]')


@given(st.text(st.characters(codec=None)))
def test_no_text_is_too_odd_to_be_estimated(text: str):
    assert len(text) / 4 <= estimated_tokens(text) <= len(text)
