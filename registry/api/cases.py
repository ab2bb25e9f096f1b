"""Cases: what a document's own cases come to, before a change and after it."""

from typing import Annotated

from fastapi import APIRouter, Path, Query

from registry.api.deps import PartsDep, Reader, StateDep
from registry.api.problems import problems
from registry.api.strict import StrictRoute
from registry.api.views.cases import CaseOutcomes, cases_of
from registry.api.views.differences import environment_before
from registry.db.engine import reading
from registry.db.history import read_revision_number
from registry.errors import Invalid, NotAllowed, NotFound, NotSignedIn
from registry.names import parse_ref

router = APIRouter(
    prefix="/v1/changes",
    tags=["changes"],
    route_class=StrictRoute,
    responses=problems(NotSignedIn, NotAllowed, Invalid),
)


@router.get("/{change}/cases", responses=problems(NotFound))
def list_cases(
    change: Annotated[int, Path(ge=1, lt=2**53, description="The change's number.")],
    document: Annotated[
        str,
        Query(
            description="A prompt or guardrail that would read differently.",
            examples=["prompts/acme-air/refunds"],
        ),
    ],
    caller: Reader,
    state: StateDep,
    parts: PartsDep,
) -> CaseOutcomes:
    """Read what a document's own cases come to, before the change and after it."""
    found = state.change(change)
    environment = state.environment(found.environment)
    # One connection after the other, as for the difference.
    with reading(parts.opened.engine) as connection:
        number = read_revision_number(connection, change, found.revision.number)
    then = environment_before(environment, number)
    with parts.opened.writer.situation(caller.identity) as situation:
        return cases_of(then, found, situation.documents, parse_ref(document))
