"""Moves: what takes an environment from one sequence number to the next.

Beside activating a change: promoting from another environment, rolling back,
and stopping and resuming a bot.
"""

from typing import Annotated

from fastapi import APIRouter
from pydantic import AwareDatetime, Field

from registry import commands, promotions, resumption_previews, rollback_previews
from registry.api.deps import (
    IdempotencyKey,
    Known,
    Proposer,
    Reader,
    WriterDep,
)
from registry.api.problems import problems
from registry.api.strict import Body, StrictRoute
from registry.api.views.changes import ChangeView
from registry.api.views.environments import Done, done
from registry.api.writing import EARLIEST, WRITES, EnvironmentName, Text, changed
from registry.errors import (
    Invalid,
    InvalidDocument,
    NotAgreed,
    NotAllowed,
    NotSettled,
    NotSignedIn,
    RecalledContent,
)
from registry.names import check_name, parse_digest, parse_ref
from registry.promotions import PromotionPreview
from registry.resumption_previews import ResumptionPreview
from registry.rollback_previews import Preview

router = APIRouter(
    prefix="/v1/environments",
    tags=["moves"],
    route_class=StrictRoute,
    responses=problems(NotSignedIn, NotAllowed, Invalid),
)


ExpectedSeq = Annotated[
    int | None,
    Field(
        ge=0,
        lt=2**53,
        description="The environment's, when you read what this would do: refused if "
        "it has moved since.",
    ),
]


class PromotionBody(Body):
    """What to bring here from another environment."""

    source: str = Field(description="The environment to take from.")
    documents: list[str] = Field(
        min_length=1,
        max_length=1000,
        description="A bot comes with everything that it uses.",
        examples=[["bots/acme-air/support"]],
    )
    title: Text
    earliest: AwareDatetime | None = EARLIEST
    expected: dict[str, str] | None = Field(
        default=None,
        max_length=10_000,
        description="The digest of each document that you read it brings, as in "
        "`taken` of the preview: refused if it would bring anything else by now.",
        examples=[{"bots/acme-air/support": f"sha256:{'0' * 64}"}],
    )

    def command(self, target: str) -> commands.Promote:
        return commands.Promote(
            title=self.title,
            source=self.source,
            target=target,
            documents=tuple(map(parse_ref, self.documents)),
            earliest=self.earliest,
            expected=None
            if self.expected is None
            else tuple(
                (parse_ref(name), parse_digest(digest))
                for name, digest in sorted(self.expected.items())
            ),
        )


class RollbackBody(Body):
    """What to put back, and to when: exactly one of each."""

    document: str | None = Field(
        default=None,
        description="A bot goes back with what it used then.",
        examples=["bots/acme-air/support"],
    )
    all: bool = Field(default=False, description="The whole environment.")
    to_seq: int | None = Field(default=None, ge=1, lt=2**53)
    to_moment: AwareDatetime | None = None
    to_version: str | None = Field(default=None, max_length=64)
    undo: int | None = Field(
        default=None,
        ge=1,
        lt=2**53,
        description="Instead of all that: what this seq replaced goes back to what "
        "it was before.",
    )
    reason: Text = Field(default="", description="Needed, but not for a preview.")
    propose: bool = Field(
        default=False, description="Open a change for it instead of doing it."
    )
    expected_seq: ExpectedSeq = None

    def command(self, environment: str) -> commands.Rollback:
        scopes = (self.document is not None, self.all, self.undo is not None)
        if sum(scopes) != 1:
            raise Invalid(
                "a rollback is of one document, of everything or of one seq",
                hint="Give `document`, `all: true` for the whole environment, or "
                "`undo`.",
            )
        return commands.Rollback(
            environment=environment,
            scope=None if self.document is None else parse_ref(self.document),
            to_seq=self.to_seq,
            to_moment=self.to_moment,
            to_version=self.to_version,
            propose=self.propose,
            reason=self.reason,
            undo=self.undo,
            expected_seq=self.expected_seq,
        )


