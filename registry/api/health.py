"""Health, schemas, and the pages that explain the rest; nobody signs in for it."""

from dataclasses import dataclass
from enum import StrEnum

from fastapi import APIRouter, Response
from fastapi.responses import HTMLResponse

from registry.api.deps import PartsDep
from registry.api.problems import problems
from registry.api.schema_texts import schema_answer
from registry.api.strict import StrictRoute
from registry.errors import Invalid, NotFound, Unavailable
from registry.writer import Mirroring

router = APIRouter(tags=["health"], route_class=StrictRoute)


@dataclass(frozen=True, slots=True, kw_only=True)
class Alive:
    alive: bool


class Copies(StrEnum):
    """How the mirrors of the ledger stand, the worst of them."""

    NONE = "none"
    CURRENT = "current"
    BEHIND = "behind"
    DIVERGED = "diverged"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ready:
    """Attributes:
    writes: False while the ledger has to be looked at; reading goes on.
    signed: False while what was signed is not what there is: an alarm.
    leads: Whether this process does what happens by itself, mirrors and signs: of
        several on one folder one does, and another as soon as it is gone.
    mirrors: How they stand; `GET /v1/ledger/mirrors` tells of each.
    """

    ready: bool
    writes: bool
    signed: bool
    leads: bool
    mirrors: Copies


@router.get("/livez")
def tell_alive() -> Alive:
    """Tell whether the process answers."""
    return Alive(alive=True)


@router.get("/readyz", responses=problems(Unavailable))
def tell_ready(parts: PartsDep) -> Ready:
    """Tell whether the tables can be read, and whether writes are taken."""
    if not parts.pulse.readable:
        raise Unavailable(
            "the tables cannot be read",
            hint="The registry's own log says why; it goes on trying.",
        )
    return Ready(
        ready=True,
        writes=parts.opened.writer.halted is None,
        signed=parts.opened.checkpoints.wrong is None,
        leads=parts.leads(),
        mirrors=_copies(parts.mirroring),
    )


def _copies(mirroring: Mirroring | None) -> Copies:
    states = [] if mirroring is None else mirroring.states()
    if not states:
        return Copies.NONE
    if any(state.diverged for state in states):
        return Copies.DIVERGED
    behind = any(state.problem or state.behind != 0 for state in states)
    return Copies.BEHIND if behind else Copies.CURRENT


@router.get(
    "/schemas/{kind}.json",
    response_class=Response,
    responses=problems(NotFound, Invalid)
    | {200: {"content": {"application/schema+json": {}}, "description": "A schema."}},
)
def read_schema(kind: str) -> Response:
    """Read the JSON Schema of a kind of document, for editors."""
    return schema_answer(kind)


@router.get("/docs", response_class=HTMLResponse, include_in_schema=False)
def read_docs(parts: PartsDep) -> HTMLResponse:
    return HTMLResponse(parts.docs())
