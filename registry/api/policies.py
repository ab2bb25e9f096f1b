"""Policies: who must agree before something goes live."""

from typing import Annotated

from fastapi import APIRouter
from pydantic import AwareDatetime, Field
from sqlalchemy import Connection

from registry import commands
from registry.api.deps import (
    IdempotencyKey,
    Now,
    PartsDep,
    Reader,
    SignedIn,
    StateDep,
    WriterDep,
)
from registry.api.pages import DEFAULT, Cursor, Limit, Page, sorted_page
from registry.api.problems import problems
from registry.api.strict import Body, StrictRoute
from registry.api.views.changes import ChangeView
from registry.api.views.documents import seen
from registry.api.views.people import PolicyView
from registry.api.writing import EARLIEST, SUBMITS, EnvironmentName, Text, changed
from registry.commands import PolicyText
from registry.db.engine import reading
from registry.db.texts import read_text
from registry.documents import Tier
from registry.errors import Invalid, NotAllowed, NotFound, NotSignedIn
from registry.names import parse_digest
from registry.policies import Policy
from registry.policy_explanations import Explanation, Needs, Supposed, explain, needs
from registry.policy_rules import FactName
from registry.policy_text import parse_policy
from registry.simulation import MAX_LAST, Simulation, simulate
from registry.state import Environment, State

router = APIRouter(
    prefix="/v1/policies",
    tags=["policies"],
    route_class=StrictRoute,
    responses=problems(NotSignedIn, NotAllowed, Invalid),
)


Source = Annotated[str, Field(description="The policy's YAML, whole.")]


class PolicyBody(Body):
    title: Text
    source: Source
    edited_from: str | None = Field(
        default=None,
        max_length=100,
        description="The digest of the policy that was in force when editing began; "
        "the change is refused as stale if another one is by now.",
    )
    earliest: AwareDatetime | None = EARLIEST


class SimulationBody(Body):
    source: Source
    last: Annotated[
        int,
        Field(
            ge=0,
            le=MAX_LAST,
            description="How many changes that went live are looked at, at most.",
        ),
    ] = 50


class ExplanationBody(Body):
    source: Annotated[
        str | None,
        Field(description="The YAML of another policy; null for the one in force."),
    ] = None


class NeedsBody(ExplanationBody):
    """An edit that nobody has made yet."""

    document: str = Field(max_length=300, examples=["prompts/acme-air/refunds"])
    tier: Tier | None = Field(
        default=None, description="Null: as what is live says; `high` for a new one."
    )
    facts: list[FactName] = Field(default=[], max_length=20)
    owners: list[str] = Field(
        default=[], max_length=20, description="Beside whoever owns what is live."
    )


@router.get("")
def list_policies(
    caller: Reader,
    state: StateDep,
    parts: PartsDep,
    limit: Limit = DEFAULT,
    cursor: Cursor = None,
) -> Page[PolicyView]:
    """List the policy in force in each environment."""
    environments = seen(state, caller.grant)
    with reading(parts.opened.engine) as connection:
        items = ((name, _view(connection, one)) for name, one in environments.items())
        return sorted_page(items, limit, cursor)


@router.get("/{environment}", responses=problems(NotFound))
def get_policy(
    environment: EnvironmentName, _: Reader, state: StateDep, parts: PartsDep
) -> PolicyView:
    """Read the policy in force, as text and as what it means."""
    with reading(parts.opened.engine) as connection:
        return _view(connection, state.environment(environment))


@router.post("/{environment}", status_code=201, responses=SUBMITS)
def submit_policy(
    environment: EnvironmentName,
    body: PolicyBody,
    caller: SignedIn,
    writer: WriterDep,
    key: IdempotencyKey = None,
) -> ChangeView:
    """Propose another policy; the old and the new one say who must agree."""
    text = _parsed(environment, body.source)
    began = body.edited_from
    command = commands.SubmitPolicy(
        title=body.title,
        text=text,
        edited_from=None if began is None else parse_digest(began),
        earliest=body.earliest,
    )
    return changed(writer, writer.write(command, by=caller.identity, key=key), caller)


@router.post("/{environment}/simulation", responses=problems(NotFound))
def simulate_policy(
    environment: EnvironmentName,
    body: SimulationBody,
    caller: Reader,
    state: StateDep,
    writer: WriterDep,
    now: Now,
) -> Simulation:
    """See which changes another policy would decide differently; nothing is written."""
    state.environment(environment)
    text = _parsed(environment, body.source)
    with writer.situation(caller.identity) as situation:
        return simulate(state, text.policy, situation.documents, now, last=body.last)


@router.post("/{environment}/explanation", responses=problems(NotFound))
def explain_policy(
    environment: EnvironmentName,
    body: ExplanationBody,
    _: Reader,
    state: StateDep,
    now: Now,
) -> Explanation:
    """Read a policy in words, with who holds each seat, and what it leaves to nobody.

    It is the one in force, or another one, which is checked with it; nothing is
    written.
    """
    return explain(state, _meant(state, environment, body.source), now)


@router.post("/{environment}/needs", responses=problems(NotFound))
def explain_edit(
    environment: EnvironmentName, body: NeedsBody, _: Reader, state: StateDep, now: Now
) -> Needs:
    """Read whom an edit would need, and who could agree, before anybody has made it."""
    policy = _meant(state, environment, body.source)
    edit = Supposed(
        document=body.document,
        tier=body.tier,
        facts=tuple(body.facts),
        owners=tuple(body.owners),
    )
    return needs(state, policy, edit, now)


def _meant(state: State, environment: str, source: str | None) -> Policy:
    in_force = state.environment(environment).policy
    return in_force if source is None else _parsed(environment, source).policy


def _parsed(environment: str, source: str) -> PolicyText:
    text = parse_policy(source.encode())
    if text.policy.environment != environment:
        raise Invalid(
            f"this is a policy for {text.policy.environment}",
            hint=f"Write `environment: {environment}`, or send it over there.",
        )
    return text


def _view(connection: Connection, environment: Environment) -> PolicyView:
    digest = environment.policy_digest
    return PolicyView(
        environment=environment.name,
        digest=digest,
        since=environment.policy_since,
        source=read_text(connection, digest).decode(),
        policy=environment.policy,
    )
