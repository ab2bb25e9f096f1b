"""Live bots: what each is told, since when, who agreed, and who may stop it."""

from collections.abc import Iterator
from typing import Annotated

from fastapi import APIRouter, Path, Query

from registry.api.deps import Reader, WriterDep
from registry.api.pages import DEFAULT, Cursor, Limit, Page, sorted_page
from registry.api.problems import problems
from registry.api.strict import StrictRoute
from registry.api.views.live_bots import (
    LiveBot,
    LiveBotWithUses,
    live_bot,
    live_bot_with_uses,
)
from registry.api.writing import EnvironmentName
from registry.errors import Invalid, NotAllowed, NotFound, NotSignedIn
from registry.names import Kind, check_name, ref
from registry.state import Environment

router = APIRouter(
    prefix="/v1/environments/{environment}/live/bots",
    tags=["environments"],
    route_class=StrictRoute,
    responses=problems(NotSignedIn, NotAllowed, Invalid, NotFound),
)


@router.get("")
def list_live_bots(
    environment: EnvironmentName,
    caller: Reader,
    writer: WriterDep,
    q: Annotated[
        str | None, Query(max_length=200, description="Names with this in them.")
    ] = None,
    stopped: Annotated[
        bool | None, Query(description="Only those that are, or are not.")
    ] = None,
    limit: Limit = DEFAULT,
    cursor: Cursor = None,
) -> Page[LiveBot]:
    """List the bots that are live, by name; also those that are stopped."""
    with writer.situation(caller.identity) as situation:
        found = situation.state.environment(environment)
        names = sorted_page(
            ((name, name) for name in _named(found, q, stopped=stopped)), limit, cursor
        )
        bots = tuple(live_bot(situation, found, name) for name in names.items)
    return Page(items=bots, next=names.next)


@router.get("/{name:path}")
def get_live_bot(
    environment: EnvironmentName,
    name: Annotated[str, Path(examples=["acme-air/support"])],
    caller: Reader,
    writer: WriterDep,
) -> LiveBotWithUses:
    """Read one live bot with all that it uses, and what came to be live by whom."""
    bot = check_name(name)
    with writer.situation(caller.identity) as situation:
        found = situation.state.environment(environment)
        if ref(Kind.BOT, bot) not in found.live:
            raise NotFound(
                f"the bot {bot} is not live in {environment}",
                hint=f"`placet asof {environment}` lists what is.",
            )
        return live_bot_with_uses(situation, found, bot)


def _named(
    environment: Environment, q: str | None, *, stopped: bool | None
) -> Iterator[str]:
    words = (q or "").lower()
    for name, bot in sorted(environment.bots.items()):
        is_stopped = bot.told.stopped is not None
        if (
            ref(Kind.BOT, name) in environment.live
            and words in name
            and stopped in {None, is_stopped}
        ):
            yield name
