"""Bindings: which models are live, and which of them will not be there for long."""

from datetime import UTC
from typing import Annotated

from fastapi import APIRouter, Query

from registry.api.deps import Now, PartsDep, Reader, StateDep
from registry.api.pages import (
    DEFAULT,
    Cursor,
    Limit,
    Page,
    page,
    parse_number,
    sorted_page,
)
from registry.api.problems import problems
from registry.api.strict import StrictRoute
from registry.api.views.bindings import (
    BindingView,
    RetirementView,
    binding_views,
    retirement_views,
)
from registry.api.writing import EnvironmentName
from registry.db.bindings import LiveBindings, read_live_bindings
from registry.db.engine import reading
from registry.errors import Invalid, NotAllowed, NotFound, NotSignedIn
from registry.retirements import NEAR_DAYS

router = APIRouter(
    prefix="/v1/environments/{environment}",
    tags=["bindings"],
    route_class=StrictRoute,
    responses=problems(NotSignedIn, NotAllowed, NotFound, Invalid),
)

Within = Annotated[
    str,
    Query(
        pattern="^(0|[1-9][0-9]{0,4})d$",
        description="How soon, in days.",
        examples=["90d"],
    ),
]


@router.get("/bindings")
def list_bindings(
    environment: EnvironmentName,
    _: Reader,
    state: StateDep,
    parts: PartsDep,
    limit: Limit = DEFAULT,
    cursor: Cursor = None,
) -> Page[BindingView]:
    """List the live model bindings, and the bots that they answer for."""
    state.environment(environment)
    views = binding_views(_live(parts, environment), parts.calendar)
    return sorted_page(((view.binding, view) for view in views), limit, cursor)


@router.get("/retirements")
def list_retirements(
    environment: EnvironmentName,
    _: Reader,
    state: StateDep,
    parts: PartsDep,
    now: Now,
    within: Within = f"{NEAR_DAYS}d",
    limit: Limit = DEFAULT,
    cursor: Cursor = None,
) -> Page[RetirementView]:
    """List live bindings whose models stop answering soon, or have; soonest first."""
    state.environment(environment)
    begin = parse_number(cursor) or 0
    views = retirement_views(
        _live(parts, environment),
        parts.calendar,
        now.astimezone(UTC).date(),
        int(within.removesuffix("d")),
    )
    numbered = enumerate(views[begin:], begin + 1)
    return page(((str(number), view) for number, view in numbered), limit)


def _live(parts: PartsDep, environment: str) -> LiveBindings:
    with reading(parts.opened.engine) as connection:
        return read_live_bindings(connection, environment)
