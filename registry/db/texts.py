"""Texts: the bytes behind a digest, and the documents that they are.

A digest has only one content, so what was parsed once can be kept; the cache
is bounded by the number of documents, each at most 256 KiB.
"""

from collections import OrderedDict
from collections.abc import Iterator, Mapping
from threading import Lock

from sqlalchemy import Connection, select

from registry.db.projection import TEXT
from registry.documents import Document, accepted
from registry.errors import LedgerBroken
from registry.names import Digest, digest_of

MAX_KEPT = 2000


class ParsedDocuments:
    """Documents that were parsed before; shared by all transactions of a writer."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Digest, Document] = OrderedDict()
        self._lock = Lock()

    def get(self, digest: Digest) -> Document | None:
        with self._lock:
            document = self._kept.get(digest)
            if document is not None:
                self._kept.move_to_end(digest)
            return document

    def put(self, document: Document) -> None:
        with self._lock:
            self._kept[document.digest] = document
            while len(self._kept) > MAX_KEPT:
                self._kept.popitem(last=False)


class StoredDocuments(Mapping[Digest, Document]):
    """The document of each digest, read when it is asked for.

    Args:
        unwritten: Texts that this transaction has not written to the table yet.
    """

    def __init__(
        self,
        connection: Connection,
        parsed: ParsedDocuments,
        unwritten: Mapping[Digest, bytes],
    ) -> None:
        self._connection = connection
        self._parsed = parsed
        self._unwritten = unwritten

    def __getitem__(self, digest: Digest) -> Document:
        document = self._parsed.get(digest)
        if document is None:
            document = accepted(self._read(digest))
            self._parsed.put(document)
        return document

    def _read(self, digest: Digest) -> bytes:
        if digest in self._unwritten:
            return self._unwritten[digest]
        return read_text(self._connection, digest)

    def __iter__(self) -> Iterator[Digest]:
        yield from self._connection.execute(select(TEXT.c.digest)).scalars()

    def __len__(self) -> int:
        return sum(1 for _ in self)


def has_text(connection: Connection, digest: Digest) -> bool:
    rows = connection.execute(select(TEXT.c.digest).where(TEXT.c.digest == digest))
    return rows.scalar_one_or_none() is not None


def read_text(connection: Connection, digest: Digest) -> bytes:
    """Raises:
    LedgerBroken: The table does not have it, or has other bytes for it.
    """
    body = connection.execute(
        select(TEXT.c.body).where(TEXT.c.digest == digest)
    ).scalar_one_or_none()
    if body is None or digest_of(body) != digest:
        raise LedgerBroken(
            f"the text {digest} is missing from the database, or damaged"
        )
    return bytes(body)
