"""Proving: a clone of the ledger and a key, and nothing else of the registry.

 1. The commits are one line, and the n-th brings the n-th event.
 2. Every event names the digest of the one before it, and is later.
 3. Every file has the digest that its event says.
 4. Every commit is written again from its event and files alone, and has the id that
    it has: so every tree, message, author and time is as the event says.
 5. Everything is signed: the checkpoints in the clone, and those that were kept
    elsewhere, are of these events and of no others.

The first event that is wrong is named.  What this cannot see is whether a rule was
broken, and what was served: that takes `placet verify` on the registry itself.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from registry import events
from registry.chain import BEGINNING, Link, explain, follows, link_of
from registry.checkpoints import origin_of
from registry.errors import Invalid, LedgerBroken, RegistryError
from registry.ledger import Clone, Commit, Entry, Files, Ledger
from registry.names import Digest, digest_of
from registry.payloads import RegistryCreated
from registry.signed_notes import VerifierKey
from registry.writer.rebuild import entry_of
from registry.writer.signed import REWRITTEN, Held, SignedRoots, read_branch

Progress = Callable[[int], None]
_EVERY = 500
_KEPT = 1000
"""Texts that are kept in memory; each has at most 256 KiB, most a few."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proven:
    """What was found to hold.

    Attributes:
        checkpoints: How many of them agree, in the clone and elsewhere.
        head: SHA-256 of the last event.
        root: Of all events, as checkpoints write it.
        signers: Keys whose signatures were verified.
        others: Keys that have signed as well, and were not given.
    """

    repository: str
    events: int
    checkpoints: int
    head: str
    root: str
    signers: tuple[str, ...]
    others: tuple[str, ...]


def prove(
    clone: Clone,
    keys: Sequence[VerifierKey],
    outside: Sequence[Held],
    progress: Progress,
    *,
    folder: Path | None = None,
) -> Proven:
    """Args:
        outside: Checkpoints that were kept elsewhere.
        folder: Where a copy is made; the system's own place without.

    Raises:
        LedgerBroken: It names the first event that is wrong.
    """
    doubts: list[LedgerBroken] = []
    held = [*read_branch(clone.checkpoints.notes(), keys, doubts), *outside]
    if not held:
        raise (
            doubts[0]
            if doubts
            else LedgerBroken(
                "nothing in the clone is signed: it has no branch checkpoints",
                hint="Clone all branches: `git clone --mirror`; or give a checkpoint.",
            )
        )
    reading = _Reading(clone, SignedRoots(held), held, progress)
    with (
        TemporaryDirectory(prefix="placet-prove-", dir=folder) as scratch,
        Ledger.create(Path(scratch) / "ledger.git", scratch=True) as written,
    ):
        try:
            commits = written.write_all(reading.entries())
        except Invalid as error:
            raise LedgerBroken(str(error), hint=REWRITTEN) from error
    reading.finish(commits)
    for doubt in doubts:
        raise doubt
    return Proven(
        repository=reading.repository,
        events=reading.roots.size,
        checkpoints=len({one.checkpoint for one in held}),
        head=reading.before.digest,
        root=reading.roots.root,
        signers=tuple(dict.fromkeys(key for each in held for key in each.signers)),
        others=tuple(dict.fromkeys(key for each in held for key in each.others)),
    )


