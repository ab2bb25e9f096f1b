"""What chatbots read, many thousand times a second.

A plain ASGI application beside the framework: one token to look up, one name to
look up, and bytes that were made ready when they went live.  What a token may
read, and what the answers carry:

 * A token for an environment reads everything that is live in it.
 * A token for some bots reads their bundles and heads, and every bundle that
   they have ever been told; a single document needs a token for the environment.
 * Every answer names environment, seq and digest, and carries a strong ETag.
   What is live must be asked for each time; a digest's bytes never change.
 * What was deleted answers 410 with the seq at which that happened.

The past (`?at=`, `?seq=`) is read from the tables, in another thread.
"""

import asyncio
import logging
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError
from starlette.types import Scope, Send

from registry.api.asked import Asked, Query, parse_path, parse_query
from registry.api.grants import Grant, Grants
from registry.api.live import LiveSnapshots
from registry.api.problems import plain_problem
from registry.api.ready import answer, is_among
from registry.db.engine import reading
from registry.db.live import (
    bots_told,
    read_bot,
    read_bundle,
    read_document,
    read_moment,
    seq_at,
)
from registry.errors import (
    Deleted,
    Invalid,
    NotFound,
    NotSettled,
    NotSignedIn,
    NotYetThere,
    RegistryError,
    Unavailable,
    VersionLive,
)
from registry.names import check_name, parse_digest
from registry.snapshots import (
    Headers,
    Served,
    Snapshot,
    Source,
    Told,
    headers_of,
    live_headers,
)
from registry.versions import allows
from registry.writer import Clock

log = logging.getLogger(__name__)

Given = ParamSpec("Given")
Found = TypeVar("Found")

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
        engine: Engine,
        clock: Clock,
        settled: Clock,
    ) -> None:
        self._live = live
        self._grants = grants
        self._engine = engine
        self._clock = clock
        self._settled = settled
        self._waiting = 0

    def asked(self, scope: Scope) -> Asked | None:
        """What the request asks for, if it is one of those answered here."""
        return parse_path(scope["path"]) if scope["method"] in _METHODS else None

    async def answer(self, asked: Asked, scope: Scope, send: Send) -> None:
        authorization = matches = None
        for name, value in scope["headers"]:
            if name == b"authorization":
                authorization = value
            elif name == b"if-none-match":
                matches = value
        query: bytes = scope["query_string"]
        try:
            grant = self._grant(authorization)
            if query or asked.kinds == "bundles":
                served, headers = await self._find(asked, grant, query)
            else:
                served, headers = self._find_live(asked, grant)
        except RegistryError as error:
            status, headers, body = plain_problem(error)
            await answer(scope, send, status, (headers,), body)
            return
        given = (headers, _STALE) if self._live.stale else (headers,)
        if matches is not None and is_among(served.etag, matches):
            await answer(scope, send, 304, (served.unchanged, *given), b"")
        else:
            await answer(scope, send, 200, (served.headers, *given), served.body)

    def _grant(self, authorization: bytes | None) -> Grant:
        if authorization is None or authorization[:7].lower() != b"bearer ":
            raise NotSignedIn("this needs a token")
        token = authorization[7:].decode("ascii", "replace")
        return self._grants.get(token, self._clock())

    def _find_live(self, asked: Asked, grant: Grant) -> tuple[Served, Headers]:
        if grant.environments or grant.bots:
            _check_grant(asked, grant)
        snapshot = self._live.get(asked.environment)
        return _live_one(snapshot, asked), snapshot.headers

    async def _find(
        self, asked: Asked, grant: Grant, query: bytes
    ) -> tuple[Served, Headers]:
        """Everything but the plain read of what is live."""
        if asked.kinds == "bundles":
            if query:
                raise Invalid(
                    "the address of a digest takes no query",
                    hint="Its bytes are the same for ever; ask without one.",
                )
            return await _in_thread(self._bundle, asked, grant), _FOR_EVER
        _check_grant(asked, grant)
        wanted = parse_query(query)
        if wanted.min_seq is not None:
            await self._wait_for(asked.environment, wanted.min_seq)
        snapshot = self._live.get(asked.environment)
        headers = snapshot.headers
        if wanted.at is None and wanted.seq is None:
            found = _live_one(snapshot, asked)
        else:
            seq, found = await _in_thread(self._past, asked, wanted, snapshot)
            headers = live_headers(snapshot.source, asked.environment, seq)
        _check_version(asked, found, wanted.version)
        return found, headers

    def _bundle(self, asked: Asked, grant: Grant) -> Served:
        digest = parse_digest(asked.name)
        with reading(self._engine) as connection:
            told = bots_told(connection, digest)
            if grant.environments:
                told = {one for one in told if one[0] in grant.environments}
            if grant.bots:
                told = {one for one in told if one[1] in grant.bots}
            found = read_bundle(connection, digest) if told else None
        if found is None:
            raise NotFound(
                f"no bot that this token may read was ever told {digest}",
                hint="Read the bot's head again; it names the digest.",
            )
        return found

    def _past(
        self, asked: Asked, wanted: Query, snapshot: Snapshot
    ) -> tuple[int, Served]:
        environment = asked.environment
        if wanted.at is not None and wanted.at >= self._settled():
            raise NotSettled(f"{wanted.at.isoformat()} is not over yet")
        with reading(self._engine) as connection:
            if wanted.at is not None:
                seq = seq_at(connection, environment, wanted.at)
            else:
                seq = wanted.seq or 0
                read_moment(connection, environment, seq)
            if asked.kinds != "bots":
                return seq, read_document(connection, snapshot, asked.ref, seq)
            told = read_bot(connection, snapshot, asked.name, seq)
        return seq, _told(snapshot.source, told, asked)

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


