"""Emergencies: making a change live that was not agreed to."""

from fastapi import APIRouter
from pydantic import Field

from registry import commands
from registry.api.changes import ChangeId
from registry.api.deps import IdempotencyKey, SignedIn, WriterDep
from registry.api.problems import problems
from registry.api.strict import Body, StrictRoute
from registry.api.views.environments import Done, done
from registry.api.writing import ON_CHANGES, Text
from registry.errors import Invalid, NotAgreed, NotAllowed, NotSignedIn
from registry.names import parse_digest

router = APIRouter(
    prefix="/v1/changes",
    tags=["changes"],
    route_class=StrictRoute,
    responses=problems(NotSignedIn, NotAllowed, Invalid),
)


class EmergencyBody(Body):
    review_digest: str = Field(description="Of what you mean to activate.")
    seat: str = Field(description="One that the policy lets do this.")
    incident: str = Field(max_length=200, examples=["INC-7"])
    reason: Text


@router.post(
    "/{change}/emergency", status_code=201, responses=ON_CHANGES | problems(NotAgreed)
)
def activate_in_emergency(
    change: ChangeId,
    body: EmergencyBody,
    caller: SignedIn,
    writer: WriterDep,
    key: IdempotencyKey = None,
) -> Done:
    """Make a change live without agreement, to be ratified afterwards.

    The answer's `ratification` is what this has opened.
    """
    command = commands.ActivateInEmergency(
        change=change,
        review_digest=parse_digest(body.review_digest),
        seat=body.seat,
        incident=body.incident,
        reason=body.reason,
    )
    return done(writer.write(command, by=caller.identity, key=key))
