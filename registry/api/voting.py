"""Votes on changes, their conditions, and clearing a veto."""

from fastapi import APIRouter
from pydantic import AwareDatetime, Field

from registry import commands
from registry.api.changes import ChangeId
from registry.api.deps import IdempotencyKey, SignedIn, WriterDep
from registry.api.problems import problems
from registry.api.strict import Body, StrictRoute
from registry.api.views.changes import ChangeView
from registry.api.writing import ON_CHANGES, Text, changed
from registry.changes import Verdict
from registry.conditions import Condition
from registry.errors import Invalid, NotAllowed, NotSignedIn
from registry.names import parse_digest

router = APIRouter(
    prefix="/v1/changes",
    tags=["changes"],
    route_class=StrictRoute,
    responses=problems(NotSignedIn, NotAllowed, Invalid),
)


class ConditionBody(Body):
    text: Text = Field(description="What is to be done.")
    owner: str = Field(description="Who answers for it, by handle.")
    due: AwareDatetime = Field(
        description="From then on it is overdue.", examples=["2026-12-24T12:00:00Z"]
    )


class VoteBody(Body):
    review_digest: str = Field(
        description="The review digest of what you read, as `GET` told it."
    )
    verdict: Verdict
    seat: str = Field(description="The capacity in which you vote.")
    reason: Text = Field(default="", description="Needed unless you approve.")
    condition: ConditionBody | None = Field(
        default=None, description="What an approval still asks of somebody."
    )


class MeetBody(Body):
    voter: str = Field(description="Whose approval has the condition.")
    note: Text = Field(description="How it is met.")


class ClearanceBody(Body):
    veto_by: str = Field(description="Whose veto it is.")
    reason: Text


@router.post("/{change}/votes", status_code=201, responses=ON_CHANGES)
def vote(
    change: ChangeId,
    body: VoteBody,
    caller: SignedIn,
    writer: WriterDep,
    key: IdempotencyKey = None,
) -> ChangeView:
    """Vote on a change that you have read."""
    command = commands.Vote(
        change=change,
        review_digest=parse_digest(body.review_digest),
        verdict=body.verdict,
        seat=body.seat,
        reason=body.reason,
        condition=None
        if body.condition is None
        else Condition(
            text=body.condition.text,
            owner=body.condition.owner,
            due=body.condition.due,
        ),
    )
    return changed(writer, writer.write(command, by=caller.identity, key=key), caller)


@router.post("/{change}/conditions-met", status_code=201, responses=ON_CHANGES)
def meet_condition(
    change: ChangeId,
    body: MeetBody,
    caller: SignedIn,
    writer: WriterDep,
    key: IdempotencyKey = None,
) -> ChangeView:
    """Say that the condition of an approval is met, and how."""
    command = commands.MeetCondition(change=change, voter=body.voter, note=body.note)
    return changed(writer, writer.write(command, by=caller.identity, key=key), caller)


@router.post("/{change}/veto-clearances", status_code=201, responses=ON_CHANGES)
def clear_veto(
    change: ChangeId,
    body: ClearanceBody,
    caller: SignedIn,
    writer: WriterDep,
    key: IdempotencyKey = None,
) -> ChangeView:
    """Clear a veto: your own, or another's if the policy gives that to your seat."""
    command = commands.ClearVeto(
        change=change, veto_by=body.veto_by, reason=body.reason
    )
    return changed(writer, writer.write(command, by=caller.identity, key=key), caller)
