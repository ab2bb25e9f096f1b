"""Changes: proposing, reading, deciding on and activating them."""

from collections.abc import Iterator
from typing import Annotated

from fastapi import APIRouter, Path, Query
from pydantic import AwareDatetime, Field

from registry import commands
from registry.activations import ActivationPreview, preview
from registry.api.deps import (
    IdempotencyKey,
    Known,
    Now,
    Operating,
    PartsDep,
    Proposer,
    Reader,
    StateDep,
    WriterDep,
)
from registry.api.pages import DEFAULT, Cursor, Limit, Page, page, parse_number
from registry.api.problems import problems
from registry.api.strict import FOR_CHANGES, Body, StrictRoute
from registry.api.views.change_lists import StatusAsked, newest_first
from registry.api.views.changes import ChangeSummary, ChangeView, view
from registry.api.views.checks import holding
from registry.api.views.differences import (
    Difference,
    difference,
    environment_before,
    policy_difference,
)
from registry.api.views.environments import Done, done
from registry.api.writing import EARLIEST, ON_CHANGES, SUBMITS, Text, changed
from registry.changes import ChangeType
from registry.db.engine import reading
from registry.db.history import read_revision_number
from registry.db.texts import read_text
from registry.documents import parse
from registry.errors import (
    Conflict,
    Invalid,
    InvalidDocument,
    NotAgreed,
    NotAllowed,
    NotFound,
    NotSignedIn,
    RecalledContent,
)
from registry.names import Digest, Ref, parse_digest, parse_ref
from registry.proposal_previews import Written

router = APIRouter(
    prefix="/v1/changes",
    tags=["changes"],
    route_class=StrictRoute,
    responses=problems(NotSignedIn, NotAllowed, Invalid),
)

ChangeId = Annotated[int, Path(ge=1, lt=2**53, description="The change's number.")]


class DocumentBody(Body):
    source: str = Field(description="The document's YAML, whole.")


class ProposalBody(Body):
    """What to put in place, and what to delete."""

    title: Text = Field(description="One line that says what the change does.")
    documents: list[DocumentBody] = Field(default=[], max_length=1000)
    deleted: list[str] = Field(
        default=[], max_length=1000, examples=[["prompts/acme-air/refunds"]]
    )
    edited_from: dict[str, str | None] = Field(
        default={},
        max_length=1000,
        description="For each document the digest that was live when the editing "
        "began, null for none. If another is live by now nothing is submitted.",
    )
    earliest: AwareDatetime | None = EARLIEST

    def proposal(self) -> commands.Proposal:
        return commands.Proposal(
            title=self.title,
            documents=tuple(parse(d.source.encode()) for d in self.documents),
            deleted=tuple(map(parse_ref, self.deleted)),
            edited_from=tuple(self._edited_from()),
            earliest=self.earliest,
        )

    def written(self, environment: str, *, revises: int | None = None) -> Written:
        """What is proposed, whatever is wrong with it."""
        return Written(
            environment=environment,
            title=self.title,
            sources=tuple(d.source.encode() for d in self.documents),
            deleted=tuple(map(parse_ref, self.deleted)),
            edited_from=tuple(self._edited_from()),
            earliest=self.earliest,
            revises=revises,
        )

    def _edited_from(self) -> Iterator[tuple[Ref, Digest | None]]:
        for name, digest in sorted(self.edited_from.items()):
            yield parse_ref(name), None if digest is None else parse_digest(digest)


class SubmitBody(ProposalBody):
    environment: str


class CommentBody(Body):
    text: Text


class ActivationBody(Body):
    review_digest: str = Field(description="Of what you mean to activate.")


class ReasonBody(Body):
    reason: Text


@router.post(
    "",
    status_code=201,
    responses=SUBMITS,
    openapi_extra=FOR_CHANGES,
)
def submit_change(
    body: SubmitBody, caller: Proposer, writer: WriterDep, key: IdempotencyKey = None
) -> ChangeView:
    """Propose to replace or delete documents of one environment."""
    caller.grant.check_environment(body.environment)
    command = commands.Submit(environment=body.environment, proposal=body.proposal())
    return changed(writer, writer.write(command, by=caller.identity, key=key), caller)