async def _in_thread(
    read: Callable[Given, Found], *args: Given.args, **kwargs: Given.kwargs
) -> Found:
    """What *read* finds in the tables, without keeping other requests waiting.

    Raises:
        Unavailable: The tables cannot be read.
    """
    try:
        return await asyncio.to_thread(read, *args, **kwargs)
    except SQLAlchemyError as error:
        log.error("the tables cannot be read: %s", error)  # noqa: TRY400
        raise Unavailable(
            "the tables cannot be read just now",
            hint="Ask again in a moment; what is live can still be read.",
        ) from error


def _check_grant(asked: Asked, grant: Grant) -> None:
    grant.check_environment(asked.environment)
    if asked.kinds == "bots":
        grant.check_bot(asked.name)
    else:
        grant.check_documents()


def _live_one(snapshot: Snapshot, asked: Asked) -> Served:
    if asked.kinds == "bots":
        told = snapshot.bots.get(asked.name)
        if told is not None:
            return _told(snapshot.source, told, asked)
    else:
        served = snapshot.documents.get(asked.ref)
        if served is not None:
            return served
        if asked.ref in snapshot.gone:
            raise Deleted(
                f"{asked.ref} was deleted in {snapshot.environment}",
                epoch=snapshot.source.epoch,
                seq=snapshot.gone[asked.ref],
            )
    check_name(asked.name)
    raise NotFound(f"{asked.ref} is not live in {snapshot.environment}")


def _told(source: Source, told: Told, asked: Asked) -> Served:
    if told.bundle is None:
        raise Deleted(
            f"the bot {asked.name} was deleted in {asked.environment}",
            epoch=source.epoch,
            seq=told.since,
        )
    return told.head if asked.head else told.bundle


def _check_version(asked: Asked, found: Served, wanted: str | None) -> None:
    if wanted is None:
        return
    if asked.kinds == "bots":
        raise Invalid(
            "a bot is asked for without a range",
            hint="Ranges are for single documents; a bot's document has its own.",
        )
    if not allows(wanted, found.version):
        raise VersionLive(
            f"{asked.ref} is {found.version}, which does not fit {wanted}"
        )
