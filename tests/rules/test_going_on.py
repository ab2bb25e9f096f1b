"""What a reader may take in the place of what it serves."""

import pytest

from registry.snapshots import Source, why_not_onward

SERVED = Source(repository="tested", epoch=3)


def test_a_higher_epoch_takes_the_place_of_what_was_served():
    assert why_not_onward(SERVED, Source(repository="tested", epoch=4)) is None


@pytest.mark.parametrize(
    ("found", "why"),
    [
        (None, "no registry in it"),
        (Source(repository="tested", epoch=3), "still in epoch 3"),
        (Source(repository="tested", epoch=2), "still in epoch 2"),
        (Source(repository="another", epoch=4), "of the registry another"),
    ],
)
def test_nothing_else_does(found, why):
    assert why in why_not_onward(SERVED, found)
