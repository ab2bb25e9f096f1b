"""Reviews and what waits: certifications, conditions, and each person's inbox."""

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, TypeVar

from fastapi import APIRouter, Query
from pydantic import AwareDatetime, Field

from registry import commands
from registry.api.deps import (
    Caller,
    IdempotencyKey,
    Now,
    Parts,
    PartsDep,
    Reader,
    SignedIn,
    StateDep,
    WriterDep,
)
from registry.api.pages import DEFAULT, Cursor, Limit, Page, page, parse_number
from registry.api.problems import problems
from registry.api.strict import Body, StrictRoute
from registry.api.views.alerts import alerts_waiting
from registry.api.views.checks import holding
from registry.api.views.reviews import ReviewView, review_view
from registry.api.writing import WRITES, EnvironmentName, Text
from registry.conditional_votes import ConditionStanding, ConditionStatus, conditions
from registry.errors import Invalid, NotAllowed, NotFound, NotSignedIn, RecalledContent
from registry.names import parse_digest, parse_ref
from registry.state import State
from registry.upkeep import Review, ReviewStatus, review, reviews
from registry.waiting import all_of, attention, everything, inbox
from registry.waits import Found, Waiting, WaitingFor
from registry.writer import Writer

T = TypeVar("T")

MOST_ALERTS = 200
"""In an inbox; `/v1/alerts` has them all."""

router = APIRouter(
    prefix="/v1",
    tags=["reviews"],
    route_class=StrictRoute,
    responses=problems(NotSignedIn, NotAllowed, Invalid),
)


class CertificationBody(Body):
    document: str = Field(examples=["prompts/acme-air/refunds"])
    digest: str = Field(description="Of what you read, and what is live.")
    until: AwareDatetime = Field(
        description="When it is to be reviewed again; within a year.",
        examples=["2027-05-01T00:00:00Z"],
    )
    seat: str | None = Field(
        default=None,
        description="Null: as its owner, deputy or risk partner; else a seat that the "
        "policy names for reviews.",
    )
    reason: Text = Field(description="What was looked at.")


@router.post(
    "/environments/{environment}/certifications",
    status_code=201,
    responses=WRITES | problems(RecalledContent),
)
def certify(
    environment: EnvironmentName,
    body: CertificationBody,
    caller: SignedIn,
    writer: WriterDep,
    parts: PartsDep,
    key: IdempotencyKey = None,
) -> Review:
    """Say that a live document is still right, until its next review."""
    document = parse_ref(body.document)
    command = commands.Certify(
        environment=environment,
        document=document,
        digest=parse_digest(body.digest),
        until=body.until,
        seat=body.seat,
        reason=body.reason,
    )
    state = writer.write(command, by=caller.identity, key=key).state
    where = state.environment(environment)
    if document not in where.live:
        raise NotFound(f"{document} is not live any more", hint="It was deleted since.")
    said_by = parts.said.among(state)
    return review(state, where, where.live[document], said_by, writer.now())


@router.get("/environments/{environment}/reviews", responses=problems(NotFound))
def list_reviews(
    environment: EnvironmentName,
    caller: Reader,
    writer: WriterDep,
    parts: PartsDep,
    now: Now,
    status: Annotated[ReviewStatus | None, Query(description="Only those.")] = None,
    waiting: Annotated[
        bool, Query(description="Only what is due, lapsed or unowned.")
    ] = False,
    document: Annotated[
        str | None, Query(description="Only this one.", max_length=300)
    ] = None,
    limit: Limit = DEFAULT,
    cursor: Cursor = None,
) -> Page[ReviewView]:
    """List what is live and when it is to be reviewed, what is due first."""
    with writer.situation(caller.identity) as situation:
        state = situation.state
    where = state.environment(environment)
    found = sorted(
        reviews(state, where, parts.said.among(state), now),
        key=lambda one: (one.due is None, one.due or now, one.document),
    )
    fitting = (
        review_view(situation, one)
        for one in found
        if status in {None, one.status}
        and document in {None, one.document}
        and (not waiting or one.status in _WAITING or one.unowned)
    )
    return _numbered(fitting, limit, cursor)


