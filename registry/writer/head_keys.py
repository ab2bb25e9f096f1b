"""The keys of heads: what signs what chatbots poll, and what they check it with.

heads.keys   a key a line, the oldest first; nobody but the registry's account reads it

    active MADE PRIVATE+KEY+NAME+ID+BASE64
    retired MADE RETIRED NAME+ID+BASE64

A registry without the file is given one with one key.  Every active key signs each
head, so a client needs to know one of them: a key is replaced by adding another,
telling the clients, and retiring the first.  Of a retired key only the public half is
kept.  The file is replaced as a whole, and looked at again and again: a server that
runs takes it in.
"""

import logging
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from registry.errors import Conflict, Invalid, NotFound, Unavailable
from registry.heads import MAX_KEYS, written
from registry.signed_notes import (
    SigningKey,
    VerifierKey,
    dump_signing,
    dump_verifier,
    parse_signing,
    parse_verifier,
    signing_key,
)
from registry.writer.fence import Fence
from registry.writer.keys import write_whole

FILE = "heads.keys"
_SEED_BYTES = 32
_ACTIVE, _RETIRED = "active", "retired"

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class HeadKey:
    """Attributes:
    signing: None once it was retired.
    retired: None while it signs.
    """

    verifier: VerifierKey
    signing: SigningKey | None
    made: datetime
    retired: datetime | None


class HeadKeys:
    """Args:
    folder: The registry's home.
    """

    def __init__(self, folder: Path, fence: Fence) -> None:
        self._path = folder / FILE
        self._fence = fence
        self._seen: tuple[int, int, int] | None = None
        self._known: tuple[HeadKey, ...] = ()

    def make(self, repository: str, now: datetime) -> None:
        """Make the first key, unless there is one.

        Raises:
            Unavailable: It cannot be kept.
        """
        if self._path.exists():
            return
        try:
            with self._fence.held():
                if self._path.exists():
                    return
                made = _made(name_of(repository), now)
                self._keep([made])
        except OSError as error:
            raise _unusable(error) from error
        log.info("made a key that signs heads: %s", made.verifier.short)

    def list(self) -> tuple[HeadKey, ...]:
        """Every key that there was, oldest first; none before the first serving.

        Raises:
            Unavailable: The file cannot be read.
        """
        try:
            told = self._path.stat()
            seen = (told.st_ino, told.st_mtime_ns, told.st_size)
            if seen != self._seen:
                self._known = _parse(self._path.read_text(), self._path)
                self._seen = seen
        except FileNotFoundError:
            return ()
        except (OSError, UnicodeDecodeError) as error:
            raise _unusable(error) from error
        return self._known

    def some(self) -> tuple[HeadKey, ...]:
        """The same as `list`, and at least one.

        Raises:
            NotFound: There is none.
        """
        known = self.list()
        if not known:
            raise NotFound(
                f"there is no key in {self._path}",
                hint="It is made when the registry is first served: `placet serve`.",
            )
        return known

    def active(self) -> tuple[SigningKey, ...]:
        """Those that sign.

        Raises:
            Unavailable: There is none that can be used.
        """
        found = tuple(one.signing for one in self.list() if one.signing is not None)
        if not found:
            raise Unavailable(
                f"{self._path} has no key that signs heads",
                hint="Restore it from a backup, or move it away for a new key.",
            )
        return found

    def rotate(self, now: datetime) -> HeadKey:
        """Add a key; from now on it signs beside those that do.

        Raises:
            NotFound: There is no key to follow.
            Conflict: Too many sign already.
        """
        with self._changing() as known:
            active = [one for one in known if one.retired is None]
            if len(active) >= MAX_KEYS:
                raise Conflict(
                    f"{len(active)} keys sign already",
                    hint="Retire one that no chatbot needs: `placet keys retire ID`.",
                )
            made = _made(known[-1].verifier.name, now)
            self._keep([*known, made])
        return made

    def retire(self, id: str, now: datetime) -> HeadKey:
        """Have a key sign no more, for good; its private half is forgotten.

        Args:
            id: 8 hexadecimal digits, or as signatures name it.

        Raises:
            NotFound: There is no such key.
            Conflict: It was retired before, or is the only one that signs.
        """
        with self._changing() as known:
            one = named(known, id)
            if one.retired is not None:
                raise Conflict(
                    f"the key {one.verifier.id} was retired before",
                    hint="`placet keys list` says which keys sign.",
                )
            if sum(other.retired is None for other in known) == 1:
                raise Conflict(
                    f"{one.verifier.id} is the only key that signs",
                    hint="Add another and give it to the chatbots first: "
                    "`placet keys rotate`.",
                )
            ended = HeadKey(
                verifier=one.verifier, signing=None, made=one.made, retired=now
            )
            self._keep([ended if other is one else other for other in known])
        return ended

    @contextmanager
    def _changing(self) -> Iterator[tuple[HeadKey, ...]]:
        self.some()
        try:
            with self._fence.held():
                yield self.some()
        except OSError as error:
            raise _unusable(error) from error

    def _keep(self, keys: Iterable[HeadKey]) -> None:
        write_whole(self._path, "".join(map(_line, keys)), mode=0o600)


def name_of(repository: str) -> str:
    """What the keys of this repository's heads are called."""
    return f"placet/{repository}/heads"


def _made(name: str, now: datetime) -> HeadKey:
    signing = signing_key(name, secrets.token_bytes(_SEED_BYTES))
    return HeadKey(
        verifier=signing.verifier,
        signing=signing,
        made=now.replace(microsecond=0),
        retired=None,
    )


def named(keys: Iterable[HeadKey], id: str) -> HeadKey:
    """The key called *id*: 8 hexadecimal digits, or as signatures name it.

    Raises:
        NotFound: There is no such key.
    """
    for one in keys:
        if id in {one.verifier.id, one.verifier.short}:
            return one
    raise NotFound(
        f"there is no key {id[:60]!r}", hint="`placet keys list` lists them, with ids."
    )


def _line(key: HeadKey) -> str:
    if key.signing is not None:
        return f"{_ACTIVE} {written(key.made)} {dump_signing(key.signing)}\n"
    assert key.retired is not None  # noqa: S101 (narrows)
    ended = written(key.retired.replace(microsecond=0))
    return f"{_RETIRED} {written(key.made)} {ended} {dump_verifier(key.verifier)}\n"


def _parse(text: str, path: Path) -> tuple[HeadKey, ...]:
    try:
        return tuple(_key(line) for line in text.splitlines() if line.strip())
    except (Invalid, ValueError):  # from None: the line may hold a private key
        raise Unavailable(
            f"{path} does not hold keys",
            hint="Restore it from a backup, or move it away for a new key.",
        ) from None


def _key(line: str) -> HeadKey:
    state, made, *rest = line.split(" ")
    if state == _ACTIVE:
        (private,) = rest
        signing = parse_signing(private)
        return HeadKey(
            verifier=signing.verifier,
            signing=signing,
            made=datetime.fromisoformat(made),
            retired=None,
        )
    if state != _RETIRED:
        raise ValueError(state)
    ended, public = rest
    return HeadKey(
        verifier=parse_verifier(public),
        signing=None,
        made=datetime.fromisoformat(made),
        retired=datetime.fromisoformat(ended),
    )


def _unusable(error: Exception) -> Unavailable:
    return Unavailable(
        f"the keys of heads cannot be used: {error}",
        hint="See that this account may read and write the registry's folder.",
    )