class StopBody(Body):
    bot: str = Field(examples=["acme-air/support"])
    reason: Text


class StoppedBotBody(Body):
    bot: str = Field(examples=["acme-air/support"])


class ResumptionBody(Body):
    bot: str = Field(examples=["acme-air/support"])
    title: Text
    earliest: AwareDatetime | None = EARLIEST
    expected_seq: ExpectedSeq = None


@router.post("/{environment}/promotions", status_code=201, responses=WRITES)
def promote(
    environment: EnvironmentName,
    body: PromotionBody,
    caller: Proposer,
    writer: WriterDep,
    key: IdempotencyKey = None,
) -> ChangeView:
    """Propose to bring here what another environment has."""
    caller.grant.check_environment(body.source)
    command = body.command(environment)
    return changed(writer, writer.write(command, by=caller.identity, key=key), caller)


@router.post(
    "/{environment}/promotions/preview", responses=WRITES | problems(InvalidDocument)
)
def preview_promotion(
    environment: EnvironmentName,
    body: PromotionBody,
    caller: Reader,
    writer: WriterDep,
) -> PromotionPreview:
    """Read what a promotion would propose, and leave out, without proposing it."""
    caller.grant.check_environment(body.source)
    with writer.situation(caller.identity) as situation:
        return promotions.preview(situation, body.command(environment))


@router.post(
    "/{environment}/rollbacks",
    status_code=201,
    responses=WRITES | problems(NotAgreed, NotSettled),
)
def roll_back(
    environment: EnvironmentName,
    body: RollbackBody,
    caller: Known,
    writer: WriterDep,
    key: IdempotencyKey = None,
) -> Done | ChangeView:
    """Put back what was live before, at once, or propose to."""
    if body.propose:
        caller.check_proposes()
    else:
        caller.check_operates()
    written = writer.write(body.command(environment), by=caller.identity, key=key)
    return changed(writer, written, caller) if body.propose else done(written)


@router.post("/{environment}/rollbacks/preview", responses=WRITES)
def preview_rollback(
    environment: EnvironmentName, body: RollbackBody, caller: Reader, writer: WriterDep
) -> Preview:
    """Read what a rollback would do, and undo, without doing it."""
    with writer.situation(caller.identity) as situation:
        return rollback_previews.preview(situation, body.command(environment))


@router.post("/{environment}/stops", status_code=201, responses=WRITES)
def stop_bot(
    environment: EnvironmentName,
    body: StopBody,
    caller: Known,
    writer: WriterDep,
    key: IdempotencyKey = None,
) -> Done:
    """Stop a bot at once: it says its fallback until it is resumed."""
    caller.check_operates()
    command = commands.Stop(
        environment=environment, bot=check_name(body.bot), reason=body.reason
    )
    return done(writer.write(command, by=caller.identity, key=key))


@router.post("/{environment}/resumptions", status_code=201, responses=WRITES)
def resume_bot(
    environment: EnvironmentName,
    body: ResumptionBody,
    caller: Proposer,
    writer: WriterDep,
    key: IdempotencyKey = None,
) -> ChangeView:
    """Propose that a stopped bot answers again."""
    command = commands.Resume(
        environment=environment,
        bot=check_name(body.bot),
        title=body.title,
        earliest=body.earliest,
        expected_seq=body.expected_seq,
    )
    return changed(writer, writer.write(command, by=caller.identity, key=key), caller)


@router.post(
    "/{environment}/resumptions/preview", responses=WRITES | problems(RecalledContent)
)
def preview_resumption(
    environment: EnvironmentName,
    body: StoppedBotBody,
    caller: Reader,
    writer: WriterDep,
) -> ResumptionPreview:
    """Read whom it would take to have a bot answer again, stopped or not yet."""
    with writer.situation(caller.identity) as situation:
        return resumption_previews.preview(situation, environment, check_name(body.bot))