_WAITING = {ReviewStatus.DUE, ReviewStatus.LAPSED}


@router.get("/conditions", responses=problems(NotFound))
def list_conditions(
    caller: Reader,
    state: StateDep,
    now: Now,
    environment: Annotated[str | None, Query()] = None,
    status: Annotated[ConditionStatus | None, Query(description="Only those.")] = None,
    owner: Annotated[str | None, Query(description="Who answers for it.")] = None,
    limit: Limit = DEFAULT,
    cursor: Cursor = None,
) -> Page[ConditionStanding]:
    """List on which conditions people have approved, of the newest change first."""
    if environment is not None:
        caller.grant.check_environment(environment)
        state.environment(environment)
    found = (
        one
        for one in conditions(state, now)
        if caller.grant.sees(one.environment)
        and environment in {None, one.environment}
        and status in {None, one.status}
        and owner in {None, one.owner}
    )
    return _numbered(found, limit, cursor)


@router.get("/inbox")
def get_inbox(
    caller: SignedIn,
    state: StateDep,
    writer: WriterDep,
    parts: PartsDep,
    now: Now,
    limit: Limit = DEFAULT,
    cursor: Cursor = None,
) -> Page[Waiting]:
    """Read what waits for you, what is late first, and why it waits for you."""
    found = _everything(caller, state, writer, parts, now)
    return _numbered(inbox(found, caller.person.handle), limit, cursor)


@router.get("/attention")
def get_attention(
    caller: Reader,
    state: StateDep,
    writer: WriterDep,
    parts: PartsDep,
    now: Now,
    limit: Limit = DEFAULT,
    cursor: Cursor = None,
) -> Page[Waiting]:
    """Read what is late, whomever it waits for."""
    late = attention(_everything(caller, state, writer, parts, now))
    sees = caller.grant.sees
    seen = [one for one in late if one.environment is None or sees(one.environment)]
    return _numbered(seen, limit, cursor)


@router.get("/waiting")
def list_waiting(
    caller: Reader,
    state: StateDep,
    writer: WriterDep,
    parts: PartsDep,
    now: Now,
    kind: Annotated[WaitingFor | None, Query(description="Only that.")] = None,
    others: Annotated[
        bool, Query(description="Leave out what waits for you as well.")
    ] = False,
    stalled: Annotated[
        bool, Query(description="Only what nobody could do as things stand.")
    ] = False,
    limit: Limit = DEFAULT,
    cursor: Cursor = None,
) -> Page[Waiting]:
    """Read what waits, whomever it waits for, what is late first."""
    sees, you = caller.grant.sees, caller.person.handle
    fitting = (
        one
        for one in all_of(_everything(caller, state, writer, parts, now))
        if (one.environment is None or sees(one.environment))
        and kind in {None, one.kind}
        and not (others and you in one.asked)
        and (one.is_stalled or not stalled)
    )
    return _numbered(fitting, limit, cursor)


def _everything(
    caller: Caller, state: State, writer: Writer, parts: Parts, now: datetime
) -> tuple[Found, ...]:
    with writer.situation(caller.identity) as situation:
        documents = situation.documents
        found = parts.waiting.get(
            state,
            now,
            lambda: everything(
                state,
                documents,
                parts.said.among(state),
                holding(state, documents, now),
                now,
            ),
        )
    open_ones = parts.observing.alerts.list_alerts(
        environments=caller.grant.environments,
        resolved=False,
        before=None,
        limit=MOST_ALERTS,
    )
    return (*found, *alerts_waiting(state, open_ones))


def _numbered(found: Iterable[T], limit: int, cursor: str | None) -> Page[T]:
    begin = parse_number(cursor) or 0
    numbered = ((str(number), one) for number, one in enumerate(found, 1))
    return page((one for one in numbered if int(one[0]) > begin), limit)
