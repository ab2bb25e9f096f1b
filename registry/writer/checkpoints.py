"""Checkpoints: what has been written is signed, and kept where others get it.

After every write, and whenever there is something that was not signed:

 1. The events that are new join the Merkle tree.  It is kept in memory; a process
    that begins makes it once from all events.
 2. What was signed before has to be what there is: else the history was rewritten,
    or an old copy restored, and nothing is signed.  What was signed before is told by
    the branch and by a file beside the key (`registry.writer.last_signed`), and the
    branch has to go at least as far as the file.
 3. The root is signed, goes to the branch `checkpoints` of the ledger, and then to
    that file.

Events that come in a burst share a checkpoint.  A key never signs two histories.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import Engine, select

from registry import checkpoints, signed_notes
from registry.checkpoints import Checkpoint
from registry.db.engine import reading
from registry.db.projection import EVENT
from registry.errors import Invalid, LedgerBroken
from registry.ledger import Commit, Ledger, Stored
from registry.merkle import NO_LEAVES, Frontier, leaf_of
from registry.names import Digest, digest_of
from registry.signed_notes import VerifierKey
from registry.state import Head, State
from registry.writer.fence import Fence
from registry.writer.keys import Keys, dump_verifiers, parse_verifiers
from registry.writer.last_signed import LastSigned

_HINT = (
    "Verify it (`placet verify`). Restore the ledger and its tables from what is "
    "newest: a backup, or a mirror."
)
_FETCH = (
    "Fetch the branch from a mirror: git --git-dir ledger.git -c "
    "protocol.file.allow=always fetch MIRROR checkpoints:checkpoints. Where nobody has "
    "it, move ledger.signed away to begin the branch anew, and tell those who keep "
    "checkpoints."
)


@dataclass(frozen=True, slots=True)
class _Tree:
    """The Merkle tree of the events so far, and the last of them."""

    frontier: Frontier
    last: Digest | None


class Checkpoints:
    """Args:
    state: Tells the last state that is durable.
    """

    def __init__(
        self,
        *,
        ledger: Ledger,
        engine: Engine,
        fence: Fence,
        keys: Keys,
        last: LastSigned,
        state: Callable[[], State],
    ) -> None:
        self._branch = ledger.checkpoints
        self._engine = engine
        self._fence = fence
        self._keys = keys
        self._last = last
        self._state = state
        self._tree = _Tree(NO_LEAVES, None)
        self._tip: Commit | None = None
        self._size = 0
        self._stored: Stored | None = None
        self._wrong: str | None = None

    @property
    def newest(self) -> bytes | None:
        """The last checkpoint, a signed note; None before the first."""
        return None if self._stored is None else self._stored.note

    @property
    def wrong(self) -> str | None:
        """Why nothing is signed: what was signed before is not what there is."""
        return self._wrong

    @property
    def verifiers(self) -> Sequence[VerifierKey]:
        return self._keys.verifiers()

    def advance(self) -> None:
        """Sign what is new, if anything is.

        Raises:
            LedgerBroken: What was signed before is not what there is.
            LedgerUnwritable: It cannot be kept.
            Unavailable: The key cannot be used.
        """
        try:
            self._advance()
        except LedgerBroken as error:
            self._wrong = str(error)
            raise
        self._wrong = None

    def _advance(self) -> None:
        state = self._state()
        head, tip = state.head, self._branch.tip()
        if not head.number or (self._size, self._tip) == (head.number, tip):
            return
        key = self._keys.signing(checkpoints.origin_of(state.repository))
        stored = self._stored
        if tip != self._tip:
            stored = None if tip is None else self._branch.read(tip)
        signed = None if stored is None else _checkpoint_of(stored.note)
        last = self._last.read()
        _check_origin(last, key.name)
        self._grow(head, [one for one in (last, signed) if one])  # (1) (2)
        _check_goes_on(signed, last)
        if stored is not None and signed is not None and signed.size == head.number:
            self._see(tip, head.number, stored)
            return
        made = Checkpoint(
            origin=key.name,
            size=head.number,
            root=self._tree.frontier.root(),
            extensions=(),
        )
        note = signed_notes.dump(checkpoints.sign(made, key))
        self._keep(head, tip, Stored(note=note, keys=self._told(stored)))  # (3)

    def _keep(self, head: Head, tip: Commit | None, stored: Stored) -> None:
        assert head.at is not None  # noqa: S101 (narrows: there is an event)
        with self._fence.held():
            if self._branch.tip() != tip:
                return  # another process has done it
            commit = self._branch.append(
                stored,
                message=f"Checkpoint of {head.number} events",
                at=head.at,
                expected=tip,
            )
        self._see(commit, head.number, stored)

    def _see(self, tip: Commit | None, size: int, stored: Stored) -> None:
        self._last.keep(stored.note)
        self._tip, self._size, self._stored = tip, size, stored

    def _grow(self, head: Head, signed: list[Checkpoint]) -> None:
        """Let the events up to *head* join the tree, and compare on the way.

        Raises:
            LedgerBroken: What was signed is not what there is.
        """
        for one in sorted(signed, key=lambda one: one.size):
            self._compare(head, one)
        self._tree, _ = self._grown(self._tree, head.number)

    def _compare(self, head: Head, signed: Checkpoint) -> None:
        through = signed.size
        if through > head.number:
            raise LedgerBroken(
                f"there are {head.number} events, and {through} were signed: the last "
                "ones are lost",
                hint=_HINT,
            )
        if through < self._tree.frontier.size:
            self._tree = _Tree(NO_LEAVES, None)
        self._tree, there = self._grown(self._tree, through)
        if signed.root != there:
            raise LedgerBroken(
                f"the first {through} events are not those that were signed", hint=_HINT
            )

    def _grown(self, tree: _Tree, size: int) -> tuple[_Tree, bytes]:
        """*tree* with the events up to number *size*, and its root."""
        frontier, last = tree.frontier, tree.last
        with (
            reading(self._engine) as connection,
            connection.execute(
                select(EVENT.c.body)
                .where(EVENT.c.number >= frontier.size)
                .where(EVENT.c.number <= size)
                .order_by(EVENT.c.number),
                execution_options={"yield_per": 1000},
            ) as rows,
        ):
            bodies = (bytes(body) for body in rows.scalars())
            if frontier.size and digest_of(next(bodies, b"")) != last:
                # Somebody has made the tables again, from another ledger.
                return self._grown(_Tree(NO_LEAVES, None), size)
            body = None
            for body in bodies:
                frontier = frontier.add(leaf_of(body))
        if body is not None:
            last = digest_of(body)
        return _Tree(frontier, last), frontier.root()

    def _told(self, stored: Stored | None) -> bytes:
        """Every verifier key that the branch has told, and ours."""
        told: dict[VerifierKey, None] = {}
        if stored is not None:
            told.update(dict.fromkeys(parse_verifiers(stored.keys.decode())))
        told.update(dict.fromkeys(self._keys.verifiers()))
        return dump_verifiers(told).encode()


def _check_origin(last: Checkpoint | None, origin: str) -> None:
    if last is not None and last.origin != origin:
        raise LedgerBroken(
            f"ledger.signed is of {last.origin}, and this is {origin}",
            hint="Restore the ledger's own, which is in its backup beside ledger.key.",
        )


def _check_goes_on(signed: Checkpoint | None, last: Checkpoint | None) -> None:
    """Raises:
    LedgerBroken: The branch ends before what was signed last.
    """
    if last is None:
        return
    if signed is None:
        raise LedgerBroken(
            f"the branch checkpoints is gone, and {last.size} events were signed",
            hint=_FETCH,
        )
    if signed.size < last.size:
        raise LedgerBroken(
            f"the branch checkpoints ends at {signed.size} events, and {last.size} "
            "were signed",
            hint=_FETCH,
        )


def _checkpoint_of(note: bytes) -> Checkpoint:
    try:
        return checkpoints.parse(signed_notes.parse(note).text)
    except Invalid as error:
        raise LedgerBroken(
            f"the branch checkpoints: {error}",
            hint=_FETCH,
        ) from error
