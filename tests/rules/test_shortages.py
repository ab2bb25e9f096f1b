"""People for all the seats together, held to what trying every way finds."""

from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from registry.shortages import short

SEATS = ("board", "legal", "risk")
PEOPLE = ("ada", "ben", "cy", "dee")

needed = st.dictionaries(st.sampled_from(SEATS), st.integers(1, 2), max_size=3)
holding = st.fixed_dictionaries(
    {seat: st.sets(st.sampled_from(PEOPLE)) for seat in SEATS}
)


def suffice(needs, could) -> bool:
    """Whether some way to give each person one seat, or none, fills them all."""
    return any(
        all(
            sum(
                given == seat and who in could[seat]
                for who, given in zip(PEOPLE, way, strict=True)
            )
            >= number
            for seat, number in needs.items()
        )
        for way in product((None, *SEATS), repeat=len(PEOPLE))
    )


@given(needed, holding)
def test_nothing_is_short_exactly_where_everybody_can_be_given_one_seat(needs, could):
    assert (not short(needs, could)) == suffice(needs, could)


@given(needed, holding)
def test_the_seats_that_are_short_would_be_so_without_the_others(needs, could):
    found = short(needs, could)
    alone = {seat: number for seat, number in needs.items() if seat in found}
    assert found <= needs.keys()
    assert short(alone, could) == found
    rest = {seat: number for seat, number in needs.items() if seat not in found}
    assert not short(rest, could)
