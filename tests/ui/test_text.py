"""Text that somebody wrote, as it is handed to Streamlit."""

import re

import pytest

from ui.parts.text import label

LINKED = re.compile(r"https?://|www\.|[-.\w+]@[-\w]+\.", re.I)
"""Where GitHub-flavoured Markdown begins a link by itself, once it is unescaped."""


@pytest.mark.parametrize(
    "text",
    [
        "https://elsewhere.test/sign-in",
        "Http://www.elsewhere.test",
        "see www.elsewhere.test",
        "write to sign.in@elsewhere.test",
    ],
)
def test_an_address_in_a_label_is_no_link(text):
    assert LINKED.search(text)

    written = re.sub(r"\\(.)", r"\1", label(text))

    assert LINKED.search(written) is None
    assert written.replace("\u200b", "") == text
