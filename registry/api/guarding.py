"""Guardrails: trying one that is live on a text."""

from typing import Annotated, Literal

from fastapi import APIRouter, Path
from pydantic import Field, JsonValue

from registry.api.deps import AnyCaller, PartsDep
from registry.api.environments import At, Seq, as_of
from registry.api.problems import problems
from registry.api.strict import Body, StrictRoute
from registry.api.views.environments import composed_digest
from registry.api.views.guarding import Checked, checked
from registry.api.writing import EnvironmentName
from registry.db.engine import reading
from registry.db.history import read_served
from registry.errors import (
    Deleted,
    Invalid,
    NotAllowed,
    NotFound,
    NotSettled,
    NotSignedIn,
)
from registry.names import Kind, check_name, ref

router = APIRouter(
    prefix="/v1/environments",
    tags=["environments"],
    route_class=StrictRoute,
    responses=problems(NotSignedIn, NotAllowed, Invalid),
)


class ToolCallBody(Body):
    name: str = Field(description="The name of the tool.", max_length=200)
    arguments: dict[str, JsonValue] = Field(
        default={}, description="What the tool is given, by name.", max_length=1000
    )


class CheckBody(Body):
    stage: Literal["input", "output", "retrieval", "tool_call", "tool_result"]
    text: str | None = Field(
        default=None, description="The text to check; of at most 262,144 characters."
    )
    tool_call: ToolCallBody | None = Field(
        default=None, description="The call to check, at the stage `tool_call`."
    )


@router.post(
    "/{environment}/guardrails/{name:path}:check",
    responses=problems(NotFound, Deleted, NotSettled),
)
def check_guardrail(
    environment: EnvironmentName,
    name: Annotated[str, Path(examples=["acme-air/no-promises"])],
    body: CheckBody,
    caller: AnyCaller,
    parts: PartsDep,
    at: At = None,
    seq: Seq = None,
) -> Checked:
    """Run a guardrail that is or was live on a text, and get what a chatbot would do.

    A check with an `external` engine cannot be run here and is an error among the
    findings.
    """
    caller.grant.check_documents()
    document = ref(Kind.GUARDRAIL, check_name(name))
    state, found, wanted = as_of(parts.opened.writer, environment, at, seq)
    digest = composed_digest(state, found, document, wanted)
    with reading(parts.opened.engine) as connection:
        served = read_served(connection, digest)
    return checked(
        served,
        digest,
        environment=environment,
        seq=wanted,
        stage=body.stage,
        text=body.text,
        tool_call=None if body.tool_call is None else body.tool_call.model_dump(),
    )
