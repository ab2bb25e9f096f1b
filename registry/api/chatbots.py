"""What chatbots read, many thousand times a second.

A plain ASGI application beside the framework: one token to look up, one name to
look up, and bytes that were made ready when they went live.  What a token may
read, and what the answers carry:

 * A token for an environment reads everything that is live in it.
 * The environment's own head, which names no text, is for every token for it.
 * A token for some bots reads their bundles and heads, and every bundle that
   they have ever been told; a single document needs a token for the environment.
 * Every answer names environment, seq and digest, and carries a strong ETag.
   What is live must be asked for each time; a digest's bytes never change.
 * What was deleted answers 410 with the seq at which that happened.
 * Who was told what is live is counted: `registry.api.counting`.

The past (`?at=`, `?seq=`) is read from the tables: `registry.api.stored`.  Formats of
other products (`?format=`) are made when they are asked for: `registry.api.exporting`.
"""

import asyncio
from datetime import datetime

from sqlalchemy import Engine
from starlette.types import Scope, Send

from registry.api.asked import ENVIRONMENT, Asked, Query, parse_path, parse_query
from registry.api.counting import Counting
from registry.api.exporting import Exporting
from registry.api.grants import Grant, Grants
from registry.api.live import LiveSnapshots
from registry.api.problems import plain_problem
from registry.api.stored import Stored, one_of
from registry.db.fetches import Fetches
from registry.errors import (
    Deleted,
    Invalid,
    NotFound,
    NotSignedIn,
    NotYetThere,
    RegistryError,
    VersionLive,
)
from registry.names import check_name
from registry.snapshots import (
    Headers,
    Served,
    Snapshot,
    headers_of,
    live_headers,
)
from registry.versions import allows
from registry.writer import Clock

Answer = tuple[int, tuple[Headers, ...], bytes]
"""Status, headers and body."""

WAIT_S = 2.0
"""How long `?min_seq=` waits for a sequence number before it gives up."""

MAX_WAITING = 200
"""How many may wait at once: each of them looks now and then."""

_LOOKS = 40
_METHODS = {"GET", "HEAD"}
_FOR_EVER = headers_of((b"cache-control", b"private, max-age=31536000, immutable"))
_STALE = headers_of((b"placet-stale", b"true"))


class Chatbots:
    """Args:
    settled: The time before which nothing more will happen.
    """

    def __init__(
        self,
        *,
        live: LiveSnapshots,
        grants: Grants,
        counting: Counting,
        engine: Engine,
        clock: Clock,
        settled: Clock,
    ) -> None:
        self._live = live
        self._grants = grants
        self._counting = counting
        self._count = counting.add
        self._stored = Stored(engine, settled)
        self._clock = clock
        self._exporting = Exporting()
        self._waiting = 0

    @property
    def fetches(self) -> Fetches:
        """What was read so far, but for the last seconds."""
        return self._counting.fetches

    def asked(self, scope: Scope) -> Asked | None:
        """What the request asks for, if it is one of those answered here."""
        return parse_path(scope["path"]) if scope["method"] in _METHODS else None

    def at_once(self, asked: Asked, scope: Scope) -> Answer | None:
        """The answer to the plain read of what is live; None for any other.

        It waits for nothing, so a server may send it without an event loop's task.
        """
        if scope["query_string"] or asked.kinds == "bundles":
            return None
        authorization, matches = _headers(scope)
        now = self._clock()
        try:
            grant = self._grant(authorization, now)
            if grant.environments or grant.bots:
                _check_grant(asked, grant)
            snapshot = self._live.get(asked.environment)
            served = _live_one(snapshot, asked)
        except Deleted as error:
            self._count(grant, asked, error.seq, now)
            return plain_problem(error)
        except RegistryError as error:
            return plain_problem(error)
        self._count(grant, asked, served.since, now)
        return self._answer(served, snapshot.headers, matches)

    async def answer(self, asked: Asked, scope: Scope, send: Send) -> None:
        status, headers, body = self.at_once(asked, scope) or await self._later(
            asked, scope
        )
        pairs = [pair for part in headers for pair in part.pairs]
        await send({"type": "http.response.start", "status": status, "headers": pairs})
        await send({"type": "http.response.body", "body": body})

    async def _later(self, asked: Asked, scope: Scope) -> Answer:
        """Everything but the plain read of what is live."""
        authorization, matches = _headers(scope)
        try:
            grant = self._grant(authorization, self._clock())
            served, headers = await self._find(asked, grant, scope["query_string"])
        except RegistryError as error:
            return plain_problem(error)
        return self._answer(served, headers, matches)

    def _answer(
        self, served: Served, headers: Headers, matches: bytes | None
    ) -> Answer:
        given = (headers, _STALE) if self._live.stale else (headers,)
        if matches is not None and _is_among(served.etag, matches):
            return 304, (served.unchanged, *given), b""
        return 200, (served.headers, *given), served.body

    def _grant(self, authorization: bytes | None, now: datetime) -> Grant:
        if authorization is None or authorization[:7].lower() != b"bearer ":
            raise NotSignedIn("this needs a token")
        token = authorization[7:].decode("ascii", "replace")
        return self._grants.get(token, now)

    def _told(
        self,
        snapshot: Snapshot,
        asked: Asked,
        grant: Grant,
        now: datetime,
        version: str | None,
    ) -> Served:
        """What is live, counted as in `at_once`, where a call more would be felt."""
        try:
            found = _live_one(snapshot, asked)
        except Deleted as error:
            self._count(grant, asked, error.seq, now)
            raise
        if version is not None:
            _check_version(asked, found, version)
        self._count(grant, asked, found.since, now)
        return found

    async def _find(
        self, asked: Asked, grant: Grant, query: bytes
    ) -> tuple[Served, Headers]:
        if asked.kinds == "bundles":
            if query:
                raise Invalid(
                    "the address of a digest takes no query",
                    hint="Its bytes are the same for ever; ask without one.",
                )
            return await self._stored.bundle(asked, grant), _FOR_EVER
        _check_grant(asked, grant)
        wanted = parse_query(query)
        if asked.kinds == ENVIRONMENT:
            _check_present(wanted)
        if wanted.min_seq is not None:
            await self._wait_for(asked.environment, wanted.min_seq)
        snapshot = self._live.get(asked.environment)
        headers = snapshot.headers
        if wanted.at is None and wanted.seq is None:
            now = self._clock()
            found = self._told(snapshot, asked, grant, now, wanted.version)
        else:
            seq, found = await self._stored.past(asked, wanted, snapshot)
            headers = live_headers(snapshot.source, asked.environment, seq)
            if wanted.version is not None:
                _check_version(asked, found, wanted.version)
        if wanted.format is not None:
            found = await self._exporting.exported(asked, found, wanted.format)
        return found, headers

    async def _wait_for(self, environment: str, seq: int) -> None:
        if self._live.get(environment).seq >= seq:
            return
        if self._waiting >= MAX_WAITING:
            raise NotYetThere("too many are waiting for a sequence number already")
        self._waiting += 1
        try:
            for _ in range(_LOOKS):
                await asyncio.sleep(WAIT_S / _LOOKS)
                if self._live.get(environment).seq >= seq:
                    return
        finally:
            self._waiting -= 1
        raise NotYetThere(f"{environment} has not come to seq {seq} here")


