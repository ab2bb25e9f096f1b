"""Documents: every one that was ever live, with its versions and texts."""

from collections.abc import Callable
from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Response
from pydantic import AwareDatetime

from registry.api.deps import Now, PartsDep, Reader, StateDep
from registry.api.pages import DEFAULT, Cursor, Limit, Page, page, parse_cursor
from registry.api.problems import problems
from registry.api.strict import StrictRoute
from registry.api.views.cases import VersionCases
from registry.api.views.catalogue import (
    DocumentSummary,
    Shelves,
    Wanted,
    document_summary,
    fitting,
)
from registry.api.views.documents import (
    DocumentView,
    document_names,
    document_view,
    seen,
    version_digest,
)
from registry.db.catalogue import read_about, read_labelled
from registry.db.engine import reading
from registry.db.history import read_first_changes, read_versions
from registry.db.texts import read_text
from registry.documents import Tier
from registry.errors import Invalid, NotAllowed, NotFound, NotSignedIn
from registry.names import Digest, Kind, parse_ref
from registry.parts import mappings
from registry.upkeep import ReviewStatus

router = APIRouter(
    prefix="/v1/documents",
    tags=["documents"],
    route_class=StrictRoute,
    responses=problems(NotSignedIn, NotAllowed, Invalid),
)

KindsPath = Annotated[str, Path(description="In the plural.", examples=["prompts"])]
NamePath = Annotated[str, Path(examples=["acme-air/refunds"])]
FOR_EVER = "private, max-age=31536000, immutable"


Label = Annotated[
    str | None,
    Query(
        pattern="^[a-z0-9][a-z0-9._-]{0,63}(=.{0,200})?$",
        description="A label's name, or its name and value.",
        examples=["channel=web"],
    ),
]


def _everything(caller: Reader, state: StateDep, parts: PartsDep, now: Now) -> Shelves:
    """What whoever asks may look at."""
    return Shelves(
        state=state,
        environments=seen(state, caller.grant),
        only=None,
        said_by=parts.said.among(state),
        now=now,
    )


def _shelves(
    caller: Reader,
    state: StateDep,
    everything: Annotated[Shelves, Depends(_everything)],
    environment: Annotated[
        str | None, Query(description="Only what is live there.", max_length=60)
    ] = None,
) -> Shelves:
    if environment is None:
        return everything
    caller.grant.check_environment(environment)
    state.environment(environment)
    return replace(everything, only=environment)


def _labelled(
    shelves: Annotated[Shelves, Depends(_shelves)],
    parts: PartsDep,
    label: Label = None,
) -> Callable[[Digest], bool] | None:
    if label is None:
        return None
    name, is_valued, value = label.partition("=")
    only = shelves.only
    where = list(shelves.environments) if only is None else [only]
    with reading(parts.opened.engine) as connection:
        found = read_labelled(connection, where, name, value if is_valued else None)
    return found.__contains__


def _wanted(
    labelled: Annotated[Callable[[Digest], bool] | None, Depends(_labelled)],
    kind: Annotated[Kind | None, Query()] = None,
    q: Annotated[
        str | None, Query(max_length=200, description="A part of the name.")
    ] = None,
    owner: Annotated[
        str | None, Query(max_length=200, description="Who answers for it.")
    ] = None,
    tier: Annotated[Tier | None, Query()] = None,
    review: Annotated[
        ReviewStatus | None, Query(description="How its review stands.")
    ] = None,
    due_before: Annotated[
        AwareDatetime | None,
        Query(description="What was to be reviewed by then, or is overdue already."),
    ] = None,
) -> Wanted:
    return Wanted(
        kind=kind,
        name=(q or "").casefold(),
        owner=owner,
        tier=tier,
        review=review,
        due_before=due_before,
        labelled=labelled,
    )


@router.get("", responses=problems(NotFound))
def list_documents(
    caller: Reader,
    state: StateDep,
    shelves: Annotated[Shelves, Depends(_shelves)],
    wanted: Annotated[Wanted, Depends(_wanted)],
    limit: Limit = DEFAULT,
    cursor: Cursor = None,
) -> Page[DocumentSummary]:
    """List the documents: what is live where, whose it is, how its review stands."""
    after = parse_cursor(cursor) or ""
    names = (one for one in document_names(state, caller.grant) if one > after)
    return page(
        (
            (one, document_summary(shelves, one))
            for one in fitting(shelves, names, wanted)
        ),
        limit,
    )


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


@router.get(
    "/{kinds}/{name:path}/versions/{version}/cases", responses=problems(NotFound)
)
def list_version_cases(
    kinds: KindsPath,
    name: NamePath,
    version: str,
    caller: Reader,
    state: StateDep,
    parts: PartsDep,
) -> VersionCases:
    """List the cases of a version, as values: what its author has tried it with."""
    document = parse_ref(f"{kinds}/{name}")
    with reading(parts.opened.engine) as connection:
        versions = read_versions(connection, seen(state, caller.grant), document)
    digest = version_digest(document, version, versions)
    with parts.opened.writer.situation(caller.identity) as situation:
        cases = mappings(situation.documents[digest].value, "cases")
    return VersionCases(document=document, version=version, cases=tuple(cases))


@router.get("/{kinds}/{name:path}", responses=problems(NotFound))
def get_document(
    kinds: KindsPath,
    name: NamePath,
    parts: PartsDep,
    shelves: Annotated[Shelves, Depends(_everything)],
) -> DocumentView:
    """Read a document's versions, where it is live, and what uses it there."""
    document = parse_ref(f"{kinds}/{name}")
    where = shelves.environments
    with reading(parts.opened.engine) as connection:
        versions = read_versions(connection, where, document)
        changes = read_first_changes(connection, where, document)
        about = read_about(
            connection, [live.document.composed for _, live in shelves.asked(document)]
        )
    return document_view(shelves, document, versions, changes, about)
