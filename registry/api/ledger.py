"""The ledger: its events as they are, and whether it holds together."""

from collections.abc import Iterator
from typing import Annotated, Any

from fastapi import APIRouter, Query, Response
from fastapi.responses import StreamingResponse
from sqlalchemy import Engine

from registry.api.deps import Operating, PartsDep, Reader
from registry.api.pages import DEFAULT, Cursor, Limit, Page, dump_cursor, parse_number
from registry.api.problems import problems
from registry.api.strict import StrictRoute
from registry.db.engine import reading
from registry.db.history import read_bodies
from registry.errors import Invalid, LedgerBroken, NotAllowed, NotSignedIn, Unavailable
from registry.people import Role
from registry.writer.verify import Verified

router = APIRouter(
    prefix="/v1/ledger",
    tags=["ledger"],
    route_class=StrictRoute,
    responses=problems(NotSignedIn, NotAllowed, Invalid),
)

After = Annotated[int, Query(ge=0, lt=2**53, description="Begin after this number.")]
AT_ONCE = 500
VERIFIERS = (Role.AUDITOR, Role.OPERATOR, Role.ADMIN)


@router.get("/events", response_model=Page[dict[str, Any]])
def list_events(
    caller: Reader,
    parts: PartsDep,
    after: After = 0,
    limit: Limit = DEFAULT,
    cursor: Cursor = None,
) -> Response:
    """List events as they stand in the ledger, oldest first."""
    caller.grant.check_whole("the ledger")
    begin = parse_number(cursor) or after
    with reading(parts.opened.engine) as connection:
        bodies = read_bodies(connection, after=begin, limit=limit + 1)
    more = len(bodies) > limit
    following = f'"{dump_cursor(str(begin + limit))}"' if more else "null"
    # An event's bytes are canonical JSON, which nothing should write again.
    content = b'{"items":[%b],"next":%b}'
    return Response(
        content % (b",".join(bodies[:limit]), following.encode()),
        media_type="application/json",
    )


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


@router.post("/verify", responses=problems(LedgerBroken, Unavailable))
def verify_ledger(caller: Operating, parts: PartsDep) -> Verified:
    """Do everything again, beside what is there, and compare.

    It takes about a minute for a hundred thousand events; one at a time, for an
    auditor, an operator or an administrator.
    """
    caller.grant.check_whole("the ledger")
    caller.check_holds("verify the ledger", *VERIFIERS)
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
