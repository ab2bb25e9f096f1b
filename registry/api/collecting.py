"""Collecting evidence while the registry is in use, from its own tables."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from threading import Lock

from sqlalchemy import Engine

from registry import events
from registry.checkpoints import Checkpoint
from registry.db.acts import Wanted, find_events
from registry.db.engine import reading
from registry.db.history import read_bodies, read_revision_number
from registry.db.observations import Observations
from registry.db.texts import read_text
from registry.errors import NotFound, Unavailable
from registry.evidence_packs.folder import AboutChange, Question, environments, find
from registry.evidence_packs.receipt import (
    Receipt,
    Said,
    of_judgement,
    of_vote,
    receipt,
)
from registry.evidence_packs.signed import Record, Signed, read_note, read_signed
from registry.merkle import leaf_of
from registry.names import Digest, digest_of
from registry.payloads import NAMES, Judged
from registry.ratification import Ratification
from registry.review_payloads import Voted
from registry.state import State
from registry.writer import Open
from registry.writer.packs import archive, name_of, pack, seen_in

_AT_ONCE = 500
_UNSIGNED = "Ask again in a moment; if it stays so, the log says why nothing is signed."


class Collecting:
    """One pack at a time, because it reads everything that was ever written.

    For receipts the hashes of all events are kept, 32 bytes each.
    """

    def __init__(self, opened: Open, operations_engine: Engine) -> None:
        self._opened = opened
        self._observations = Observations(operations_engine)
        self._turn = Lock()
        self._keeping = Lock()
        self._leaves: list[bytes] = []

    def archive(self, question: Question) -> tuple[str, bytes]:
        """The pack that answers *question*: what it is called, and a ZIP archive.

        Raises:
            NotFound: There is no such change or environment, or nothing yet.
            Unavailable: Nothing is signed yet, or a pack is being made.
        """
        note = self._note()
        if not self._turn.acquire(blocking=False):
            raise Unavailable(
                "somebody's evidence is being collected", hint="Try again in a minute."
            )
        try:
            signed = read_signed(
                self._bodies(), note, self._opened.checkpoints.verifiers
            )
            made = self._pack(signed, question)
        finally:
            self._turn.release()
        name = name_of(question)
        return f"{name}.zip", archive(made, name)

    def receipt(self, state: State, change: int, voter: str) -> Receipt:
        """Of the last vote of *voter* on *change*.

        Raises:
            NotFound: They have not voted on it.
            Unavailable: It is not signed yet.
        """
        record = self._last(NAMES[Voted], voter, change=change)
        if record is None:
            raise NotFound(
                f"{voter} has not voted on change {change}",
                hint="Name somebody who has; `placet show CHANGE` lists them.",
            )
        vote = record.event.payload
        assert isinstance(vote, Voted)  # noqa: S101 (so it was found)
        title = state.change(change).revisions[vote.revision - 1].title
        return self._receipt(record, of_vote(vote, title))

    def receipt_of_judgement(
        self, state: State, judged: Ratification, judge: str
    ) -> Receipt:
        """Of the last judgement of *judge*.

        Raises:
            NotFound: They have not judged it.
            Unavailable: It is not signed yet.
        """
        given = [vote.at for vote in judged.votes if vote.by == judge]
        record = self._last(NAMES[Judged], judge, at=given[-1]) if given else None
        if record is None:
            raise NotFound(
                f"{judge} has not judged ratification {judged.id}",
                hint="Name somebody who has; the ratification lists them.",
            )
        judgement = record.event.payload
        assert isinstance(judgement, Judged)  # noqa: S101 (so it was found)
        title = state.environment(judged.environment).moment(judged.seq).title
        return self._receipt(record, of_judgement(judgement, title, judged.change))

    def _receipt(self, record: Record, said: Said) -> Receipt:
        note, keys = self._note(), self._opened.checkpoints.verifiers
        checkpoint, _ = read_note(note, keys)
        _check_signed(record.number, checkpoint)
        leaves = self._first_leaves(checkpoint.size)
        return receipt(record, said, note=note, keys=keys, leaves=leaves)

    def _note(self) -> bytes:
        newest = self._opened.checkpoints.newest
        if newest is None:
            raise Unavailable("nothing is signed yet", hint=_UNSIGNED)
        return newest

    def _pack(self, signed: Signed, question: Question) -> dict[str, bytes]:
        if isinstance(question, AboutChange):
            with reading(self._opened.engine) as connection:
                opened = read_revision_number(connection, question.change, 1)
            _check_signed(opened, signed.checkpoint)
        seen = seen_in(self._observations, environments(signed, question))
        found = find(signed, question, seen)
        return pack(signed, found, self._texts(found.texts))

    def _texts(self, digests: Iterable[Digest]) -> dict[Digest, bytes]:
        with reading(self._opened.engine) as connection:
            return {digest: read_text(connection, digest) for digest in digests}

    def _bodies(self, after: int = 0) -> Iterator[bytes]:
        while True:
            with reading(self._opened.engine) as connection:
                bodies = read_bodies(connection, after=after, limit=_AT_ONCE)
            if not bodies:
                return
            yield from bodies
            after += len(bodies)

    def _last(
        self,
        type_: str,
        actor: str,
        *,
        change: int | None = None,
        at: datetime | None = None,
    ) -> Record | None:
        """The newest event of *type_* by *actor*; no two are of the same moment."""
        wanted = Wanted(
            after=0,
            environment=None,
            type=type_,
            actor=actor,
            change=change,
            begin=at,
            end=None if at is None else at + timedelta(microseconds=1),
        )
        with reading(self._opened.engine) as connection:
            found = find_events(
                connection, wanted, newest_first=True, past=None, limit=1
            )
        if not found:
            return None
        body = found[0].body
        return Record(event=events.parse(body), body=body, digest=digest_of(body))

    def _first_leaves(self, size: int) -> Sequence[bytes]:
        with self._keeping:
            if len(self._leaves) < size:
                self._leaves += map(leaf_of, self._bodies(after=len(self._leaves)))
            return self._leaves[:size]


def _check_signed(number: int, checkpoint: Checkpoint) -> None:
    """Raises:
    Unavailable: *checkpoint* is not of that event.
    """
    if checkpoint.size < number:
        raise Unavailable(f"event {number} is not signed yet", hint=_UNSIGNED)