@router.get("", responses=problems(NotFound))
def list_changes(
    caller: Reader,
    state: StateDep,
    writer: WriterDep,
    now: Now,
    environment: Annotated[str | None, Query()] = None,
    status: Annotated[StatusAsked | None, Query()] = None,
    author: Annotated[str | None, Query()] = None,
    q: Annotated[
        str | None,
        Query(max_length=200, description="Words of the title, or of a name in it."),
    ] = None,
    limit: Limit = DEFAULT,
    cursor: Cursor = None,
) -> Page[ChangeSummary]:
    """List changes, newest first."""
    if environment is not None:
        caller.grant.check_environment(environment)
        state.environment(environment)
    with writer.situation(caller.identity) as situation:
        found = newest_first(
            state,
            now,
            environment=environment,
            status=status,
            author=author,
            text=q,
            before=parse_number(cursor),
            held_by=holding(state, situation.documents, now),
        )
        seen = (one for one in found if caller.grant.sees(one.environment))
        return page(((str(one.id), one) for one in seen), limit)


@router.get("/{change}", responses=problems(NotFound))
def get_change(
    change: ChangeId, caller: Reader, state: StateDep, writer: WriterDep, now: Now
) -> ChangeView:
    """Read a change: where it stands, why, and who could still agree."""
    found = state.change(change)
    with writer.situation(caller.identity) as situation:
        return view(state, found, now, caller.identity, situation.documents)


@router.get("/{change}/difference", responses=problems(NotFound))
def get_difference(
    change: ChangeId, caller: Reader, state: StateDep, parts: PartsDep, now: Now
) -> Difference:
    """Read what a change changes, as texts and as chatbots would read it."""
    found = state.change(change)
    environment = state.environment(found.environment)
    # One connection after the other: whoever holds one and waits for a second
    # waits for ever once all of them are held by others who do the same.
    with reading(parts.opened.engine) as connection:
        if found.type is ChangeType.POLICY:
            return policy_difference(
                found.revision,
                environment.name,
                lambda digest: read_text(connection, digest),
            )
        number = read_revision_number(connection, change, found.revision.number)
    then = environment_before(environment, number)
    with parts.opened.writer.situation(caller.identity) as situation:
        return difference(
            then,
            found,
            situation.documents,
            today=now.date(),
            people=state.people,
        )


@router.post(
    "/{change}/revisions",
    status_code=201,
    responses=SUBMITS,
    openapi_extra=FOR_CHANGES,
)
def revise_change(
    change: ChangeId,
    body: ProposalBody,
    caller: Proposer,
    writer: WriterDep,
    key: IdempotencyKey = None,
) -> ChangeView:
    """Propose something else in the same change; the voting starts again."""
    command = commands.Revise(change=change, proposal=body.proposal())
    return changed(writer, writer.write(command, by=caller.identity, key=key), caller)


@router.post("/{change}/comments", status_code=201, responses=ON_CHANGES)
def comment(
    change: ChangeId,
    body: CommentBody,
    caller: Proposer,
    writer: WriterDep,
    key: IdempotencyKey = None,
) -> ChangeView:
    """Say something about a change; it has no effect on the voting."""
    command = commands.Comment(change=change, text=body.text)
    return changed(writer, writer.write(command, by=caller.identity, key=key), caller)


@router.post(
    "/{change}/activation", status_code=201, responses=ON_CHANGES | problems(NotAgreed)
)
def activate_change(
    change: ChangeId,
    body: ActivationBody,
    caller: Operating,
    writer: WriterDep,
    key: IdempotencyKey = None,
) -> Done:
    """Make a change live that was agreed to."""
    digest = parse_digest(body.review_digest)
    command = commands.Activate(change=change, review_digest=digest)
    return done(writer.write(command, by=caller.identity, key=key))


@router.get(
    "/{change}/activation/preview",
    responses=problems(NotFound, Conflict, InvalidDocument, RecalledContent),
)
def preview_activation(
    change: ChangeId, caller: Reader, writer: WriterDep
) -> ActivationPreview:
    """Read which open changes it would make stale to make a change live now.

    Agreed to or not. Of one that could not go live it says why.
    """
    with writer.situation(caller.identity) as situation:
        return preview(situation, change)


@router.post("/{change}/withdrawal", status_code=201, responses=ON_CHANGES)
def withdraw_change(
    change: ChangeId,
    body: ReasonBody,
    caller: Known,
    writer: WriterDep,
    key: IdempotencyKey = None,
) -> ChangeView:
    """Take a change back that you have written."""
    caller.check_proposes()
    command = commands.Withdraw(change=change, reason=body.reason)
    return changed(writer, writer.write(command, by=caller.identity, key=key), caller)
