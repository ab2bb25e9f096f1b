"""Documents: every one that was ever live, with its versions and texts."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Response

from registry.api.deps import PartsDep, Reader, StateDep
from registry.api.pages import DEFAULT, Cursor, Limit, Page, sorted_page
from registry.api.problems import problems
from registry.api.strict import StrictRoute
from registry.api.views.documents import (
    DocumentSummary,
    DocumentView,
    document_names,
    document_summary,
    document_view,
    seen,
    version_digest,
)
from registry.db.engine import reading
from registry.db.history import read_first_changes, read_versions
from registry.db.texts import read_text
from registry.errors import Invalid, NotAllowed, NotFound, NotSignedIn
from registry.names import Kind, kind_of, parse_ref

router = APIRouter(
    prefix="/v1/documents",
    tags=["documents"],
    route_class=StrictRoute,
    responses=problems(NotSignedIn, NotAllowed, Invalid),
)

KindsPath = Annotated[str, Path(description="In the plural.", examples=["prompts"])]
NamePath = Annotated[str, Path(examples=["acme-air/refunds"])]
FOR_EVER = "private, max-age=31536000, immutable"


@router.get("")
def list_documents(
    caller: Reader,
    state: StateDep,
    kind: Annotated[Kind | None, Query()] = None,
    q: Annotated[
        str | None, Query(max_length=200, description="A part of the name.")
    ] = None,
    limit: Limit = DEFAULT,
    cursor: Cursor = None,
) -> Page[DocumentSummary]:
    """List the documents, and which version is live where."""
    environments = seen(state, caller.grant)
    wanted = (q or "").casefold()
    items = (
        (name, document_summary(environments, name))
        for name in document_names(state, caller.grant)
        if kind in {None, kind_of(name)} and wanted in name
    )
    return sorted_page(items, limit, cursor)


# A name has slashes in it, so the longer address has to be tried first.
@router.get(
    "/{kinds}/{name:path}/versions/{version}",
    response_class=Response,
    responses=problems(NotFound)
    | {200: {"content": {"text/yaml": {}}, "description": "The YAML, byte for byte."}},
)
def read_version(
    kinds: KindsPath,
    name: NamePath,
    version: str,
    caller: Reader,
    state: StateDep,
    parts: PartsDep,
) -> Response:
    """Read a version's own text; a version has the same bytes for ever."""
    document = parse_ref(f"{kinds}/{name}")
    with reading(parts.opened.engine) as connection:
        versions = read_versions(connection, seen(state, caller.grant), document)
        digest = version_digest(document, version, versions)
        source = read_text(connection, digest)
    return Response(
        source,
        media_type="text/yaml; charset=utf-8",
        headers={
            "Cache-Control": FOR_EVER,
            "ETag": f'"{digest}"',
            "Placet-Digest": digest,
        },
    )


@router.get("/{kinds}/{name:path}", responses=problems(NotFound))
def get_document(
    kinds: KindsPath, name: NamePath, caller: Reader, state: StateDep, parts: PartsDep
) -> DocumentView:
    """Read a document's versions, where it is live, and what uses it there."""
    document = parse_ref(f"{kinds}/{name}")
    environments = seen(state, caller.grant)
    with reading(parts.opened.engine) as connection:
        versions = read_versions(connection, environments, document)
        changes = read_first_changes(connection, environments, document)
    return document_view(environments, document, versions, changes)
