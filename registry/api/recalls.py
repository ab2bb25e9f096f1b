"""Recalls: digests that turned out to be harmful."""

from fastapi import APIRouter
from pydantic import Field

from registry import commands
from registry.api.deps import IdempotencyKey, Operating, Reader, StateDep, WriterDep
from registry.api.pages import DEFAULT, Cursor, Limit, Page, sorted_page
from registry.api.problems import problems
from registry.api.strict import Body, StrictRoute
from registry.api.views.documents import RecallView, recall_view
from registry.api.writing import WRITES, Text
from registry.errors import Invalid, NotAllowed, NotSignedIn
from registry.names import parse_digest

router = APIRouter(
    prefix="/v1/recalls",
    tags=["recalls"],
    route_class=StrictRoute,
    responses=problems(NotSignedIn, NotAllowed, Invalid),
)


class RecallBody(Body):
    digest: str = Field(description="Of a document, or of what is served for it.")
    reason: Text


@router.get("")
def list_recalls(
    caller: Reader, state: StateDep, limit: Limit = DEFAULT, cursor: Cursor = None
) -> Page[RecallView]:
    """List what was recalled, and where it is still live."""
    items = ((d, recall_view(state, caller.grant, d)) for d in sorted(state.recalled))
    return sorted_page(items, limit, cursor)


@router.post("", status_code=201, responses=WRITES)
def recall(
    body: RecallBody, caller: Operating, writer: WriterDep, key: IdempotencyKey = None
) -> RecallView:
    """Recall a digest: it is never activated again, by anyone."""
    caller.grant.check_whole("a recall")
    digest = parse_digest(body.digest)
    command = commands.Recall(digest=digest, reason=body.reason)
    written = writer.write(command, by=caller.identity, key=key)
    return recall_view(written.state, caller.grant, digest)
