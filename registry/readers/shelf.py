"""The shelf: the folder in which a reader keeps the last good snapshot.

   kept          one page: a line with its SHA-256, and then what is kept
   bodies-N      what is served, one after the other; the page says where each is
   lock          held by the reader whose folder it is

* The page is written beside the old one, flushed, and put in its place: it is there
  whole or not at all.  Bodies are only ever added to the end of a file, and flushed
  before a page names them.
* So a change costs its own bytes and a page: with 10,000 documents of 2 kB that is
  2 MB and not 22.  When more of a file is unused than used, another one is begun.
* What is damaged anywhere is as if it were not there: every digest is checked when
  it is read.
"""

import fcntl
import hashlib
import logging
import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import msgspec

from registry.errors import Conflict, RegistryError
from registry.names import Digest, digest_of
from registry.readers.kept import Kept
from registry.readers.pages import Page, dump, kept_of, page_of, parse

PAGE = "kept"

SMALL_BYTES = 2**20
"""A file that is smaller is not begun anew for what is unused in it."""

_PACK = re.compile(r"bodies-(\d{1,9})\Z")

log = logging.getLogger(__name__)

Places = dict[Digest, tuple[int, int]]


class Shelf:
    """Args:
    folder: Whose content is this reader's alone.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._pack = ""
        self._places: Places = {}

    @contextmanager
    def held(self) -> Iterator[None]:
        """Nobody else keeps anything here while the block lasts.

        Raises:
            Conflict: Another reader does.
        """
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with (self._folder / "lock").open("ab") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                raise Conflict(
                    f"another reader keeps its snapshot in {self._folder}",
                    hint="Give each reader a folder of its own: --home DIR.",
                ) from None
            yield

    def read(self) -> Kept | None:
        """What was kept last; `None` if there is nothing, or nothing that is whole."""
        try:
            page = self._read_page()
            bodies = self._read_bodies(page)
            kept = kept_of(page, bodies)
        except FileNotFoundError:
            return None
        except (OSError, KeyError, msgspec.DecodeError, RegistryError) as error:
            log.error("what was kept in %s is not used: %s", self._folder, error)  # noqa: TRY400
            return None
        self._pack, self._places = page.pack, page.places
        return kept

    def write(self, kept: Kept) -> None:
        """Put *kept* in the place of what was kept before.

        Raises:
            OSError: It could not be written; what was kept before is there still.
        """
        bodies = kept.bodies()
        if not self._pack or self._is_mostly_unused(bodies):
            self._pack, self._places = self._next_pack(), {}
        there = self._places
        places = {digest: there[digest] for digest in bodies if digest in there}
        missing = {digest: bodies[digest] for digest in bodies if digest not in there}
        places.update(self._add(missing))
        page = dump(page_of(kept, pack=self._pack, places=places))
        self._replace(hashlib.sha256(page).hexdigest().encode() + b"\n" + page)
        self._places = places
        self._clear()

    def _read_page(self) -> Page:
        told, _, page = (self._folder / PAGE).read_bytes().partition(b"\n")
        if hashlib.sha256(page).hexdigest().encode() != told:
            raise msgspec.DecodeError("the page is damaged")
        return parse(page)

    def _read_bodies(self, page: Page) -> Mapping[Digest, bytes]:
        data = (self._folder / page.pack).read_bytes()
        bodies = {
            digest: data[start : start + size]
            for digest, (start, size) in page.places.items()
        }
        for digest, body in bodies.items():
            if digest_of(body) != digest:
                raise msgspec.DecodeError(f"{page.pack} is damaged at {digest}")
        return bodies

    def _is_mostly_unused(self, bodies: Mapping[Digest, bytes]) -> bool:
        try:
            written = (self._folder / self._pack).stat().st_size
        except FileNotFoundError:
            return True
        return written > max(SMALL_BYTES, 2 * sum(map(len, bodies.values())))

    def _next_pack(self) -> str:
        last = max((int(found[1]) for _, found in self._packs()), default=0)
        return f"bodies-{last + 1}"

    def _packs(self) -> list[tuple[Path, re.Match[str]]]:
        return [
            (path, found)
            for path in self._folder.iterdir()
            if (found := _PACK.fullmatch(path.name))
        ]

    def _add(self, bodies: Mapping[Digest, bytes]) -> Places:
        """Write *bodies* durably, and tell where."""
        places: Places = {}
        with _open(self._folder / self._pack, os.O_APPEND) as file:
            at = file.seek(0, os.SEEK_END)
            for digest, body in bodies.items():
                places[digest] = (at, len(body))
                at += file.write(body)
            file.flush()
            os.fsync(file.fileno())
        return places

    def _replace(self, page: bytes) -> None:
        beside = self._folder / f"{PAGE}.new"
        with _open(beside, os.O_TRUNC) as file:
            file.write(page)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(self._folder / PAGE)
        folder = os.open(self._folder, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    def _clear(self) -> None:
        for path, _ in self._packs():
            if path.name != self._pack:
                path.unlink()


def _open(path: Path, how: int) -> BinaryIO:
    """To write; it is for this account alone."""
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | how, 0o600), "wb")
