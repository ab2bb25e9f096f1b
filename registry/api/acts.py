"""Who did what, when: events of the ledger found and told, a page at a time."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Response
from pydantic import AwareDatetime

from registry import events
from registry.api.deps import PartsDep, Reader, StateDep
from registry.api.pages import (
    DEFAULT,
    Cursor,
    Limit,
    Page,
    dump_cursor,
    page,
    parse_number,
)
from registry.api.problems import problems
from registry.api.strict import StrictRoute
from registry.db.acts import Stored, Wanted, find_events
from registry.db.engine import reading
from registry.errors import Invalid, NotAllowed, NotFound, NotSignedIn
from registry.evidence_packs.acts import Act, act_of
from registry.evidence_packs.signed import Record
from registry.names import digest_of
from registry.payloads import TYPES

router = APIRouter(
    prefix="/v1/ledger",
    tags=["ledger"],
    route_class=StrictRoute,
    responses=problems(NotSignedIn, NotAllowed, NotFound, Invalid),
)


class Order(StrEnum):
    ASC = "asc"
    DESC = "desc"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Which events, in which order, and how many."""

    wanted: Wanted
    newest_first: bool
    past: int | None
    limit: int


def _wanted(
    caller: Reader,
    state: StateDep,
    after: Annotated[
        int, Query(ge=0, lt=2**53, description="Only events after this number.")
    ] = 0,
    environment: Annotated[str | None, Query(max_length=200)] = None,
    type: Annotated[str | None, Query(max_length=200, examples=["voted"])] = None,
    actor: Annotated[str | None, Query(max_length=200)] = None,
    change: Annotated[int | None, Query(ge=1, lt=2**53)] = None,
    begin: Annotated[
        AwareDatetime | None, Query(alias="from", description="From then on.")
    ] = None,
    end: Annotated[
        AwareDatetime | None, Query(alias="to", description="Before then.")
    ] = None,
) -> Wanted:
    caller.grant.check_whole("the ledger")
    if environment is not None:
        state.environment(environment)
    if type is not None and type not in TYPES:
        raise Invalid(
            f"{type[:40]!r} is no type of event",
            hint=f"The types are {', '.join(TYPES)}.",
        )
    if begin is not None and end is not None and begin >= end:
        raise Invalid("the period ends before it begins", hint="Swap `from` and `to`.")
    return Wanted(
        after=after,
        environment=environment,
        type=type,
        actor=actor,
        change=change,
        begin=begin,
        end=end,
    )


def _asked(
    wanted: Annotated[Wanted, Depends(_wanted)],
    order: Order = Order.ASC,
    limit: Limit = DEFAULT,
    cursor: Cursor = None,
) -> Asked:
    return Asked(
        wanted=wanted,
        newest_first=order is Order.DESC,
        past=parse_number(cursor),
        limit=limit,
    )


AskedDep = Annotated[Asked, Depends(_asked)]


@router.get("/events", response_model=Page[dict[str, Any]])
def list_events(asked: AskedDep, parts: PartsDep) -> Response:
    """List events as they stand in the ledger, oldest first."""
    found = _found(asked, parts)
    bodies = [one.body for one in found[: asked.limit]]
    more = len(found) > asked.limit
    last = found[asked.limit - 1].number if more else 0
    following = f'"{dump_cursor(str(last))}"' if more else "null"
    # An event's bytes are canonical JSON, which nothing should write again.
    content = b'{"items":[%b],"next":%b}'
    return Response(
        content % (b",".join(bodies), following.encode()),
        media_type="application/json",
    )


@router.get("/acts")
def list_acts(asked: AskedDep, parts: PartsDep) -> Page[Act]:
    """List the same events as acts: who did what, in a sentence each."""
    found = _found(asked, parts)
    return page(((str(one.number), _act(one)) for one in found), asked.limit)


def _found(asked: Asked, parts: PartsDep) -> list[Stored]:
    """One more than was asked for, if there are more."""
    with reading(parts.opened.engine) as connection:
        return find_events(
            connection,
            asked.wanted,
            newest_first=asked.newest_first,
            past=asked.past,
            limit=asked.limit + 1,
        )


def _act(stored: Stored) -> Act:
    body = stored.body
    return act_of(Record(event=events.parse(body), body=body, digest=digest_of(body)))
