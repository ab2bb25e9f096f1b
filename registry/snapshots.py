"""Snapshots: everything that is live in one environment at one seq, ready-made.

A reader holds one snapshot of each environment and answers from it: no git, no
SQL, no composing.  A snapshot never changes; the next one takes its place, so
an answer is always of one seq, whole.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

import rfc8785

from registry.names import Digest, Ref, digest_of


@dataclass(frozen=True, slots=True)
class Headers:
    """Headers of an answer, ready-made.

    Attributes:
        pairs: As ASGI wants them: names in lower case.
        lines: The same, as HTTP/1.1 sends them.
    """

    pairs: tuple[tuple[bytes, bytes], ...]
    lines: bytes


def headers_of(*pairs: tuple[bytes, bytes]) -> Headers:
    lines = b"".join(name + b": " + value + b"\r\n" for name, value in pairs)
    return Headers(pairs, lines)


@dataclass(frozen=True, slots=True)
class Served:
    """Bytes, with the headers that go with them.

    Attributes:
        since: The seq from which on it reads like this where it is live; 0 for what
            is at no seq, such as an export.
        unchanged: The headers of the answer to whoever has these bytes already.
    """

    digest: Digest
    version: str
    since: int
    body: bytes
    etag: bytes
    headers: Headers
    unchanged: Headers


@dataclass(frozen=True, slots=True)
class Told:
    """What a bot is told, and since when.

    Attributes:
        bundle: `None` once the bot was deleted.
        head: What a client polls to see whether the bundle is still this one.
        signed: Whether `head` is signed; the past's are not.
    """

    bundle: Served | None
    head: Served
    since: int
    floor: int
    stopped: bool
    signed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where a snapshot comes from: the repository and its epoch."""

    repository: str
    epoch: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """One environment at one seq.

    Attributes:
        at: When it came to that seq; `None` before the first.
        gone: Deleted documents, with the seq at which they stopped being live.
        headers: What every answer from it carries.
        head: Its own head; None where heads are not signed.
    """

    environment: str
    source: Source
    headers: Headers
    seq: int
    at: datetime | None
    documents: Mapping[Ref, Served]
    bots: Mapping[str, Told]
    gone: Mapping[Ref, int]
    head: Served | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """What takes a snapshot from its seq to a later one."""

    seq: int
    at: datetime
    documents: Mapping[Ref, Served]
    bots: Mapping[str, Told]
    gone: Mapping[Ref, int]


def serve_head(
    source: Source,
    *,
    environment: str,
    bot: str,
    since: int,
    at: datetime,
    floor: int,
    bundle: Digest | None,
    stopped: bool,
) -> Served:
    """A bot's head: small, the same bytes until the bot is told something else."""
    body = rfc8785.dumps(
        {
            "repository": source.repository,
            "environment": environment,
            "bot": bot,
            "epoch": source.epoch,
            "seq": since,
            "floor": floor,
            "bundle": bundle,
            "stopped": stopped,
            "issued": at.isoformat().replace("+00:00", "Z"),
        }
    )
    return serve(digest_of(body), "", body, since=since)


def serve(digest: Digest, version: str, body: bytes, *, since: int = 0) -> Served:
    """*body* with what is the same in every answer that carries it."""
    etag = b'"' + digest.encode() + b'"'
    return Served(
        digest=digest,
        version=version,
        since=since,
        body=body,
        etag=etag,
        headers=headers_of(
            (b"content-type", b"application/json"),
            (b"content-length", str(len(body)).encode()),
            (b"etag", etag),
            (b"placet-digest", digest.encode()),
        ),
        unchanged=headers_of((b"etag", etag)),
    )


def live_headers(source: Source, environment: str, seq: int) -> Headers:
    """What is live has to be asked for each time; not changed, it costs little."""
    return headers_of(
        (b"placet-environment", environment.encode()),
        (b"placet-epoch", str(source.epoch).encode()),
        (b"placet-seq", str(seq).encode()),
        (b"cache-control", b"private, no-cache"),
    )


def advance(snapshot: Snapshot, difference: Difference) -> Snapshot:
    """The snapshot after *difference*.

    What the two share is shared; only the tables of names are copied.
    """
    documents = {**snapshot.documents, **difference.documents}
    for ref in difference.gone:
        documents.pop(ref, None)
    return Snapshot(
        environment=snapshot.environment,
        source=snapshot.source,
        headers=live_headers(snapshot.source, snapshot.environment, difference.seq),
        seq=difference.seq,
        at=difference.at,
        documents=documents,
        bots={**snapshot.bots, **difference.bots},
        gone=_without({**snapshot.gone, **difference.gone}, difference.documents),
    )


def why_not_onward(served: Source, found: Source | None) -> str | None:
    """Why tables that do not go on from what is served may not take its place.

    They may if they say so themselves: whoever restores a backup raises the epoch.

    Args:
        found: Where they come from; `None` if there is no registry in them.
    """
    if found is None:
        return "the database has no registry in it any more"
    if found.repository != served.repository:
        return (
            f"the database is that of the registry {found.repository}, and what is "
            f"served is of {served.repository}"
        )
    if found.epoch <= served.epoch:
        return (
            "the database lacks what has been served, as after a restored backup, "
            f"and is still in epoch {found.epoch}"
        )
    return None


def _without(gone: dict[Ref, int], back: Iterable[Ref]) -> dict[Ref, int]:
    for ref in back:
        gone.pop(ref, None)
    return gone
