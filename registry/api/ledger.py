"""The ledger: all of it, what was signed, and whether it holds together."""

from collections.abc import Iterator
from typing import Annotated, Any

from fastapi import APIRouter, Path, Response
from fastapi.responses import StreamingResponse
from sqlalchemy import Engine

from registry.api.deps import AnyCaller, Operating, PartsDep, Reader
from registry.api.problems import problems
from registry.api.strict import StrictRoute
from registry.authorization import Action, authorize
from registry.db.engine import reading
from registry.db.history import read_bodies
from registry.db.texts import has_text, read_text
from registry.errors import (
    Invalid,
    LedgerBroken,
    NotAllowed,
    NotFound,
    NotSignedIn,
    Unavailable,
)
from registry.names import parse_digest
from registry.signed_notes import dump_verifier
from registry.writer import MirrorState
from registry.writer.verify import Verified

router = APIRouter(
    prefix="/v1/ledger",
    tags=["ledger"],
    route_class=StrictRoute,
    responses=problems(NotSignedIn, NotAllowed, Invalid),
)

AT_ONCE = 500


@router.get(
    "/export",
    response_class=StreamingResponse,
    responses={
        200: {
            "content": {"application/x-ndjson": {}},
            "description": "Every event in canonical JSON, one a line.",
        }
    },
)
def export_events(caller: Reader, parts: PartsDep) -> StreamingResponse:
    """Read every event, to keep a copy or to check the chain elsewhere."""
    caller.grant.check_whole("the ledger")
    return StreamingResponse(
        _lines(parts.opened.engine), media_type="application/x-ndjson"
    )


@router.get(
    "/texts/{digest}",
    response_class=Response,
    responses=problems(NotFound)
    | {200: {"content": {"text/yaml": {}}, "description": "The text, byte for byte."}},
)
def read_ledger_text(
    digest: Annotated[str, Path(description="`sha256:` and 64 digits.")],
    caller: Reader,
    parts: PartsDep,
) -> Response:
    """Read any text that an event names: what was proposed, live, or a policy."""
    caller.grant.check_whole("the ledger")
    wanted = parse_digest(digest)
    with reading(parts.opened.engine) as connection:
        if not has_text(connection, wanted):
            raise NotFound(
                f"no event brought the text {digest}",
                hint="Events name their texts in `edits`: `GET /v1/ledger/events`.",
            )
        source = read_text(connection, wanted)
    return Response(
        source,
        media_type="text/yaml; charset=utf-8",
        headers={"Cache-Control": "private, max-age=31536000, immutable"},
    )


def _text(description: str) -> dict[int | str, dict[str, Any]]:
    """A plain text, for OpenAPI."""
    return {200: {"content": {"text/plain": {}}, "description": description}}


@router.get(
    "/checkpoint",
    response_class=Response,
    responses=problems(NotFound) | _text("A signed note: origin, size, root."),
)
def read_checkpoint(_: AnyCaller, parts: PartsDep) -> Response:
    """Read what was signed last: how many events there are, and their root.

    Keep it somewhere else. `placet verify --checkpoint` tells later whether the
    ledger still is what it was.
    """
    newest = parts.opened.checkpoints.newest
    if newest is None:
        raise NotFound(
            "nothing is signed yet", hint="Ask again in a moment; the log says why."
        )
    return Response(
        newest,
        media_type="text/plain; charset=utf-8",
        headers={"Cache-Control": "private, no-cache"},
    )


@router.get("/keys", response_class=Response, responses=_text("A verifier key a line."))
def read_keys(_: AnyCaller, parts: PartsDep) -> Response:
    """Read the keys that checkpoints are verified with, the newest last.

    Whoever could rewrite the ledger could answer this, too: compare it with what
    was told when the registry began.
    """
    keys = "".join(
        f"{dump_verifier(key)}\n" for key in parts.opened.checkpoints.verifiers
    )
    return Response(keys, media_type="text/plain; charset=utf-8")


@router.get("/mirrors")
def list_mirrors(caller: Reader, parts: PartsDep) -> list[MirrorState]:
    """List where the ledger is copied to, and what each copy lacks."""
    caller.grant.check_whole("the ledger")
    return [] if parts.mirroring is None else parts.mirroring.states()


@router.post("/verify", responses=problems(LedgerBroken, Unavailable))
def verify_ledger(caller: Operating, parts: PartsDep) -> Verified:
    """Do everything again, beside what is there, and compare.

    It takes about a minute for a hundred thousand events; one at a time, for an
    auditor, an operator or an administrator.
    """
    caller.grant.check_whole("the ledger")
    authorize(caller.actor, Action.VERIFY)
    return parts.verifying.verify()


def _lines(engine: Engine) -> Iterator[bytes]:
    """Numbers have no gaps, so that many read so far is the last one's number."""
    after = 0
    while True:
        with reading(engine) as connection:
            bodies = read_bodies(connection, after=after, limit=AT_ONCE)
        if not bodies:
            return
        yield b"".join(body + b"\n" for body in bodies)
        after += len(bodies)
