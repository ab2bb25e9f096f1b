"""Signed events: what a pack is made of.

* Only events that the checkpoint is of are taken; what came later is not signed.
* They have to be the ones that were signed: their Merkle root is compared.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from registry import checkpoints, events, signed_notes
from registry.checkpoints import Checkpoint
from registry.errors import LedgerBroken
from registry.events import Event
from registry.evidence_packs.proofs import Tree
from registry.merkle import leaf_of
from registry.names import Digest, digest_of
from registry.signed_notes import VerifierKey

REWRITTEN = "Have it verified: that names the first wrong event (`placet verify`)."


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """An event with its canonical bytes and their digest."""

    event: Event
    body: bytes
    digest: Digest

    @property
    def number(self) -> int:
        return self.event.number

    @property
    def at(self) -> datetime:
        return self.event.at


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """Events, and the checkpoint that is of exactly these.

    Attributes:
        note: The checkpoint, as it was signed.
        keys: Those that signed it, of the ones that were given.
    """

    records: tuple[Record, ...]
    checkpoint: Checkpoint
    note: bytes
    keys: tuple[VerifierKey, ...]
    tree: Tree


def read_signed(
    bodies: Iterable[bytes], note: bytes, keys: Sequence[VerifierKey]
) -> Signed:
    """The events that the checkpoint *note* is of.

    Args:
        bodies: Canonical bytes of every event, oldest first; more than were signed
            are left out.

    Raises:
        Invalid: *note* is not a checkpoint.
        LedgerBroken: None of *keys* has signed it, or it is of other events.
    """
    checkpoint, signers = read_note(note, keys)
    records = tuple(
        Record(event=events.parse(body), body=body, digest=digest_of(body))
        for body in islice(bodies, checkpoint.size)
    )
    if len(records) < checkpoint.size:
        raise LedgerBroken(
            f"the checkpoint is of {checkpoint.size} events, and there are "
            f"{len(records)}",
            hint="Fetch the ledger again; if it stays so, verify it: `placet verify`.",
        )
    tree = Tree([leaf_of(record.body) for record in records])
    if tree.root() != checkpoint.root:
        raise LedgerBroken("the events are not those that were signed", hint=REWRITTEN)
    return Signed(
        records=records, checkpoint=checkpoint, note=note, keys=signers, tree=tree
    )


def read_note(
    note: bytes, keys: Sequence[VerifierKey]
) -> tuple[Checkpoint, tuple[VerifierKey, ...]]:
    """What a checkpoint says, and those of *keys* that signed it.

    Raises:
        Invalid: *note* is not a checkpoint.
        LedgerBroken: None of *keys* has signed it.
    """
    signed = signed_notes.parse(note)
    checkpoint = checkpoints.parse(signed.text)
    verified = signed_notes.verified_by(signed, keys)
    signers = tuple(checkpoints.own_keys(checkpoint.origin, verified))
    if not signers:
        raise LedgerBroken("no key of the ledger has signed the checkpoint")
    return checkpoint, signers