class _Reading:
    """Reads the clone up to the first event that is wrong."""

    def __init__(
        self, clone: Clone, roots: SignedRoots, held: Sequence[Held], progress: Progress
    ) -> None:
        self.roots = roots
        self.repository = ""
        self.before = BEGINNING
        self._earlier: Link | None = None
        self._clone = clone
        self._held = held
        self._progress = progress
        self._commits: list[Commit] = []
        self._known: dict[Digest, bytes] = {}
        self._wrong: LedgerBroken | None = None

    def entries(self) -> Iterator[Entry]:
        """What each commit should write; it ends before the first that is wrong."""
        brought = self._clone.brought()
        with self._clone.files() as files:
            for commit, body in brought:
                try:
                    entry = self._take(files, commit, body, brought)
                except RegistryError as error:
                    self._wrong = LedgerBroken(str(error), hint=REWRITTEN)
                    return
                self._commits.append(commit)
                yield entry

    def finish(self, written: Sequence[Commit]) -> None:
        """Raises:
        LedgerBroken: It names the first event that is wrong.
        """
        pairs = zip(self._commits, written, strict=True)
        differing = (n for n, (one, other) in enumerate(pairs, 1) if one != other)
        first = next(differing, None)
        # What stands beside the place at which the chain breaks says more.
        reached = self.before.number if self._wrong is not None else None
        self.roots.check(below=first or reached)
        if first is not None:
            raise LedgerBroken(
                f"the commit of event {first} does not hold what the event says: "
                "a file, the message, the author or the time differs",
                hint=REWRITTEN,
            )
        if self._wrong is not None:
            raise self._wrong
        self.roots.finish()
        if self.roots.last < self.roots.size:
            raise LedgerBroken(
                f"event {self.roots.last + 1} is not signed: the last checkpoint is of "
                f"{self.roots.last} events, and there are {self.roots.size}",
                hint="Fetch again in a moment; if nothing signs it then, somebody else "
                "has put it there.",
            )
        self._progress(self.roots.size)

    def _take(
        self,
        files: Files,
        commit: Commit,
        body: bytes | None,
        brought: Iterator[tuple[Commit, bytes | None]],
    ) -> Entry:
        number = self.before.number + 1
        event = None if body is None else _parsed(number, body)
        if body is None or event is None:
            raise self._explained(commit, None, brought)
        link = link_of(event, digest_of(body))
        if not follows(link, self.before):
            raise self._explained(commit, link, brought)
        texts = self._texts(files, commit, event)
        if number == 1:
            self._begin(event)
        self.roots.take(body)
        self._earlier, self.before = self.before, link
        if number % _EVERY == 0:
            self._progress(number)
        return entry_of(event, body, texts.__getitem__)

    def _texts(
        self, files: Files, commit: Commit, event: events.Event
    ) -> dict[Digest, bytes]:
        """What the event writes, by digest.

        A text that was read shortly before, at another path, is not read again:
        the commit that is written again has it at both.
        """
        edits = {edit.path: edit.digest for edit in event.edits if edit.digest}
        unread = {p: digest for p, digest in edits.items() if digest not in self._known}
        for path, data in files.read(commit, unread) if unread else ():
            if digest_of(data) != unread[path]:
                raise LedgerBroken(
                    f"event {event.number} brought other bytes: {path} has not the "
                    "digest that the event says"
                )
            self._known[unread[path]] = data
        texts = {digest: self._known[digest] for digest in edits.values()}
        while len(self._known) > _KEPT:
            del self._known[next(iter(self._known))]
        return texts

    def _begin(self, event: events.Event) -> None:
        if not isinstance(event.payload, RegistryCreated):
            raise LedgerBroken("event 1 does not begin a registry")
        self.repository = event.payload.repository
        for each in self._held:
            if each.checkpoint.origin != origin_of(self.repository):
                raise LedgerBroken(
                    f"{each.where} is of {each.checkpoint.origin}, and this is "
                    f"{origin_of(self.repository)}"
                )

    def _explained(
        self,
        commit: Commit,
        found: Link | None,
        brought: Iterator[tuple[Commit, bytes | None]],
    ) -> LedgerBroken:
        """What was done to event *found*, from what stands beside it."""
        number = self.before.number + 1
        if found is None:
            found = self._link(commit, self._clone.last_event(commit))
            if found is None or found == self.before:
                return LedgerBroken(
                    f"event {number} was removed: the commit that made it has it not"
                )
        later: Commit | None = None
        with suppress(LedgerBroken):
            later, _ = next(brought, (None, None))
        own = number if found.number > number else number + 1
        following = None if later is None else self._link(later, own)
        return LedgerBroken(explain(self._earlier, self.before, found, following))

    def _link(self, commit: Commit, number: int) -> Link | None:
        body = self._clone.event(commit, number)
        try:
            return (
                None if body is None else link_of(events.parse(body), digest_of(body))
            )
        except LedgerBroken:
            return None


def _parsed(number: int, body: bytes) -> events.Event:
    try:
        return events.parse(body)
    except LedgerBroken as error:
        raise LedgerBroken(f"event {number} was changed: {error}") from error
