"""Uses: what a live document is connected with."""

from typing import Annotated

from fastapi import APIRouter, Query

from registry.api.deps import Reader, StateDep
from registry.api.problems import problems
from registry.api.strict import StrictRoute
from registry.api.views.uses import UsesView, uses_view
from registry.api.writing import EnvironmentName
from registry.errors import Invalid, NotAllowed, NotFound, NotSignedIn
from registry.names import parse_ref

router = APIRouter(
    prefix="/v1/environments",
    tags=["environments"],
    route_class=StrictRoute,
    responses=problems(NotSignedIn, NotAllowed, NotFound, Invalid),
)


@router.get("/{environment}/uses")
def get_uses(
    environment: EnvironmentName,
    _: Reader,
    state: StateDep,
    document: Annotated[
        str, Query(examples=["fragments/acme-air/tone"], max_length=300)
    ],
) -> UsesView:
    """Read what uses a live document and what it uses, however far; nearest first."""
    return uses_view(state.environment(environment), parse_ref(document))
