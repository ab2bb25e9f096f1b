"""The application: everything that answers over HTTP, put together.

Nothing here is read from the environment, and nothing is global: an application
is made from an open registry, and tests make as many as they like.
"""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from functools import cache
from importlib.metadata import version

from fastapi import APIRouter, FastAPI
from sqlalchemy import Engine
from starlette.routing import BaseRoute
from starlette.types import ASGIApp, Lifespan

from registry.api import (
    acts,
    answers,
    as_of,
    bindings,
    cases,
    changes,
    checks,
    documents,
    emergencies,
    environments,
    evidence,
    fetches,
    guarding,
    health,
    if_live,
    ledger,
    live_bots,
    moves,
    notifications,
    observations,
    people,
    policies,
    previewing,
    problems,
    ratifications,
    recalls,
    reviews,
    roles,
    search,
    sessions,
    sign_in,
    timelines,
    tokens,
    uses,
    voting,
)
from registry.api.access import Access
from registry.api.all_waiting import AllWaiting
from registry.api.answering import Answering
from registry.api.browser import Reached
from registry.api.chatbots import Chatbots
from registry.api.collecting import Collecting
from registry.api.deps import Parts
from registry.api.docs_page import docs_page
from registry.api.door import Door
from registry.api.git import routes as git
from registry.api.git.places import Places
from registry.api.grants import Grants
from registry.api.notifying import Notifying
from registry.api.observing import Observing
from registry.api.openapi import DESCRIPTION, TAGS, describe
from registry.api.pulse import Pulse
from registry.api.verifying import Verifying
from registry.db.operations import Operations
from registry.db.said import SaidTexts
from registry.models import Models
from registry.outbox import PLAIN, Outgoing
from registry.retirements import Calendar
from registry.rounds import Rounds, running
from registry.writer import Clock, Mirroring, Open

ROUTERS = (
    sessions,
    sign_in,
    changes,
    previewing,
    cases,
    if_live,
    voting,
    checks,
    emergencies,
    ratifications,
    reviews,
    environments,
    live_bots,
    as_of,
    timelines,
    guarding,
    moves,
    bindings,
    answers,
    observations,
    fetches,
    notifications,
    documents,
    search,
    uses,
    recalls,
    policies,
    people,
    roles,
    tokens,
    acts,
    evidence,
    ledger,
    git,
    health,
)


def grants_of(opened: Open, operations_engine: Engine, clock: Clock) -> Grants:
    """What may be done with each session and token, for an open registry."""
    return Grants(
        Operations(operations_engine),
        people=lambda: opened.writer.state.people,
        clock=clock,
    )


def create_app(
    opened: Open,
    operations_engine: Engine,
    clock: Clock,
    chatbots: Chatbots | None = None,
    *,
    grants: Grants | None = None,
    calendar: Calendar | None = None,
    mirroring: Mirroring | None = None,
    leads: Callable[[], bool] = lambda: True,
    catch_up: Callable[[], None] = lambda: None,
    outgoing: Outgoing = PLAIN,
    models: Models | None = None,
) -> Door:
    """An application for an open registry.

    Args:
        chatbots: Answers what chatbots read, before anything else looks at it, and
            counts it; without it there is nothing to count.
        grants: Those that *chatbots* goes by, so that what is revoked here is
            refused there at once and not a second later.
        calendar: What others say about retirements; without it nobody says.
        leads: Whether this process does what happens by itself.
        catch_up: Takes in what another process has done, before people are answered.
        outgoing: How notices leave; what is due is sent by `registry.outbox`. It
            says where people find the registry and the console as well.
        mirroring: Knows how the mirrors stand; without it there are none.
        models: Asks models to try prompts; without it nothing is asked.
    """
    grants = grants or grants_of(opened, operations_engine, clock)
    operations = Operations(operations_engine)
    pulse = Pulse(opened.engine)
    app = _routes(_refreshing(grants, pulse))
    app.state.parts = Parts(
        opened=opened,
        operations=operations,
        grants=grants,
        access=Access(
            operations=operations,
            grants=grants,
            state=lambda: opened.writer.state,
            clock=clock,
        ),
        verifying=Verifying(opened),
        collecting=Collecting(opened, operations_engine),
        observing=Observing(opened.engine, operations_engine, clock),
        notifying=Notifying(operations_engine, outgoing, clock),
        said=SaidTexts(opened.engine),
        waiting=AllWaiting(),
        fetches=chatbots.fetches if chatbots else None,
        calendar=calendar or Calendar(()),
        pulse=pulse,
        mirroring=mirroring,
        leads=leads,
        catch_up=catch_up,
        git=Places(),
        answering=Answering(models or Models({}), clock),
        docs=cache(lambda: docs_page(app.openapi())),
        reached=Reached(url=outgoing.url or None, console=outgoing.console),
    )
    return Door(app, grants=grants, clock=clock, chatbots=chatbots)


def routes_of(app: ASGIApp) -> FastAPI:
    """What is behind the door, to look at."""
    assert isinstance(app, Door)  # noqa: S101 (narrows)
    return app.behind


def _routes(lifespan: Lifespan[FastAPI]) -> FastAPI:
    app = FastAPI(
        title="Placet",
        version=version("placet-server"),
        description=DESCRIPTION,
        openapi_tags=TAGS,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        lifespan=lifespan,
    )
    problems.install(app)
    app.router.routes.extend(_included())
    describe(app)
    return app


@cache
def _included() -> tuple[BaseRoute, ...]:
    """Every route, for all applications of a process.

    What a route takes and gives is worked out when it is first asked for, and kept
    with it; that takes longer than to answer.
    """
    every = APIRouter()
    for module in ROUTERS:
        every.include_router(module.router)
    return tuple(every.routes)


def _refreshing(grants: Grants, pulse: Pulse) -> Lifespan[FastAPI]:
    """While the application runs, take in what other processes have granted."""

    def lifespan(_: FastAPI) -> AbstractAsyncContextManager[None]:
        return running(
            Rounds(grants.keep_current, name="grants"), Rounds(pulse.look, name="pulse")
        )

    return lifespan
