"""Previews of proposals: what one would meet, before it is submitted."""

from fastapi import APIRouter

from registry.api.changes import ChangeId, ProposalBody, SubmitBody
from registry.api.deps import Caller, Reader, WriterDep
from registry.api.problems import problems
from registry.api.strict import FOR_CHANGES, StrictRoute
from registry.api.views.previews import ProposalPreview, proposal_preview
from registry.errors import Invalid, NotAllowed, NotFound, NotSignedIn, Unavailable
from registry.proposal_previews import preview

router = APIRouter(
    prefix="/v1/changes",
    tags=["changes"],
    route_class=StrictRoute,
    responses=problems(NotSignedIn, NotAllowed, Invalid),
)


@router.post(
    "/preview", responses=problems(NotFound, Unavailable), openapi_extra=FOR_CHANGES
)
def preview_change(
    body: SubmitBody, caller: Reader, writer: WriterDep
) -> ProposalPreview:
    """Read what a proposal would meet, without submitting it.

    Every mistake of every text, the smallest version that each may take and why, and
    the change as it would be. Its number and its digests are those of this moment.
    """
    caller.grant.check_environment(body.environment)
    with writer.situation(caller.identity) as situation:
        found = preview(situation, body.written(body.environment))
        return proposal_preview(
            body.environment, found, caller.identity, scope=_out_of_scope(caller)
        )


@router.post(
    "/{change}/revisions/preview",
    responses=problems(NotFound, Unavailable),
    openapi_extra=FOR_CHANGES,
)
def preview_revision(
    change: ChangeId, body: ProposalBody, caller: Reader, writer: WriterDep
) -> ProposalPreview:
    """Read what a revision of a change would meet, without submitting it."""
    with writer.situation(caller.identity) as situation:
        environment = situation.state.change(change).environment
        found = preview(situation, body.written(environment, revises=change))
        return proposal_preview(
            environment, found, caller.identity, scope=_out_of_scope(caller)
        )


def _out_of_scope(caller: Caller) -> str | None:
    """Why the caller's token cannot propose."""
    try:
        caller.check_proposes()
    except NotAllowed as error:
        return f"{error}. {error.hint}"
    return None
