"""What may be handed on of what is live: where heads are signed, only what is signed.

* An environment is handed on at its newest seq once the newest head of each of its
  bots, and its own, are signed for exactly that.  Until then it stays where it was,
  whole: no head is unsigned, and none is newer than its bundle.
* A head that was signed again takes the place of the one before, and nothing else
  changes.
* An environment of which nothing was signed yet is not served at all.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from registry.db.heads import SignedHeads
from registry.heads import Signed, Standing
from registry.names import digest_of
from registry.snapshots import Snapshot, Told, serve

Subject = tuple[str, str]


@dataclass(frozen=True, slots=True)
class _Matched:
    """A snapshot as it was read, and as it is handed on."""

    read: Snapshot
    handed: Snapshot


class SignedSnapshots:
    """Threads take turns in using it; `LiveSnapshots` sees to that."""

    def __init__(self, heads: SignedHeads) -> None:
        self._heads = heads
        self._serial = 0
        self._signed: dict[Subject, Signed] = {}
        self._news: dict[str, set[str]] = {}
        self._matched: dict[str, _Matched] = {}

    def of(self, read: Mapping[str, Snapshot]) -> Mapping[str, Snapshot]:
        """What may be handed on of *read*, which is the newest that there is."""
        self._take_in()
        for name, snapshot in read.items():
            matched = self._matched.get(name)
            if matched is None or matched.read is not snapshot or self._news.get(name):
                handed = self._match(snapshot, matched)
                if handed is not None:
                    self._matched[name] = _Matched(snapshot, handed)
                    self._news.pop(name, None)
        return {
            name: self._matched[name].handed for name in read if name in self._matched
        }

    def _take_in(self) -> None:
        news = self._heads.news(self._serial)
        for one in news.heads:
            environment, bot = one.standing.subject
            self._signed[environment, bot] = one
            self._news.setdefault(environment, set()).add(bot)
        self._serial = news.serial

    def _match(self, snapshot: Snapshot, before: _Matched | None) -> Snapshot | None:
        """*snapshot* with its signed heads; None while one of them is missing."""
        own = self._signed.get((snapshot.environment, ""))
        if own is None or not _is_at(own.standing, snapshot):
            return None
        new = self._news.get(snapshot.environment, set())
        read = {} if before is None else before.read.bots
        handed = {} if before is None else before.handed.bots
        bots: dict[str, Told] = {}
        for bot, told in snapshot.bots.items():
            if read.get(bot) is told and bot not in new:
                bots[bot] = handed[bot]
                continue
            signed = self._signed.get((snapshot.environment, bot))
            if signed is None or signed.standing != _standing(snapshot, bot, told):
                return None
            head = serve(digest_of(signed.body), "", signed.body, since=told.since)
            bots[bot] = replace(told, head=head, signed=True)
        head = serve(digest_of(own.body), "", own.body, since=snapshot.seq)
        return replace(snapshot, bots=bots, head=head)


def _is_at(own: Standing, snapshot: Snapshot) -> bool:
    source = snapshot.source
    return (own.repository, own.epoch, own.seq) == (
        source.repository,
        source.epoch,
        snapshot.seq,
    )


def _standing(snapshot: Snapshot, bot: str, told: Told) -> Standing:
    """What the bot's head has to say."""
    return Standing(
        repository=snapshot.source.repository,
        environment=snapshot.environment,
        bot=bot,
        epoch=snapshot.source.epoch,
        seq=told.since,
        floor=told.floor,
        content=None if told.bundle is None else told.bundle.digest,
        stopped=told.stopped,
    )
