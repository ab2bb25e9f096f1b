"""Where evidence comes from: a clone of the ledger, a home folder, or a server."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from registry.db.engine import disposing
from registry.db.observations import Observations
from registry.errors import Invalid, LedgerBroken, NotFound
from registry.evidence_packs.acts import Seen
from registry.evidence_packs.signed import REWRITTEN, Record, Signed, read_signed
from registry.names import Digest, digest_of
from registry.writer import Clone, Commit, Home
from registry.writer.keys import parse_verifiers
from registry.writer.packs import seen_in

if TYPE_CHECKING:  # slow to import
    from registry.remote import Remote

Progress = Callable[[int], None]
_EVERY = 500


class Source(Protocol):
    def signed(self, checkpoint: bytes | None, progress: Progress) -> Signed:
        """The events that *checkpoint*, or the newest one, is of."""
        ...

    def texts(
        self,
        digests: Iterable[Digest],
        records: Iterable[Record],
        /,
        progress: Progress,
    ) -> Mapping[Digest, bytes]:
        """Args:
        records: Events that brought them.
        """
        ...

    def seen(self, environments: Iterable[str]) -> list[Seen]:
        """When chatbots were last seen; nothing where that is not known."""
        ...


class CloneSource:
    """Args:
    path: A clone of the ledger, or the ledger itself.
    home: The registry's folder, if it is there.
    """

    def __init__(self, path: Path, home: Home | None = None) -> None:
        self._clone = Clone(path)
        self._home = home
        self._commits: list[Commit] = []

    def signed(self, checkpoint: bytes | None, progress: Progress) -> Signed:
        tip = self._clone.checkpoints.tip()
        if tip is None:
            raise NotFound(
                "nothing is signed: there is no branch checkpoints",
                hint="Clone all branches, `git clone --mirror`; a registry signs when "
                "it is served.",
            )
        stored = self._clone.checkpoints.read(tip)
        keys = parse_verifiers(stored.keys.decode("utf-8", "replace"))
        return read_signed(self._bodies(progress), checkpoint or stored.note, keys)

    def texts(
        self,
        digests: Iterable[Digest],
        records: Iterable[Record],
        /,
        progress: Progress,
    ) -> dict[Digest, bytes]:
        wanted, found = set(digests), {}
        with self._clone.files() as files:
            for record in records:
                here = {
                    edit.path: edit.digest
                    for edit in record.event.edits
                    if edit.digest in wanted
                }
                commit = self._commits[record.number - 1]
                for path, data in files.read(commit, here) if here else ():
                    digest = here[path]
                    wanted.discard(digest)
                    found[_checked(digest, data)] = data
                    progress(len(found))
        for digest in wanted:
            raise LedgerBroken(f"no event brought the text {digest}", hint=REWRITTEN)
        return found

    def seen(self, environments: Iterable[str]) -> list[Seen]:
        if self._home is None:
            return []
        with disposing(self._home.open_operations()) as engine:
            return seen_in(Observations(engine), environments)

    def _bodies(self, progress: Progress) -> Iterator[bytes]:
        for number, (commit, body) in enumerate(self._clone.brought(), start=1):
            if body is None:
                raise LedgerBroken(f"event {number} is missing", hint=REWRITTEN)
            self._commits.append(commit)
            if number % _EVERY == 0:
                progress(number)
            yield body


class ServerSource:
    def __init__(self, remote: "Remote") -> None:
        self._remote = remote

    def signed(self, checkpoint: bytes | None, progress: Progress) -> Signed:
        ledger = self._remote.ledger
        note = checkpoint or ledger.checkpoint()
        keys = parse_verifiers(ledger.keys().decode("utf-8", "replace"))
        bodies = ledger.export().split(b"\n")[:-1]
        progress(len(bodies))
        return read_signed(bodies, note, keys)

    def texts(
        self, digests: Iterable[Digest], _: Iterable[Record], /, progress: Progress
    ) -> dict[Digest, bytes]:
        found: dict[Digest, bytes] = {}
        for digest in digests:
            data = self._remote.ledger.text(digest)
            found[_checked(digest, data)] = data
            progress(len(found))
        return found

    def seen(self, environments: Iterable[str]) -> list[Seen]:
        return [
            Seen(
                environment=one.environment, bot=one.bot, seq=one.seq, at=one.last_seen
            )
            for name in environments
            for one in self._remote.observations.list(name)
        ]


def read_note(path: Path | None) -> bytes | None:
    """Raises:
    Invalid: There is no such file.
    """
    try:
        return None if path is None else path.read_bytes()
    except OSError as error:
        raise Invalid(
            f"{path} cannot be read: {error.strerror}", hint="Check the path."
        ) from error


def _checked(digest: Digest | None, data: bytes) -> Digest:
    if digest is None or digest_of(data) != digest:
        raise LedgerBroken(f"the text {digest} has another digest", hint=REWRITTEN)
    return digest
