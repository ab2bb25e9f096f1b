"""What holds for every detector, whatever the text."""

import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from placet.guardrails import hidden_text, languages, pii, secrets, urls

CHECKS = {
    "hidden_text": (hidden_text.find, {"classes": list(hidden_text.CLASSES)}),
    "language": (languages.find, {"allowed": ["de"], "undetermined": "trigger"}),
    "secret": (secrets.find, {"detectors": list(secrets.DETECTORS)}),
    "url": (urls.find, {"domains": ["good.com"]}),
    **{
        entity: (pii.find, {"entities": [entity], "regions": ["US", "DE", "HU"]})
        for entity in pii.ENTITIES
    },
    "loose pii": (
        pii.find,
        {"entities": list(pii.ENTITIES), "require_checksum": False, "regions": ["IT"]},
    ),
}
PIECES = st.sampled_from(
    [
        *"014aAzZ\u00e9\u00df\u017fK@.:/\\ -_+()[]'\n\t",
        *(
            "\u200b",
            "\ufe0f",
            "\u0661",
            "\uff11",
            "\ud83d",
            "\ude00",
            "\u212a",
            "\u0130",
        ),
        *("\U0001f468\u200d", "\u05d0\u200f", "\U000e0041", "\u00ad", "\u3002"),
        *("https://", "www.", ".com", "xn--", "1.2.3.4", "DE89", "4111 1111 ", "000-"),
        *("phone ", "passport 9", "12/3/1980 born", "RSSMRA85T10A562", "AKIA"),
        *(
            "sk-proj-",
            "eyJ",
            "-----BEGIN PRIVATE KEY-----",
            "-----END PRIVATE KEY-----",
        ),
    ]
)
TEXTS = st.one_of(
    st.text(st.characters(exclude_categories=()), max_size=200),
    st.lists(PIECES, max_size=40).map("".join),
)


@pytest.mark.parametrize("name", CHECKS)
@given(text=TEXTS)
@example(text="\ud800")
@example(text="1\u20282\x00")
@settings(max_examples=60, deadline=None)
def test_spans_lie_within_the_text_in_order_and_apart(name, text):
    find, check = CHECKS[name]

    spans = find(text, check)

    end = 0
    for start, stop in spans:
        assert end <= start < stop <= len(text)
        end = stop
    assert find(text, check) == spans


HOSTILE = [
    *("1", "@", "a", "A1", "a.", "+", "://", "\u200b", "a\u200b", "a@", "a@b.cc "),
    *("1 ", "11 ", "(1", "12-345-6789 ", "GB12 ", "4111 1111 1111 1111 ", ":1"),
    *("a::1 ", "1.1.1.1", "1.1.1.1 ", "https://", "//a.b ", ".com", "a.com ", "data:"),
    *("eyJaaaaaaaaa.", "-----BEGIN PRIVATE KEY-----", "x://a:", "javascript:", "`{<"),
    *("javascript: ", "1/1/1980 born ", "phone 1234567 ", "\U0001f468\u200d", "\u202e"),
]
SMALL, LARGE = 2**13, 2**17


@pytest.mark.slow
@pytest.mark.parametrize("piece", HOSTILE)
@pytest.mark.parametrize(
    "name", ["hidden_text", "language", "secret", "url", "loose pii"]
)
def test_time_grows_with_the_length_of_the_text_and_not_faster(name, piece):
    """Sixteen times the text takes about sixteen times as long, not 256 times."""
    find, check = CHECKS[name]

    def took(chars):
        text = (piece * (chars // len(piece) + 1))[:chars]
        start = time.process_time()
        find(text, check)
        return time.process_time() - start

    took(100)
    least = max(min(took(SMALL) for _ in range(3)), 0.002)
    assert any(took(LARGE) < 96 * least for _ in range(3))
