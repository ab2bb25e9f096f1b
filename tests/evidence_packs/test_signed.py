"""What a pack is made of: the rules in `registry/evidence_packs/signed.py`."""

import pytest

from registry import checkpoints, signed_notes
from registry.checkpoints import Checkpoint
from registry.errors import LedgerBroken
from registry.events import Event, dump
from registry.evidence_packs.signed import read_signed
from registry.merkle import leaf_of, root_of
from registry.signed_notes import signing_key

KEY = signing_key("placet/tested", bytes(32))


def note(bodies: list[bytes]) -> bytes:
    """A checkpoint of exactly these events."""
    checkpoint = Checkpoint(
        origin="placet/tested",
        size=len(bodies),
        root=root_of(map(leaf_of, bodies)),
        extensions=(),
    )
    return signed_notes.dump(checkpoints.sign(checkpoint, KEY))


@pytest.fixture
def bodies(events: list[Event]) -> list[bytes]:
    return [dump(event) for event in events]


def test_what_is_not_signed_yet_is_left_out(bodies: list[bytes]):
    found = read_signed(bodies, note(bodies[:9]), [KEY.verifier])

    assert [record.number for record in found.records] == list(range(1, 10))


def test_events_that_are_not_those_that_were_signed_are_refused(bodies: list[bytes]):
    signed = note(bodies)
    bodies[4] = bodies[4].replace(b"Say it better", b"Say it worse.")

    with pytest.raises(LedgerBroken, match="not those that were signed"):
        read_signed(bodies, signed, [KEY.verifier])


def test_a_ledger_that_was_cut_off_is_refused(bodies: list[bytes]):
    with pytest.raises(LedgerBroken, match="of 49 events, and there are 48"):
        read_signed(bodies[:-1], note(bodies), [KEY.verifier])


def test_a_checkpoint_that_another_key_signed_is_refused(bodies: list[bytes]):
    other = signing_key("placet/tested", bytes([1] * 32))

    with pytest.raises(LedgerBroken, match="no key of the ledger has signed"):
        read_signed(bodies, note(bodies), [other.verifier])
