"""Fetches: who was told what lately, and which clients are behind what is live."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import AwareDatetime

from registry.api.deps import Now, Parts, PartsDep, Reader, StateDep
from registry.api.pages import DEFAULT, Cursor, Limit, Page, sorted_page
from registry.api.problems import problems
from registry.api.strict import StrictRoute
from registry.api.views.fetches import (
    TOKEN,
    ClientView,
    FetchedView,
    Turns,
    client_views,
    fetched_view,
)
from registry.api.writing import EnvironmentName
from registry.db.engine import reading
from registry.db.fetches import KEPT_BY_HOUR, Fetched, Fetches, LastFetch
from registry.db.turns import read_turns
from registry.errors import Invalid, NotAllowed, NotFound, NotSignedIn, Unavailable
from registry.names import Kind, Ref, check_name, ref

DAY = timedelta(days=1)
_SEQ_DIGITS = 16

router = APIRouter(
    prefix="/v1/environments/{environment}",
    tags=["fetches"],
    route_class=StrictRoute,
    responses=problems(NotSignedIn, NotAllowed, Invalid, NotFound, Unavailable),
)

Bot = Annotated[
    str | None,
    Query(max_length=200, description="Only of it.", examples=["acme-air/support"]),
]
Ended = Annotated[
    bool | None,
    Query(
        description="Only those whose token has ended or was revoked, or only others."
    ),
]
Since = Annotated[
    AwareDatetime | None,
    Query(
        description="From the beginning of the hour of that moment, at most "
        f"{KEPT_BY_HOUR.days} days ago; a day ago without it."
    ),
]


@router.get("/fetches")
def list_fetches(
    environment: EnvironmentName,
    _: Reader,
    state: StateDep,
    parts: PartsDep,
    now: Now,
    bot: Bot = None,
    since: Since = None,
    limit: Limit = DEFAULT,
    cursor: Cursor = None,
) -> Page[FetchedView]:
    """List how often chatbots were told what, by document, the newest seq first."""
    state.environment(environment)
    only = _document(bot)
    begin = now - DAY if since is None else _begin(since, now)
    found = _fetches(parts).list_fetched(environment, only, since=begin)
    turns = _turns(parts, environment, only, found)
    items = ((_place(one), fetched_view(one, turns)) for one in found)
    return sorted_page(items, limit, cursor)


@router.get("/clients")
def list_clients(
    environment: EnvironmentName,
    _: Reader,
    state: StateDep,
    parts: PartsDep,
    now: Now,
    bot: Bot = None,
    ended: Ended = None,
    limit: Limit = DEFAULT,
    cursor: Cursor = None,
) -> Page[ClientView]:
    """List what each client was told last, those first that are behind what is live."""
    state.environment(environment)
    only = _document(bot)
    found = _fetches(parts).list_last(environment, only)
    turns = _turns(parts, environment, only, found)
    tokens = {f"{TOKEN}{one.id}": one for one in parts.operations.list_tokens(None)}
    views = client_views(found, turns, tokens)
    wanted = (pair for pair in views if ended is None or pair[1].is_over(now) == ended)
    return sorted_page(wanted, limit, cursor)


def _begin(since: datetime, now: datetime) -> datetime:
    """Raises:
    Invalid: It has not come yet.
    """
    if since > now:
        raise Invalid(
            "`since` has not come yet", hint="Give a moment that is over, or none."
        )
    return max(since, now - KEPT_BY_HOUR).astimezone(UTC)


def _document(bot: str | None) -> Ref | None:
    return None if bot is None else ref(Kind.BOT, check_name(bot))


def _fetches(parts: Parts) -> Fetches:
    """Raises:
    Unavailable: This server answers no chatbots, so that it counts nothing.
    """
    if parts.fetches is None:
        raise Unavailable(
            "this server does not count what chatbots fetch",
            hint="Ask the one that they read from.",
        )
    return parts.fetches


def _turns(
    parts: Parts,
    environment: str,
    only: Ref | None,
    told: Iterable[Fetched | LastFetch],
) -> Turns:
    """What went live after the oldest of what was told; read after it.

    Raises:
        NotFound: The bot that is asked about was never live here.
    """
    after = 0 if only else min((one.seq for one in told), default=0)
    with reading(parts.opened.engine) as connection:
        turns = read_turns(connection, environment, after=after, only=only)
    if only is not None and only not in turns:
        raise NotFound(
            f"{only} was never live in {environment}",
            hint="Check the spelling; `placet search` finds what is live.",
        )
    return turns


def _place(one: Fetched) -> str:
    """Sorts as the list does: by document, the newest seq first."""
    return f"{one.document} {10**_SEQ_DIGITS - one.seq:0{_SEQ_DIGITS}}"
