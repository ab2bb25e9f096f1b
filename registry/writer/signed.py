"""What was signed, beside what there is.

* A checkpoint counts if one of the keys that the reader trusts has signed it, and is
  the ledger's own: Ed25519, and called like the checkpoint's origin.
* While events go by they join a Merkle tree.  At the size of a checkpoint the tree
  must have its root.  The first checkpoint that does not agree, and the last one
  before it that does, say which events were signed otherwise.
* A checkpoint of more events than there are: the last ones were cut off.
* A checkpoint that does not agree while a later one does: two histories were
  signed, and different people were shown different ones.
"""

import base64
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from registry import checkpoints, signed_notes
from registry.checkpoints import Checkpoint
from registry.errors import Invalid, LedgerBroken
from registry.merkle import NO_LEAVES, leaf_of
from registry.signed_notes import VerifierKey

REWRITTEN = (
    "Keep everything as it is, with every copy: what was signed was not this. Compare "
    "with a mirror, and restore from one that agrees with the checkpoints."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A checkpoint that was kept somewhere, and whose signature was verified.

    Attributes:
        where: What to call it in a sentence.
        signers: The ledger's keys whose signatures were verified.
        others: Those that it names besides.
    """

    where: str
    checkpoint: Checkpoint
    signers: tuple[str, ...]
    others: tuple[str, ...]


def read_checkpoint(data: bytes, where: str, keys: Sequence[VerifierKey]) -> Held:
    """Raises:
    Invalid: It is not a checkpoint.
    LedgerBroken: None of *keys* has signed it, or a signature is not right.
    """
    try:
        note = signed_notes.parse(data)
        checkpoint = checkpoints.parse(note.text)
    except Invalid as error:
        raise Invalid(f"{where}: {error}", hint=error.hint) from error
    try:
        verified = signed_notes.verified_by(note, keys)
    except Invalid as error:
        raise LedgerBroken(f"{where}: {error}", hint=REWRITTEN) from error
    origin = checkpoint.origin
    signers = tuple(key.short for key in checkpoints.own_keys(origin, verified))
    named = dict.fromkeys(signature.key for signature in note.signatures)
    if not signers:
        asked = [key.short for key in checkpoints.own_keys(origin, keys)]
        raise LedgerBroken(
            f"{where} is not signed by {' or '.join(asked) or f'the key of {origin}'}, "
            f"but by {', '.join(named)}",
            hint="See that the key is the ledger's; if its keys were replaced, give "
            "the older ones as well.",
        )
    others = tuple(name for name in named if name not in signers)
    return Held(where=where, checkpoint=checkpoint, signers=signers, others=others)


def read_branch(
    notes: Iterable[bytes], keys: Sequence[VerifierKey], doubts: list[LedgerBroken]
) -> Iterator[Held]:
    """The checkpoints of a ledger's own branch that count.

    Args:
        doubts: Is told of the others.
    """
    for number, note in enumerate(notes, start=1):
        where = f"checkpoint {number} of the branch checkpoints"
        try:
            yield read_checkpoint(note, where, keys)
        except LedgerBroken as error:
            doubts.append(error)
        except Invalid as error:
            doubts.append(LedgerBroken(str(error), hint=REWRITTEN))


class SignedRoots:
    """Compares a growing list of events with the checkpoints of it."""

    def __init__(self, held: Iterable[Held]) -> None:
        self.size = 0
        self.last = 0
        """The size of the largest checkpoint."""
        self._frontier = NO_LEAVES
        self._held: dict[int, list[Held]] = {}
        for each in held:
            self._held.setdefault(each.checkpoint.size, []).append(each)
            self.last = max(self.last, each.checkpoint.size)
        self._agreed = 0  # up to here all agree
        self._agreeing: Held | None = None
        self._wrong: Held | None = None
        self._compare()

    @property
    def root(self) -> str:
        """Of the events so far, as checkpoints write it."""
        return base64.b64encode(self._frontier.root()).decode()

    def take(self, body: bytes) -> None:
        """The next event joins the tree."""
        self.size += 1
        self._frontier = self._frontier.add(leaf_of(body))
        if self.size in self._held:
            self._compare()

    def check(self, below: int | None = None) -> None:
        """Raises:
        LedgerBroken: A checkpoint of fewer than *below* events does not agree; it
            names the first event of which that is so.
        """
        wrong = self._wrong
        if wrong is None or (below is not None and wrong.checkpoint.size >= below):
            return
        first, last = self._agreed + 1, wrong.checkpoint.size
        agreeing = self._agreeing
        if agreeing is not None and agreeing.checkpoint.size >= last:
            raise LedgerBroken(
                f"two histories were signed, which part at event {last} or before: "
                f"{agreeing.where} agrees with this one, and {wrong.where} does not",
                hint=REWRITTEN,
            )
        raise LedgerBroken(
            f"{_events(first, last)} is not what was signed: it was changed, put in or "
            f"moved, or one before it was taken out ({wrong.where})",
            hint=REWRITTEN,
        )

    def finish(self) -> None:
        """Raises:
        LedgerBroken: A checkpoint does not agree, or is of more events.
        """
        self.check()
        if self.last > self.size:
            (longest, *_) = self._held[self.last]
            raise LedgerBroken(
                f"event {self.size + 1} and what came after it was cut off: there are "
                f"{self.size} events, and {longest.where} is of {self.last}",
                hint=REWRITTEN,
            )

    def _compare(self) -> None:
        root = self._frontier.root()
        for held in self._held.get(self.size, ()):
            if held.checkpoint.root != root:
                self._wrong = self._wrong or held
            else:
                self._agreeing = held
        if self._wrong is None:
            self._agreed = self.size


def _events(first: int, last: int) -> str:
    return f"event {last}" if first >= last else f"one of the events {first} to {last}"
