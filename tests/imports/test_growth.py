"""Twice the text takes twice the time, and not four times."""

import time
from contextlib import suppress

import pytest

from registry.errors import RegistryError
from registry.imports import Format
from tests.imports.tried import bring

SMALL = 4_000
TIMES = 8
GROWING = {
    "comments without their end": (Format.DOTPROMPT, "{{!--x}}", "", ""),
    "references without their end": (
        Format.PROMPTY,
        "${env:",
        "---\ndescription: '",
        "'\n---\nHi",
    ),
    "a role and spaces": (Format.JINJA, " ", "user:\nsystem", "x"),
    "calls with other arguments": (Format.SKPROMPT, "{{f.a NUMBER}}", "", ""),
}


def took(format: Format, text: str) -> float:
    best = float("inf")
    for _ in range(3):
        began = time.process_time()
        with suppress(RegistryError):
            bring(text, format)
        best = min(best, time.process_time() - began)
    return best


@pytest.mark.slow
@pytest.mark.parametrize("name", GROWING)
def test_reading_grows_with_the_text(name):
    format, part, begin, end = GROWING[name]

    def text(size: int) -> str:
        parts = (part.replace("NUMBER", str(n)) for n in range(size // len(part) + 1))
        return begin + "".join(parts) + end

    assert took(format, text(SMALL * TIMES)) < took(format, text(SMALL)) * TIMES**1.6
