"""Search: words in what is live."""

from operator import itemgetter
from typing import Annotated

from fastapi import APIRouter, Query

from registry.api.deps import PartsDep, Reader, StateDep
from registry.api.pages import DEFAULT, Cursor, Limit, Page, sorted_page
from registry.api.problems import problems
from registry.api.strict import StrictRoute
from registry.api.views.documents import seen
from registry.api.views.searching import Found, found
from registry.db.engine import reading
from registry.db.history import read_live_texts
from registry.errors import Invalid, NotAllowed, NotFound, NotSignedIn
from registry.names import Kind

router = APIRouter(
    prefix="/v1/search",
    tags=["documents"],
    route_class=StrictRoute,
    responses=problems(NotSignedIn, NotAllowed, NotFound, Invalid),
)


@router.get("")
def search(
    caller: Reader,
    state: StateDep,
    parts: PartsDep,
    q: Annotated[str, Query(min_length=1, max_length=200, description="Words.")],
    kind: Annotated[Kind | None, Query()] = None,
    environment: Annotated[
        str | None, Query(description="Only what is live there.", max_length=60)
    ] = None,
    limit: Limit = DEFAULT,
    cursor: Cursor = None,
) -> Page[Found]:
    """Find the live texts in which all the words are."""
    where = list(seen(state, caller.grant))
    if environment is not None:
        caller.grant.check_environment(environment)
        where = [state.environment(environment).name]
    with reading(parts.opened.engine) as connection:
        texts = read_live_texts(connection, where, kind)
        items = [(f"{one.document} {one.environment}", one) for one in found(texts, q)]
    # Databases differ in how they sort text, so they are not asked to.
    return sorted_page(sorted(items, key=itemgetter(0)), limit, cursor)