def _check_grant(asked: Asked, grant: Grant) -> None:
    grant.check_environment(asked.environment)
    if asked.kinds == "bots":
        grant.check_bot(asked.name)
    elif asked.kinds != ENVIRONMENT:
        grant.check_documents()


def _live_one(snapshot: Snapshot, asked: Asked) -> Served:
    if asked.kinds == "bots":
        told = snapshot.bots.get(asked.name)
        if told is not None:
            return one_of(snapshot.source, told, asked)
    else:
        served = snapshot.documents.get(asked.ref)
        if served is not None:
            return served
        if asked.kinds == ENVIRONMENT:
            return _own_head(snapshot)
        if asked.ref in snapshot.gone:
            raise Deleted(
                f"{asked.ref} was deleted in {snapshot.environment}",
                epoch=snapshot.source.epoch,
                seq=snapshot.gone[asked.ref],
            )
    check_name(asked.name)
    raise NotFound(f"{asked.ref} is not live in {snapshot.environment}")


def _check_present(wanted: Query) -> None:
    if any((wanted.at, wanted.seq, wanted.version, wanted.format)):
        raise Invalid(
            "an environment's own head says what is live now, and nothing else",
            hint="Ask without a query, or with ?min_seq=1041.",
        )


def _own_head(snapshot: Snapshot) -> Served:
    if snapshot.head is None:
        raise NotFound(
            "this registry has no key that signs heads",
            hint="`placet serve` makes one.",
        )
    return snapshot.head


def _check_version(asked: Asked, found: Served, wanted: str) -> None:
    if asked.kinds == "bots":
        raise Invalid(
            "a bot is asked for without a range",
            hint="Ranges are for single documents; a bot's document has its own.",
        )
    if not allows(wanted, found.version):
        raise VersionLive(
            f"{asked.ref} is {found.version}, which does not fit {wanted}"
        )


def _headers(scope: Scope) -> tuple[bytes | None, bytes | None]:
    """`Authorization` and `If-None-Match`."""
    authorization = matches = None
    for name, value in scope["headers"]:
        if name == b"authorization":
            authorization = value
        elif name == b"if-none-match":
            matches = value
    return authorization, matches


def _is_among(etag: bytes, header: bytes) -> bool:
    """Whether *etag* is among those of an `If-None-Match` header (RFC 9110)."""
    if header == etag:
        return True
    tags = (tag.strip() for tag in header.split(b","))
    return any(tag in {b"*", etag, b"W/" + etag} for tag in tags)
