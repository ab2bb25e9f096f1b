"""Evidence for somebody outside, to be downloaded: packs, and receipts of votes."""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Response
from pydantic import AwareDatetime

from registry.api.deps import Caller, Now, PartsDep, Reader, StateDep
from registry.api.problems import problems
from registry.api.ratifications import RatificationId
from registry.api.strict import StrictRoute
from registry.errors import (
    Invalid,
    NotAllowed,
    NotFound,
    NotSettled,
    NotSignedIn,
    Unavailable,
)
from registry.evidence_packs.folder import (
    AboutChange,
    AboutMoment,
    AboutPeriod,
    Question,
)
from registry.evidence_packs.html import html
from registry.evidence_packs.receipt import Receipt, receipt_report
from registry.judgements import get_ratification
from registry.people import check_handle
from registry.times import said_exactly

router = APIRouter(
    prefix="/v1",
    tags=["ledger"],
    route_class=StrictRoute,
    responses=problems(NotSignedIn, NotAllowed, NotFound, Invalid, Unavailable),
)

_ZIP: dict[int | str, dict[str, Any]] = {
    200: {
        "content": {"application/zip": {}},
        "description": "What `placet evidence` writes into a folder, as an archive.",
    }
}
ChangeId = Annotated[int, Path(ge=1, lt=2**53, description="The change's number.")]
Voter = Annotated[str | None, Query(description="A handle; whoever asks, without it.")]


class ReceiptFormat(StrEnum):
    JSON = "json"
    HTML = "html"


@router.get("/changes/{change}/evidence", response_class=Response, responses=_ZIP)
def read_evidence_of_change(
    change: ChangeId, caller: Reader, state: StateDep, parts: PartsDep
) -> Response:
    """Read all that shows how a change was decided, and how to check it without us."""
    state.change(change)
    return _archive(caller, parts, AboutChange(change=change))


@router.get("/evidence", response_class=Response, responses=_ZIP | problems(NotSettled))
def read_evidence(
    caller: Reader,
    state: StateDep,
    parts: PartsDep,
    now: Now,
    environment: Annotated[str | None, Query(max_length=200)] = None,
    at: Annotated[
        AwareDatetime | None, Query(description="Everything that was live then.")
    ] = None,
    begin: Annotated[
        AwareDatetime | None, Query(alias="from", description="Every act from then on.")
    ] = None,
    end: Annotated[
        AwareDatetime | None,
        Query(alias="to", description="Up to then, and not at it."),
    ] = None,
) -> Response:
    """Read what was live at a moment, or every act of a period, and how to check it."""
    if environment is not None:
        state.environment(environment)
    return _archive(caller, parts, _question(environment, at, begin, end, now))


@router.get(
    "/changes/{change}/receipt",
    response_model=Receipt,
    responses={
        200: {"content": {"text/html": {}}, "description": "The receipt; or a page."}
    },
)
def read_receipt(
    change: ChangeId,
    caller: Reader,
    state: StateDep,
    parts: PartsDep,
    voter: Voter = None,
    format: ReceiptFormat = ReceiptFormat.JSON,
) -> Receipt | Response:
    """Read what shows that somebody has voted so on a change: the last time they did.

    With `format=html` as a page to keep and to print.
    """
    state.change(change)
    handle = _voter(caller, voter)
    found = parts.collecting.receipt(state, change, handle)
    return _kept(found, format, f"receipt-change-{change}-{handle}.html")


@router.get(
    "/ratifications/{ratification}/receipt",
    response_model=Receipt,
    responses={
        200: {"content": {"text/html": {}}, "description": "The receipt; or a page."}
    },
)
def read_receipt_of_judgement(
    ratification: RatificationId,
    caller: Reader,
    state: StateDep,
    parts: PartsDep,
    voter: Voter = None,
    format: ReceiptFormat = ReceiptFormat.JSON,
) -> Receipt | Response:
    """Read what shows that somebody has judged so what went live: the last time.

    With `format=html` as a page to keep and to print.
    """
    judged = get_ratification(state, ratification)
    handle = _voter(caller, voter)
    found = parts.collecting.receipt_of_judgement(state, judged, handle)
    return _kept(found, format, f"receipt-ratification-{ratification}-{handle}.html")


def _voter(caller: Caller, voter: str | None) -> str:
    return caller.identity.handle if voter is None else check_handle(voter)


def _kept(found: Receipt, format: ReceiptFormat, name: str) -> Receipt | Response:
    if format is ReceiptFormat.JSON:
        return found
    return _download(html(receipt_report(found)).encode(), name, "text/html")


def _archive(caller: Caller, parts: PartsDep, question: Question) -> Response:
    caller.grant.check_whole("evidence")
    name, data = parts.collecting.archive(question)
    return _download(data, name, "application/zip")


def _download(data: bytes, name: str, media_type: str) -> Response:
    return Response(
        data,
        media_type=media_type,
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "Cache-Control": "private, no-store",
        },
    )


def _question(
    environment: str | None,
    at: datetime | None,
    begin: datetime | None,
    end: datetime | None,
    now: datetime,
) -> Question:
    """Raises:
    Invalid: It is none, or several at once.
    NotSettled: It is about what is not over yet.
    """
    if environment is not None and at is not None and not (begin or end):
        return AboutMoment(environment=environment, at=_over(at, now))
    if begin is None or end is None or at is not None:
        raise Invalid(
            "evidence is of a moment of an environment, or of a period",
            hint="Give `environment` and `at`, or `from` and `to`.",
        )
    if begin >= end:
        raise Invalid("the period ends before it begins", hint="Swap `from` and `to`.")
    return AboutPeriod(
        environment=environment, begin=begin.astimezone(UTC), end=_over(end, now)
    )


def _over(time: datetime, now: datetime) -> datetime:
    """Raises:
    NotSettled: It is not over yet.
    """
    if time > now:
        raise NotSettled(f"{said_exactly(time)} is not over yet")
    return time.astimezone(UTC)
