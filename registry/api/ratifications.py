"""Ratifications: what went live without agreement, for people to judge afterwards."""

from typing import Annotated

from fastapi import APIRouter, Path, Query
from pydantic import Field

from registry import commands
from registry.api.deps import (
    IdempotencyKey,
    Now,
    Reader,
    SignedIn,
    StateDep,
    WriterDep,
)
from registry.api.pages import DEFAULT, Cursor, Limit, Page, page, parse_number
from registry.api.problems import problems
from registry.api.strict import Body, StrictRoute
from registry.api.views import ratifications as views
from registry.api.views.ratifications import RatificationSummary, RatificationView
from registry.api.writing import ON_CHANGES, Text
from registry.errors import Invalid, NotAllowed, NotFound, NotSignedIn
from registry.judgements import get_ratification
from registry.names import parse_digest
from registry.ratification import Judgement, RatificationStatus

router = APIRouter(
    prefix="/v1/ratifications",
    tags=["ratifications"],
    route_class=StrictRoute,
    responses=problems(NotSignedIn, NotAllowed, Invalid),
)

RatificationId = Annotated[
    int, Path(ge=1, lt=2**53, description="The number of the activation's event.")
]


class JudgementBody(Body):
    activated: str = Field(
        description="The digest of the activation's event, as `GET` told it."
    )
    judgement: Judgement
    seat: str = Field(description="The capacity in which you judge.")
    reason: Text = Field(default="", description="Needed to repudiate.")


@router.get("", responses=problems(NotFound))
def list_ratifications(
    caller: Reader,
    state: StateDep,
    now: Now,
    environment: Annotated[str | None, Query()] = None,
    status: Annotated[
        RatificationStatus | None,
        Query(description="`open` is whatever is not decided, `overdue` included."),
    ] = None,
    limit: Limit = DEFAULT,
    cursor: Cursor = None,
) -> Page[RatificationSummary]:
    """List what has to be ratified, or was, newest first."""
    if environment is not None:
        caller.grant.check_environment(environment)
        state.environment(environment)
    found = views.newest_first(
        state,
        now,
        environment=environment,
        status=status,
        before=parse_number(cursor),
    )
    seen = (one for one in found if caller.grant.sees(one.environment))
    return page(((str(one.id), one) for one in seen), limit)


@router.get("/{ratification}", responses=problems(NotFound))
def get_one(
    ratification: RatificationId, caller: Reader, state: StateDep, now: Now
) -> RatificationView:
    """Read what has to be ratified: why, until when, and who could still agree."""
    found = get_ratification(state, ratification)
    return views.view(state, found, now, caller.identity)


@router.post("/{ratification}/judgements", status_code=201, responses=ON_CHANGES)
def judge(
    ratification: RatificationId,
    body: JudgementBody,
    caller: SignedIn,
    writer: WriterDep,
    key: IdempotencyKey = None,
) -> RatificationView:
    """Agree afterwards to what went live, or do not."""
    command = commands.Judge(
        ratification=ratification,
        activated=parse_digest(body.activated),
        judgement=body.judgement,
        seat=body.seat,
        reason=body.reason,
    )
    written = writer.write(command, by=caller.identity, key=key)
    found = get_ratification(written.state, ratification)
    return views.view(written.state, found, writer.now(), caller.identity)
