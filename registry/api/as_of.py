"""Looking back: how an environment came to a moment, and what was live then by whom."""

from collections.abc import Iterable
from typing import Annotated

from fastapi import APIRouter, Query

from registry.api.deps import Now, PartsDep, Reader
from registry.api.environments import At, Seq, as_of
from registry.api.pages import DEFAULT, Cursor, Limit, Page, sorted_page
from registry.api.problems import problems
from registry.api.strict import StrictRoute
from registry.api.views.as_of import BotThen, MomentThen, bot_then, moment_then
from registry.api.views.live_bots import UsedDocument, used_document
from registry.api.views.moments import moment_view
from registry.api.writing import EnvironmentName
from registry.db.engine import reading
from registry.db.history import read_event, read_tellings
from registry.effects import used
from registry.errors import Invalid, NotAllowed, NotFound, NotSettled, NotSignedIn
from registry.names import Kind, Ref, check_name, kind_of, ref
from registry.state import Environment

router = APIRouter(
    prefix="/v1/environments",
    tags=["environments"],
    route_class=StrictRoute,
    responses=problems(NotSignedIn, NotAllowed, Invalid, NotFound, NotSettled),
)

Bot = Annotated[
    str | None,
    Query(description="This bot, and what it used.", examples=["acme-air/support"]),
]


@router.get("/{environment}/moment")
def get_moment(
    environment: EnvironmentName,
    caller: Reader,
    parts: PartsDep,
    now: Now,
    at: At = None,
    seq: Seq = None,
    bot: Bot = None,
) -> MomentThen:
    """Read how an environment came to a moment, who agreed, and how a bot stood."""
    if bot is not None:
        caller.grant.check_bot(check_name(bot))
    state, found, wanted = as_of(parts.opened.writer, environment, at, seq)
    refuse_empty(found, wanted)
    then: BotThen | None = None
    with reading(parts.opened.engine) as connection:
        event = read_event(connection, found.moments[wanted].number)
        live = None
        if bot is not None:
            live = found.moments[wanted].live.get(ref(Kind.BOT, bot))
        if bot is not None and live is not None:
            told = read_tellings(connection, environment, bot, before=wanted + 1)
            then = bot_then(state, found, live, told, now)
    moment = moment_view(state, found, wanted, event, now)
    return moment_then(state, found, moment, then)


@router.get("/{environment}/live/documents")
def list_live_documents(
    environment: EnvironmentName,
    caller: Reader,
    parts: PartsDep,
    at: At = None,
    seq: Seq = None,
    bot: Bot = None,
    kind: Annotated[Kind | None, Query(description="Only of this kind.")] = None,
    q: Annotated[
        str | None, Query(max_length=200, description="Names with this in them.")
    ] = None,
    limit: Limit = DEFAULT,
    cursor: Cursor = None,
) -> Page[UsedDocument]:
    """List what is live, or was, by name: since when, by which change, who agreed."""
    if bot is not None:
        caller.grant.check_bot(check_name(bot))
    state, found, wanted = as_of(parts.opened.writer, environment, at, seq)
    refuse_empty(found, wanted)
    live = found.moments[wanted].live
    names: Iterable[Ref] = live if bot is None else used(live, (ref(Kind.BOT, bot),))
    words = (q or "").lower()
    some = sorted_page(
        (
            (name, name)
            for name in sorted(names)
            if kind in {None, kind_of(name)} and words in name
        ),
        limit,
        cursor,
    )
    items = tuple(used_document(state, found, live[name]) for name in some.items)
    return Page(items=items, next=some.next)


def refuse_empty(environment: Environment, seq: int) -> None:
    if seq == 0:
        raise NotFound(
            f"nothing has gone live in {environment.name} yet",
            hint="`placet changes` lists what is proposed.",
        )
