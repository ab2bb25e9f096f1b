"""If it were live: what chatbots would read after a change or a stop, to try it."""

from typing import Annotated

from fastapi import APIRouter, Path, Response

from registry.api.deps import PartsDep, Reader
from registry.api.problems import problems
from registry.api.strict import StrictRoute
from registry.api.writing import EnvironmentName
from registry.composition import Composed
from registry.errors import (
    Conflict,
    Invalid,
    InvalidDocument,
    NotAllowed,
    NotFound,
    NotSignedIn,
)
from registry.if_live import served_beneath, served_if_live
from registry.names import Kind, check_name, ref
from registry.people import Identity
from registry.state import Environment
from registry.writer import Writer

router = APIRouter(
    prefix="/v1",
    route_class=StrictRoute,
    responses=problems(NotSignedIn, NotAllowed, Invalid),
)

ChangeId = Annotated[int, Path(ge=1, lt=2**53, description="The change's number.")]
BYTES = problems(NotFound, Conflict, InvalidDocument) | {
    200: {
        "content": {"application/json": {}},
        "description": "As it would be served, byte for byte.",
    }
}


@router.get(
    "/changes/{change}/bots/{name:path}",
    tags=["changes"],
    response_class=Response,
    responses=BYTES,
)
def read_bot_if_live(
    change: ChangeId,
    name: Annotated[str, Path(examples=["acme-air/support"])],
    caller: Reader,
    parts: PartsDep,
) -> Response:
    """Read the bundle that a bot would be told if an open change were live now."""
    return _served(parts.opened.writer, caller.identity, change, Kind.BOT, name)


@router.get(
    "/changes/{change}/prompts/{name:path}",
    tags=["changes"],
    response_class=Response,
    responses=BYTES,
)
def read_prompt_if_live(
    change: ChangeId,
    name: Annotated[str, Path(examples=["acme-air/refunds"])],
    caller: Reader,
    parts: PartsDep,
) -> Response:
    """Read a prompt as it would be served if an open change were live now."""
    return _served(parts.opened.writer, caller.identity, change, Kind.PROMPT, name)


@router.get(
    "/environments/{environment}/resumptions/bots/{name:path}",
    tags=["environments"],
    response_class=Response,
    responses=BYTES,
)
def read_bot_beneath(
    environment: EnvironmentName,
    name: Annotated[str, Path(examples=["acme-air/support"])],
    caller: Reader,
    parts: PartsDep,
) -> Response:
    """Read the bundle that a stopped bot would be told if it answered again now."""
    bot = ref(Kind.BOT, check_name(name))
    caller.grant.check_bot(name)
    with parts.opened.writer.situation(caller.identity) as situation:
        where = situation.state.environment(environment)
        found = served_beneath(where, situation.documents, bot)
    return _answer(where, found)


def _served(
    writer: Writer, asking: Identity, number: int, kind: Kind, name: str
) -> Response:
    document = ref(kind, check_name(name))
    with writer.situation(asking) as situation:
        change = situation.state.change(number)
        environment = situation.state.environment(change.environment)
        found = served_if_live(environment, change, situation.documents, document)
    return _answer(environment, found)


def _answer(environment: Environment, found: Composed) -> Response:
    return Response(
        found.body,
        media_type="application/json",
        headers={
            "Cache-Control": "private, no-cache",
            "Placet-Environment": environment.name,
            "Placet-Seq": str(environment.seq),
            "Placet-Digest": found.digest,
        },
    )
