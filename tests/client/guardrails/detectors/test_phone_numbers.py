"""Phone numbers: by the plans of the regions, and by how they are written."""

import pytest

from placet.guardrails.errors import CannotCheck
from placet.guardrails.pii import find


def found(text, *regions, **check):
    spans = find(text, {"entities": ["PHONE_NUMBER"], "regions": regions, **check})
    return [text[start:end] for start, end in spans]


@pytest.mark.parametrize(
    "number",
    ["+46 (0)8 928 571 38", "+1-541-754-3010", "+447700921916", "0049 30 901820"],
)
def test_an_international_number_needs_no_region(number):
    assert found(f"It is {number}, I think") == [number]


@pytest.mark.parametrize(
    ("number", "region"),
    [
        ("541-754-3010", "US"),
        ("(541) 754-3010", "CA"),
        ("541.754.3010x459", "US"),
        ("030 901820", "DE"),
        ("01.84.17.61.18", "FR"),
        ("0490 75 40 81", "AU"),
    ],
)
def test_a_national_number_needs_its_region(number, region):
    text = f"It is {number}, I think"

    assert found(text, region) == [number]
    assert found(text) == []


@pytest.mark.parametrize("number", ["699 956 915", "699956915", "78-651-450-1"])
def test_what_could_be_any_number_needs_a_word_near_it(number):
    assert found(f"Order {number} is late", "ES") == []
    assert found(f"Please call me on {number}", "ES") == [number]


def test_a_word_for_phone_counts_in_other_languages():
    assert found("Teléfono: 699956915", "ES") == ["699956915"]


@pytest.mark.parametrize(
    "text",
    [
        "call me on 2000-04-16 12:20",
        "call me on 21-01-2022 16:00",
        "call us, we are here since 1999-2001",
        "call it 460-89-9847",
        "call ZIP 12345-6789",
        "call 106.31.73.20",
        "call with 4111 1111 1111 1111",
        "call for 1.234.567 euros",
    ],
)
def test_what_is_another_number_for_certain_is_no_phone_number(text):
    assert found(text, "US", "DE", "FR", "ES", "HU") == []


def test_two_numbers_in_a_row_are_two():
    assert found("905-674-3793 780-999-2181", "US") == ["905-674-3793", "780-999-2181"]


def test_a_number_of_no_plan_is_none():
    assert found("call +999 123 456 789", "US") == []
    assert found("call 123-456-7890", "US") == []


def test_a_region_that_does_not_exist_cannot_be_checked():
    with pytest.raises(CannotCheck, match="XX"):
        found("call 541-754-3010", "XX")
