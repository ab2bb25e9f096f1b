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
Who waits for what is not live yet is woken when it is: `registry.api.news`; and who
wants to hear of everything opens a stream: `registry.api.streams`.
"""

import asyncio
from datetime import datetime

from sqlalchemy import Engine
from starlette.types import Receive, Scope, Send

from registry.api.asked import (
    BUNDLES,
    ENVIRONMENT,
    EVENTS,
    Asked,
    bearer,
    check_present,
    conditions,
    is_among,
    parse_path,
    parse_query,
    preferred_wait_s,
)
from registry.api.counting import Counting
from registry.api.exporting import Exporting
from registry.api.grants import Grant, Grants
from registry.api.live import LiveSnapshots
from registry.api.live_bundles import LiveBundles
from registry.api.live_reads import check_grant, check_version, live_one
from registry.api.news import News
from registry.api.pace import PACE, Pace
from registry.api.problems import plain_problem
from registry.api.stored import Stored
from registry.api.streams import Stream, Streams
from registry.clock import Clock
from registry.db.fetches import Fetches
from registry.errors import (
    Deleted,
    Invalid,
    RegistryError,
)
from registry.snapshots import (
    Headers,
    Served,
    Snapshot,
    headers_of,
    live_headers,
)

Answer = tuple[int, tuple[Headers, ...], bytes]
"""Status, headers and body."""

_LATER = frozenset({BUNDLES, EVENTS})
_METHODS = {"GET", "HEAD"}
_FOR_EVER = headers_of((b"cache-control", b"private, max-age=31536000, immutable"))
_STALE = headers_of((b"placet-stale", b"true"))


class Chatbots:
    """Args:
        settled: The time before which nothing more will happen.
        most: How many connections are held open for news; None for what the process
            may have open.

    Attributes:
        news: Who waits.
        streams: Those that are open.
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
        pace: Pace = PACE,
        most: int | None = None,
    ) -> None:
        self._bundles = LiveBundles(live)
        self.news = News(live, most=most)
        self.streams = Streams(
            live=live, grants=grants, clock=clock, news=self.news, pace=pace
        )
        self._live = live
        self._grants = grants
        self._counting = counting
        self._count = counting.add
        self._stored = Stored(engine, settled)
        self._clock = clock
        self._exporting = Exporting()

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
        if scope["query_string"] or asked.kinds in _LATER:
            return self._live_bundle(asked, scope)
        authorization, matches = conditions(scope["headers"])
        now = self._clock()
        try:
            grant = self._grants.get(bearer(authorization), now)
            if grant.environments or grant.bots:
                check_grant(asked, grant)
            snapshot = self._live.get(asked.environment)
            served = live_one(snapshot, asked)
        except Deleted as error:
            self._count(grant, asked, error.seq, now)
            return plain_problem(error)
        except RegistryError as error:
            return plain_problem(error)
        if asked.head and matches is not None and _waits(scope, served, matches):
            return None
        self._count(grant, asked, served.since, now)
        return self._answer(served, snapshot.headers, matches)

    def _live_bundle(self, asked: Asked, scope: Scope) -> Answer | None:
        """Asked for by its digest, and not in the tables alone."""
        if scope["query_string"] or asked.kinds != BUNDLES:
            return None
        authorization, matches = conditions(scope["headers"])
        try:
            grant = self._grants.get(bearer(authorization), self._clock())
        except RegistryError as error:
            return plain_problem(error)
        found = self._bundles.find(asked.name, grant)
        return None if found is None else self._answer(found, _FOR_EVER, matches)

    def hold(
        self, scope: Scope, transport: asyncio.Transport
    ) -> tuple[Answer, Stream | None] | None:
        """What is sent at once to whoever asks for events, for a server of ours.

        With a stream it goes on: the connection is held, and not used again.  None if
        it is something else that is asked for.
        """
        asked = self.asked(scope)
        if asked is None or asked.kinds != EVENTS or scope["method"] != "GET":
            return None
        try:
            token = self._check_events(scope)
            begun, stream = self.streams.open(asked.environment, token, transport)
        except RegistryError as error:
            return plain_problem(error), None
        return (200, begun.headers, begun.said), stream

    def end(self) -> None:
        """Hold nobody any longer: the server ends."""
        self.news.end()
        self.streams.end()

    async def answer(
        self, asked: Asked, scope: Scope, receive: Receive, send: Send
    ) -> None:
        answer = self.at_once(asked, scope)
        if answer is None:
            try:
                answer = await self._later(asked, scope, receive)
            except RegistryError as error:
                answer = plain_problem(error)
        status, headers, body = answer
        pairs = [pair for part in headers for pair in part.pairs]
        await send({"type": "http.response.start", "status": status, "headers": pairs})
        await send({"type": "http.response.body", "body": body})

    async def _later(self, asked: Asked, scope: Scope, receive: Receive) -> Answer:
        """Everything but the plain read of what is live."""
        if asked.kinds == EVENTS:
            begun = self.streams.begin(asked.environment, self._check_events(scope))
            return 200, begun.headers, begun.said
        authorization, matches = conditions(scope["headers"])
        grant = self._grants.get(bearer(authorization), self._clock())
        query = scope["query_string"]
        wait_s = preferred_wait_s(scope["headers"]) if asked.head and not query else 0
        if not wait_s or matches is None:
            served, headers = await self._find(asked, grant, query, receive)
            return self._answer(served, headers, matches)
        etags = matches
        await self.news.until(
            lambda: not self._is_still(asked, etags), receive, within_s=wait_s
        )
        now = self._clock()  # the token may have ended meanwhile
        grant = self._grants.get(bearer(authorization), now)
        served, headers = await self._find(asked, grant, b"", receive)
        status, given, body = self._answer(served, headers, matches)
        applied = headers_of((b"preference-applied", b"wait=%d" % wait_s))
        return status, (*given, applied), body

    def _is_still(self, asked: Asked, matches: bytes) -> bool:
        """Whether the bot's head is one of those that the client has."""
        snapshot = self._live.current.get(asked.environment)
        told = snapshot.bots.get(asked.name) if snapshot is not None else None
        return (
            told is not None
            and told.bundle is not None
            and is_among(told.head.etag, matches)
        )

    def _check_events(self, scope: Scope) -> str:
        """The token of whoever asks for events; `streams` sees what it is for."""
        if scope["query_string"]:
            raise Invalid(
                "the address of events takes no query",
                hint="Ask without one; an event says where the environment is.",
            )
        authorization, _ = conditions(scope["headers"])
        return bearer(authorization)

    def _answer(
        self, served: Served, headers: Headers, matches: bytes | None
    ) -> Answer:
        given = (headers, _STALE) if self._live.stale else (headers,)
        if matches is not None and is_among(served.etag, matches):
            return 304, (served.unchanged, *given), b""
        return 200, (served.headers, *given), served.body

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
            found = live_one(snapshot, asked)
        except Deleted as error:
            self._count(grant, asked, error.seq, now)
            raise
        if version is not None:
            check_version(asked, found, version)
        self._count(grant, asked, found.since, now)
        return found

    async def _find(
        self, asked: Asked, grant: Grant, query: bytes, receive: Receive
    ) -> tuple[Served, Headers]:
        if asked.kinds == BUNDLES:
            if query:
                raise Invalid(
                    "the address of a digest takes no query",
                    hint="Its bytes are the same for ever; ask without one.",
                )
            return await self._stored.bundle(asked, grant), _FOR_EVER
        check_grant(asked, grant)
        wanted = parse_query(query)
        if asked.kinds == ENVIRONMENT:
            check_present(wanted)
        if wanted.min_seq is not None:
            await self.news.until_seq(asked.environment, wanted.min_seq, receive)
        snapshot = self._live.get(asked.environment)
        headers = snapshot.headers
        if wanted.at is None and wanted.seq is None:
            now = self._clock()
            found = self._told(snapshot, asked, grant, now, wanted.version)
        else:
            seq, found = await self._stored.past(asked, wanted, snapshot)
            headers = live_headers(snapshot.source, asked.environment, seq)
            if wanted.version is not None:
                check_version(asked, found, wanted.version)
        if wanted.format is not None:
            found = await self._exporting.exported(asked, found, wanted.format)
        return found, headers


def _waits(scope: Scope, head: Served, matches: bytes) -> bool:
    """Whether the client has *head*, and would rather wait for another one."""
    return is_among(head.etag, matches) and preferred_wait_s(scope["headers"]) > 0
