"""Answers: asking the model of a bot, to see what it would say."""

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import Field, JsonValue

from placet.bundles import Bundle
from registry.api.answering import Question, asked_about, bundle_after, bundle_at
from registry.api.deps import Caller, Parts, PartsDep, Reader, SignedIn
from registry.api.environments import At, Seq, as_of
from registry.api.pages import Page
from registry.api.problems import problems
from registry.api.strict import Body, StrictRoute
from registry.api.views.answers import AnswerView, Askable
from registry.api.writing import EnvironmentName
from registry.authorization import Action, authorize
from registry.db.engine import reading
from registry.errors import (
    Conflict,
    Deleted,
    Invalid,
    InvalidDocument,
    NotAllowed,
    NotFound,
    NotSettled,
    NotSignedIn,
    TooLarge,
    TooManyTries,
    Unavailable,
)
from registry.names import check_name

router = APIRouter(
    prefix="/v1/environments",
    tags=["bindings"],
    route_class=StrictRoute,
    responses=problems(NotSignedIn, NotAllowed, Invalid),
)

Number = Annotated[
    int | None,
    Query(ge=1, lt=2**53, description="As if this open change were live."),
]
_READS = problems(NotFound, Deleted, NotSettled, InvalidDocument)


class QuestionBody(Body):
    """What to ask, as whom."""

    bot: str = Field(max_length=200, examples=["acme-air/support"])
    prompt: str = Field(max_length=200, description="The role of the prompt in it.")
    binding: str | None = Field(
        default=None,
        max_length=200,
        description="The role of the binding; without it `main`, or the only one.",
    )
    values: dict[str, JsonValue] = Field(
        default={},
        max_length=1000,
        description="A value for each input of the prompt, and the messages for each "
        "of its placeholders.",
    )


@router.get("/{environment}/answering", responses=_READS)
def list_askable(
    environment: EnvironmentName,
    caller: Reader,
    parts: PartsDep,
    bot: Annotated[str, Query(examples=["acme-air/support"])],
    at: At = None,
    seq: Seq = None,
    change: Number = None,
) -> Page[Askable]:
    """Read which models of a bot can be asked, why others cannot, and if you may."""
    caller.grant.check_bot(check_name(bot))
    bundle = _bundle(parts, caller, environment, bot, (at, seq), change)
    return Page(items=parts.answering.askable(caller.actor, bundle), next=None)


@router.post(
    "/{environment}/answers",
    responses=_READS | problems(Conflict, TooLarge, TooManyTries, Unavailable),
)
def ask_model(
    environment: EnvironmentName,
    body: QuestionBody,
    caller: SignedIn,
    parts: PartsDep,
    at: At = None,
    seq: Seq = None,
    change: Number = None,
) -> AnswerView:
    """Render a bot's prompt, send it to the model that it is bound to, and check it.

    It costs what the platform takes for it.  Nothing of it is kept.
    """
    bot = check_name(body.bot)
    authorize(caller.actor, Action.ASK, asked_about(environment, bot))
    bundle = _bundle(parts, caller, environment, bot, (at, seq), change)
    question = Question(prompt=body.prompt, binding=body.binding, values=body.values)
    return parts.answering.ask(caller.person.handle, bundle, question)


def _bundle(
    parts: Parts,
    caller: Caller,
    environment: str,
    bot: str,
    when: tuple[At, Seq],
    change: int | None,
) -> Bundle:
    writer = parts.opened.writer
    at, seq = when
    if change is None:
        state, found, wanted = as_of(writer, environment, at, seq)
        with reading(parts.opened.engine) as connection:
            return bundle_at(connection, state, found, bot, wanted)
    if at is not None or seq is not None:
        raise Invalid(
            "an open change is laid over what is live now",
            hint="Give `change`, or `at` or `seq`.",
        )
    with writer.situation(caller.identity) as situation:
        found = situation.state.environment(environment)
        return bundle_after(situation, found, change, bot)
