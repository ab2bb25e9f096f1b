"""Observations: which models really answered; alerts: where that is not as agreed.

A token that reads may report, about the bots that it reads: why, says ADR 17.
"""

from typing import Annotated

from fastapi import APIRouter, Path, Query
from pydantic import AwareDatetime, Field

from registry.api.deps import AnyCaller, Now, PartsDep, Reader, SignedIn, StateDep
from registry.api.observing import Taken
from registry.api.pages import DEFAULT, Cursor, Limit, Page, page, parse_number
from registry.api.problems import problems
from registry.api.strict import Body, StrictRoute
from registry.api.writing import EnvironmentName, Text
from registry.authorization import Action, authorize
from registry.db.alerts import Alert
from registry.db.observations import Observation
from registry.errors import Invalid, NotAllowed, NotFound, NotSignedIn, TooManyTries
from registry.names import Digest, check_name
from registry.observations import Claim

MAX_BATCH = 1_000
MAX_COUNT = 1_000_000
MAX_MODEL_CHARS = 200
MAX_REASON_CHARS = 1_000
MAX_ID = 2**31

router = APIRouter(
    prefix="/v1",
    tags=["observations"],
    route_class=StrictRoute,
    responses=problems(NotSignedIn, NotAllowed, Invalid),
)


class ObservationBody(Body):
    bot: str = Field(max_length=200, examples=["acme-air/support"])
    seq: int = Field(ge=1, lt=MAX_ID, description="As the bundle says.")
    bundle: str = Field(pattern="^sha256:[0-9a-f]{64}$", description="Its digest.")
    role: str = Field(
        max_length=64,
        pattern="^[a-z][a-z0-9_-]*$",
        description="The binding's role in the bot.",
        examples=["main"],
    )
    response_model: str = Field(
        min_length=1,
        max_length=MAX_MODEL_CHARS,
        description="The model that the platform said had answered.",
        examples=["gpt-4o-2024-08-06"],
    )
    fingerprint: str | None = Field(
        default=None,
        max_length=MAX_MODEL_CHARS,
        description="What else the platform said of it.",
    )
    at: AwareDatetime = Field(description="When it last happened.")
    count: int = Field(default=1, ge=1, le=MAX_COUNT, description="How often.")


class ObservationsBody(Body):
    observations: list[ObservationBody] = Field(min_length=1, max_length=MAX_BATCH)


class ResolutionBody(Body):
    reason: Text = Field(description="What was found, and done about it.")


@router.post(
    "/environments/{environment}/observations",
    responses=problems(NotFound, TooManyTries),
)
def report_observations(
    environment: EnvironmentName,
    body: ObservationsBody,
    caller: AnyCaller,
    state: StateDep,
    parts: PartsDep,
) -> Taken:
    """Report which models answered; what cannot be believed is told, and not kept."""
    state.environment(environment)
    claims = [
        Claim(
            bot=one.bot,
            seq=one.seq,
            bundle=Digest(one.bundle),
            role=one.role,
            response_model=one.response_model,
            fingerprint=one.fingerprint or "",
            at=one.at,
            count=one.count,
        )
        for one in body.observations
    ]
    return parts.observing.take(caller.grant, environment, claims)


@router.get("/environments/{environment}/observations", responses=problems(NotFound))
def list_observations(
    environment: EnvironmentName,
    _: Reader,
    state: StateDep,
    parts: PartsDep,
    bot: Annotated[str | None, Query(max_length=200)] = None,
    limit: Limit = DEFAULT,
    cursor: Cursor = None,
) -> Page[Observation]:
    """List which models answered, seen last first."""
    state.environment(environment)
    begin = parse_number(cursor) or 0
    found = parts.observing.observations.list_observations(
        environment,
        None if bot is None else check_name(bot),
        offset=begin,
        limit=limit + 1,
    )
    numbered = enumerate(found, begin + 1)
    return page(((str(number), one) for number, one in numbered), limit)


@router.get("/alerts", responses=problems(NotFound))
def list_alerts(
    caller: Reader,
    state: StateDep,
    parts: PartsDep,
    environment: Annotated[str | None, Query(max_length=60)] = None,
    resolved: Annotated[
        bool | None, Query(description="Only those that are, or are not.")
    ] = None,
    limit: Limit = DEFAULT,
    cursor: Cursor = None,
) -> Page[Alert]:
    """List what somebody has to look at, newest first."""
    seen = caller.grant.environments
    if environment is not None:
        caller.grant.check_environment(environment)
        seen = frozenset({state.environment(environment).name})
    found = parts.observing.alerts.list_alerts(
        environments=seen,
        resolved=resolved,
        before=parse_number(cursor),
        limit=limit + 1,
    )
    return page(((str(alert.id), alert) for alert in found), limit)


@router.post("/alerts/{alert}/resolution", responses=problems(NotFound))
def resolve_alert(
    alert: Annotated[int, Path(ge=1, lt=MAX_ID)],
    body: ResolutionBody,
    caller: SignedIn,
    parts: PartsDep,
    now: Now,
) -> Alert:
    """Say that an alert was dealt with, and how."""
    authorize(caller.actor, Action.RESOLVE_ALERT)
    reason = body.reason.strip()
    plain = reason.replace("\n", "").isprintable()
    if not reason or not plain or len(reason) > MAX_REASON_CHARS:
        raise Invalid(
            "an alert is resolved with a reason",
            hint=f"Say what was found, in at most {MAX_REASON_CHARS:,} characters.",
        )
    return parts.observing.alerts.resolve(
        alert, at=now, by=caller.person.handle, reason=reason
    )
