"""Notifications: where notices go, and what went out."""

from typing import Annotated

from fastapi import APIRouter, Path, Query
from pydantic import Field

from registry.api.deps import Caller, PartsDep, Reader, SignedIn, StateDep
from registry.api.notifying import NewSecret, TargetView, Tried, WantedTarget
from registry.api.pages import DEFAULT, Cursor, Limit, Page, page, parse_number
from registry.api.problems import problems
from registry.api.strict import Body, StrictRoute
from registry.authorization import Action, authorize
from registry.db.delivery_list import Delivery, Outcome
from registry.errors import Conflict, Invalid, NotAllowed, NotFound, NotSignedIn
from registry.notices import Urgency
from registry.people import recognise
from registry.state import State
from registry.targets import MAX_NAME_CHARS, Filters, TargetKind

router = APIRouter(
    prefix="/v1",
    tags=["notifications"],
    route_class=StrictRoute,
    responses=problems(NotSignedIn, NotAllowed, Invalid),
)

TargetId = Annotated[str, Path(max_length=40, description="Its id.")]
Word = Annotated[str, Field(max_length=64, pattern=r"^\S+$")]


class TargetBody(Body):
    """Who is told; empty filters take everything."""

    kind: TargetKind = Field(description="`webhook`, `slack` or `email`.")
    name: str = Field(
        max_length=MAX_NAME_CHARS, description="Who listens there.", examples=["risk"]
    )
    address: str = Field(
        default="",
        max_length=2_000,
        description="Whom to call, over https; nothing for `email`, which goes to "
        "those whom a notice is for.",
        examples=["https://hooks.example.com/placet"],
    )
    environments: list[Word] = Field(default=[], max_length=50)
    kinds: list[Word] = Field(
        default=[], max_length=50, examples=[["stopped", "reminder-*"]]
    )
    urgency: Urgency = Field(
        default=Urgency.LOW, description="At least so urgent: `low`, `normal`, `high`."
    )


@router.get("/notification-targets")
def list_targets(
    caller: SignedIn, state: StateDep, parts: PartsDep
) -> Page[TargetView]:
    """List where notices go, as an administrator, oldest first; all on one page."""
    _check_manages(caller, state)
    return Page(items=parts.notifying.list_targets(), next=None)


@router.post(
    "/notification-targets", status_code=201, responses=problems(NotFound, Conflict)
)
def add_target(
    body: TargetBody, caller: SignedIn, state: StateDep, parts: PartsDep
) -> TargetView:
    """Have notices go somewhere; the secret of a webhook is told this once."""
    _check_manages(caller, state)
    wanted = WantedTarget(
        kind=body.kind,
        name=body.name,
        address=body.address,
        filters=Filters(
            environments=tuple(body.environments),
            kinds=tuple(body.kinds),
            urgency=body.urgency,
        ),
    )
    return parts.notifying.add(state, caller.person.handle, wanted)


@router.delete(
    "/notification-targets/{target}", status_code=204, responses=problems(NotFound)
)
def remove_target(
    target: TargetId, caller: SignedIn, state: StateDep, parts: PartsDep
) -> None:
    """Have no more notices go there; what still waits is given up."""
    _check_manages(caller, state)
    parts.notifying.remove(target)


@router.post(
    "/notification-targets/{target}/secret", responses=problems(NotFound, Conflict)
)
def rotate_secret(
    target: TargetId, caller: SignedIn, state: StateDep, parts: PartsDep
) -> NewSecret:
    """Sign with a new secret, and for a day with the one before as well."""
    _check_manages(caller, state)
    return parts.notifying.rotate(target)


@router.post("/notification-targets/{target}/test", responses=problems(NotFound))
def try_target(
    target: TargetId, caller: SignedIn, state: StateDep, parts: PartsDep
) -> Tried:
    """Send a notice there, now and once, and tell whether it was taken."""
    _check_manages(caller, state)
    return parts.notifying.try_out(state, caller.person.handle, target)


@router.get("/notifications")
def list_notifications(
    caller: Reader,
    state: StateDep,
    parts: PartsDep,
    outcome: Annotated[
        Outcome | None, Query(description="`waiting`, `delivered` or `failed`.")
    ] = None,
    limit: Limit = DEFAULT,
    cursor: Cursor = None,
) -> Page[Delivery]:
    """List what went out, what failed and what waits, newest first."""
    actor = recognise(caller.identity, state.people)
    authorize(actor, Action.READ_ALL)
    caller.grant.check_whole("the list of notifications")
    found = parts.notifying.list_deliveries(
        outcome=outcome, before=parse_number(cursor), limit=limit + 1
    )
    return page(((str(one.id), one) for one in found), limit)


def _check_manages(caller: Caller, state: State) -> None:
    authorize(recognise(caller.identity, state.people), Action.MANAGE_TARGETS)
