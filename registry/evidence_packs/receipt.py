"""Receipts: what somebody who voted keeps, and can show to anybody later.

A vote is on a change, or a judgement of what went live without agreement.  A receipt
has the event of the vote byte for byte, a signed checkpoint that covers it,
and the hashes that lead from one to the other.  So nobody can say later that there was
no such vote, or another one, without the checkpoint speaking against them.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime

from registry.changes import Verdict
from registry.checkpoints import root_text
from registry.conditions import Condition
from registry.errors import LedgerBroken
from registry.evidence_packs.report import (
    Pairs,
    Paragraph,
    Passage,
    Report,
    section,
    when,
)
from registry.evidence_packs.signed import REWRITTEN, Record, read_note
from registry.merkle import inclusion_proof, leaf_of, root_of
from registry.names import Digest
from registry.payloads import Judged
from registry.ratification import Judgement
from registry.review_payloads import Voted
from registry.signed_notes import VerifierKey, dump_verifier

_HOW = (
    "The SHA-256 of a zero byte and the event's bytes is a leaf of the ledger's "
    "Merkle tree, number {leaf} counted from 0. Hashed with one line of the proof "
    "after the other, as RFC 9162 says in 2.1.3.2, it comes to the root in the "
    "checkpoint, which the ledger's key has signed (Ed25519, a C2SP checkpoint). "
    "Compare that key with the one that was told when the registry began.",
    "`placet verify --checkpoint FILE`, with the checkpoint in a file, says whether "
    "the ledger still is what it was then. {pack}",
)
_PACK = (
    "`placet evidence {change}` writes a folder with everything about the change, and "
    "a program that checks it without the registry."
)
_NO_PACK = (
    "`placet evidence` writes a folder with everything that happened in a period, and "
    "a program that checks it without the registry."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What somebody has said, of what.

    Attributes:
        change: `None` of a rollback.
        ratification: What was judged, by its number; `None` for a vote.
        title: That of the revision that was voted on, or of what went live.
        revision: Of the change; `None` for a judgement.
        review_digest: What they voted on; `None` for a judgement.
        activated: What they judged: the digest of the activation's event.
        verdict: Or the judgement.
        reason: In their words.
    """

    change: int | None
    ratification: int | None
    environment: str
    title: str
    revision: int | None
    review_digest: Digest | None
    activated: Digest | None
    seat: str
    verdict: Verdict | Judgement
    reason: str
    condition: Condition | None


def of_vote(vote: Voted, title: str) -> Said:
    return Said(
        change=vote.change,
        ratification=None,
        environment=vote.environment,
        title=title,
        revision=vote.revision,
        review_digest=vote.review_digest,
        activated=None,
        seat=vote.seat,
        verdict=vote.verdict,
        reason=vote.reason,
        condition=vote.condition,
    )


def of_judgement(judged: Judged, title: str, change: int | None) -> Said:
    return Said(
        change=change,
        ratification=judged.ratification,
        environment=judged.environment,
        title=title,
        revision=None,
        review_digest=None,
        activated=judged.activated,
        seat=judged.seat,
        verdict=judged.judgement,
        reason=judged.reason,
        condition=None,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt(Said):
    """What was said, where that is recorded, and what shows that it is.

    Attributes:
        event_body: The event's canonical bytes, as text.
        checkpoint: A signed note, as text.
        signed: Of how many events the checkpoint is.
        root: Of their Merkle tree, as the checkpoint writes it.
        proof: Hashes in hexadecimal, from the leaf to the root.
        keys: Those that signed the checkpoint.
        how_to_verify: Paragraphs.
    """

    by: str
    at: datetime
    event: int
    event_digest: Digest
    event_body: str
    checkpoint: str
    signed: int
    root: str
    proof: tuple[str, ...]
    keys: tuple[str, ...]
    how_to_verify: tuple[str, ...]


def receipt(
    record: Record,
    said: Said,
    *,
    note: bytes,
    keys: Sequence[VerifierKey],
    leaves: Sequence[bytes],
) -> Receipt:
    """Args:
    note: A checkpoint that covers the event.
    leaves: Of as many events as the checkpoint is of.

    Raises:
        LedgerBroken: None of *keys* has signed it, or it is of other events.
    """
    checkpoint, signers = read_note(note, keys)
    leaf = record.number - 1
    if root_of(leaves) != checkpoint.root or leaves[leaf] != leaf_of(record.body):
        raise LedgerBroken("the events are not those that were signed", hint=REWRITTEN)
    return Receipt(
        **{field.name: getattr(said, field.name) for field in fields(said)},
        by=record.event.actor.handle,
        at=record.at,
        event=record.number,
        event_digest=record.digest,
        event_body=record.body.decode(),
        checkpoint=note.decode(),
        signed=checkpoint.size,
        root=root_text(checkpoint),
        proof=tuple(node.hex() for node in inclusion_proof(leaves, leaf)),
        keys=tuple(map(dump_verifier, signers)),
        how_to_verify=tuple(text.format(leaf=leaf, pack=_pack(said)) for text in _HOW),
    )


def receipt_report(found: Receipt) -> Report:
    """The same for people, to be laid out as a page."""
    return Report(
        title=f"Receipt: the vote of {found.by} on {_subject(found)}",
        about=f"{found.verdict}, as {found.seat}, in {found.environment}",
        sections=(
            section("What was voted", _voted(found)),
            section("Where it is recorded", _recorded(found)),
            section(
                "How to check it",
                *(Paragraph(text=text) for text in found.how_to_verify),
                Passage(caption="The event", text=found.event_body),
                Passage(caption="The proof", text="\n".join(found.proof)),
                Passage(caption="The checkpoint", text=found.checkpoint),
            ),
        ),
    )


def _pack(said: Said) -> str:
    if said.change is None:
        return _NO_PACK
    return _PACK.format(change=said.change)


def _subject(said: Said) -> str:
    if said.ratification is not None:
        return f"ratification {said.ratification}"
    return f"change {said.change}"


def _voted(found: Receipt) -> Pairs:
    rows = [(_subject(found).partition(" ")[0], f"{_number(found)}: {found.title}")]
    if found.ratification is not None and found.change is not None:
        rows.append(("of change", str(found.change)))
    if found.activated is not None:
        rows.append(("SHA-256 of the activation's event", found.activated))
    if found.review_digest is not None:
        rows.append(("revision", str(found.revision)))
        rows.append(("review digest", found.review_digest))
    rows += [
        ("verdict", str(found.verdict)),
        ("by", found.by),
        ("in the seat", found.seat),
        ("when", when(found.at)),
        ("in their words", found.reason),
    ]
    if found.condition is not None:
        rows.append(("on the condition", found.condition.text))
    return Pairs(rows=tuple(rows))


def _number(found: Said) -> int | None:
    return found.change if found.ratification is None else found.ratification


def _recorded(found: Receipt) -> Pairs:
    return Pairs(
        rows=(
            ("event", str(found.event)),
            ("SHA-256 of the event", found.event_digest),
            ("signed events", str(found.signed)),
            ("root", found.root),
            ("signed by", ", ".join(found.keys)),
        )
    )
