"""The last good copies on disk, so that a chatbot starts without a network.

A file for each bot and prompt, in a folder for each registry and environment:
two clients that differ in either never read each other's. A file is

    placet-copy-1 sha256:<of everything after this line>
    {"registry": ..., "environment": ..., "confirmed": ..., "ref": ..., ...}
    <the body as served, nothing if it was deleted>

It is written beside its place, flushed and moved there, and read whole or not at
all: whatever is damaged, or of something else, is as good as absent. What is
there with a higher epoch or seq stays, since processes may share the folder. A client
with keys writes the signed head beside the rest, and believes no file without it.
Only the owner can read it: prompts may be confidential.
"""

import hashlib
import json
import logging
import os
import tempfile
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import quote

from placet import shapes
from placet.copies import Copy
from placet.errors import BadAnswer
from placet.fetch import MAX_BODY_BYTES, MAX_HEAD_BYTES
from placet.names import digest_of
from placet.verification import Verifier, check_bundle

MAGIC = b"placet-copy-1 "
CONFIRMED_EVERY_S = 60.0  # how old a confirmation on disk may become

_log = logging.getLogger("placet")


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A copy from disk.

    Attributes:
        confirmed: When the registry last said it is live, in seconds since 1970.
    """

    copy: Copy
    confirmed: float


class Cache:
    """Copies of one environment of one registry, under *folder*.

    Nothing is made on disk before the first copy is written.

    Args:
        verifier: None believes what is not signed.
        repository: The only one whose copies are taken; empty for any.

    Attributes:
        problem: Why the last copy could not be written; empty if it was.
    """

    def __init__(
        self,
        folder: Path,
        registry: str,
        environment: str,
        verifier: Verifier | None = None,
        repository: str = "",
    ) -> None:
        mark = hashlib.sha256(f"{registry}\n{environment}".encode()).hexdigest()[:16]
        self._folder = folder / f"placet-{environment}-{mark}"
        self._registry = registry
        self._environment = environment
        self._verifier = verifier
        self._repository = repository
        self._kept_at: dict[str, float] = {}
        self.problem = ""

    def read(self, ref: str) -> Kept | None:
        """None if there is nothing, or nothing that can be believed."""
        try:
            with self._path(ref).open("rb") as file:
                data = file.read(MAX_BODY_BYTES + 4 * MAX_HEAD_BYTES)
            return self._parse(ref, data)
        except (OSError, BadAnswer):
            return None

    def keep(self, copy: Copy, confirmed: float, *, is_new: bool) -> None:
        """Write what is new; and now and then when the old was *confirmed*.

        A disk that cannot be written is a `problem`, and no error: the copy is
        in memory.
        """
        last = self._kept_at.get(copy.ref, 0.0)
        if not is_new and confirmed - last < CONFIRMED_EVERY_S:
            return
        try:
            self._write(copy, confirmed)
        except OSError as error:
            if not self.problem:
                _log.warning("cache_dir cannot be written: %s", error)
            self.problem = f"cannot be written: {error}"
        else:
            self._kept_at[copy.ref] = confirmed
            self.problem = ""

    def _write(self, copy: Copy, confirmed: float) -> None:
        there = self.read(copy.ref)
        if there is not None and there.copy.place > copy.place:
            return
        head = {
            "registry": self._registry,
            "environment": self._environment,
            "confirmed": confirmed,
            "ref": copy.ref,
            "repository": copy.repository,
            "epoch": copy.epoch,
            "seq": copy.seq,
            "floor": copy.floor,
            "etag": copy.etag,
            "digest": copy.digest,
            "head": copy.signed.body.decode() if copy.signed else "",
        }
        rest = json.dumps(head).encode() + b"\n" + (copy.body or b"")
        first = MAGIC + digest_of(rest).encode() + b"\n"
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        _replace(self._path(copy.ref), first + rest)

    def _path(self, ref: str) -> Path:
        return self._folder / quote(ref, safe="")

    def _parse(self, ref: str, data: bytes) -> Kept | None:
        first, _, rest = data.partition(b"\n")
        if first != MAGIC + digest_of(rest).encode():
            return None
        line, _, body = rest.partition(b"\n")
        head = shapes.parse_object(line, what="the cache")
        meant = (self._registry, self._environment, ref)
        if (head.get("registry"), head.get("environment"), head.get("ref")) != meant:
            return None
        confirmed = head.get("confirmed")
        digest = shapes.text(head, "digest")
        if digest != (digest_of(body) if body else ""):
            return None
        if self._repository and head.get("repository") != self._repository:
            return None
        copy = Copy(
            ref=ref,
            repository=shapes.text(head, "repository"),
            epoch=shapes.number(head, "epoch"),
            seq=shapes.number(head, "seq"),
            floor=shapes.number(head, "floor"),
            etag=shapes.text(head, "etag"),
            digest=digest,
            body=body or None,
        )
        if self._verifier is not None:
            copy = self._verified(copy, shapes.text(head, "head"), self._verifier)
        return Kept(
            copy=copy, confirmed=confirmed if isinstance(confirmed, float) else 0.0
        )

    def _verified(self, copy: Copy, text: str, verifier: Verifier) -> Copy:
        """The copy with its head, which says the same and is signed; of any age."""
        what = f"the head of {copy.ref}"
        head = shapes.parse_object(text.encode(), what=what)
        signed = verifier.signed(head, what=what)
        said = {
            "repository": copy.repository,
            "environment": self._environment,
            "bot": copy.name,
            "epoch": copy.epoch,
            "seq": copy.seq,
            "bundle": copy.digest or None,
        }
        floor = shapes.number(head, "floor")
        if any(head.get(name, "") != value for name, value in said.items()):
            raise BadAnswer(f"{what} is of something else")
        if copy.body is not None:
            check_bundle(copy.body, signed, what=f"the bundle of {copy.ref}")
        return replace(copy, floor=max(copy.floor, floor), signed=signed)


def _replace(path: Path, data: bytes) -> None:
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".")
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except OSError:
        temporary.unlink(missing_ok=True)
        raise
    with suppress(OSError):  # not every system lets a folder be opened
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
