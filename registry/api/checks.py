"""Checks: what was tried on a change by others, and doing without it."""

from typing import Annotated

from fastapi import APIRouter, Path
from pydantic import AwareDatetime, Field

from registry import commands
from registry.api.deps import (
    Evaluating,
    IdempotencyKey,
    PartsDep,
    Reader,
    SignedIn,
    StateDep,
    WriterDep,
)
from registry.api.pages import DEFAULT, Cursor, Limit, Page, page, parse_number
from registry.api.problems import problems
from registry.api.strict import FOR_RESULTS, Body, StrictRoute
from registry.api.views.changes import ChangeView
from registry.api.views.checks import AttachedView, attached_view
from registry.api.writing import ON_CHANGES, Text, changed
from registry.check_results import (
    MAX_EXAMPLES,
    MAX_TEXT_CHARS,
    CheckResult,
    Example,
    Source,
)
from registry.db.engine import reading
from registry.errors import Invalid, NotAllowed, NotFound, NotSignedIn, TooLarge
from registry.names import parse_digest

router = APIRouter(
    prefix="/v1/changes",
    tags=["changes"],
    route_class=StrictRoute,
    responses=problems(NotSignedIn, NotAllowed, Invalid),
)

ChangeId = Annotated[int, Path(ge=1, lt=2**53, description="The change's number.")]


class ExampleBody(Body):
    input: str = Field(description=f"At most {MAX_TEXT_CHARS:,} characters.")
    before: str | None = Field(
        default=None, description="What was answered before the change."
    )
    after: str = Field(description="What is answered with it.")
    verdict: str = Field(description="`pass` or `fail`.", examples=["pass"])
    source: Source = Field(default=Source.CURATED, description="Of the input.")


class ResultBody(Body):
    """What was tried, on which content, and what came of it."""

    name: str = Field(
        description="Small letters, digits and `-`; a policy can require it.",
        examples=["answers"],
    )
    content: str = Field(
        description="Of what it was tried: `content`, as `GET` told it of the change."
    )
    passed: bool = Field(strict=True)
    total: int = Field(strict=True, description="How many samples were tried.")
    failed: int = Field(strict=True, description="How many of them failed.")
    threshold: float | None = Field(
        default=None,
        strict=True,
        description="The share of samples that has to pass, such as 0.95; null: all.",
    )
    production: int = Field(
        default=0,
        strict=True,
        description="How many samples were inputs from production.",
    )
    examples: list[ExampleBody] = Field(
        default=[],
        description=f"At most {MAX_EXAMPLES}, to look at. They stay in the ledger for "
        "ever: take personal data out first.",
    )
    link: str | None = Field(
        default=None, description="Where the pipeline's own report is."
    )

    def result(self) -> CheckResult:
        return CheckResult(
            name=self.name,
            content=parse_digest(self.content),
            passed=self.passed,
            total=self.total,
            failed=self.failed,
            threshold=self.threshold,
            production=self.production,
            examples=tuple(Example(**one.model_dump()) for one in self.examples),
            link=self.link,
        )


class WaiverBody(Body):
    review_digest: str = Field(description="Of the revision that it is for.")
    check: str = Field(description="The name of a required check.")
    seat: str = Field(description="One that the policy names for it.")
    reason: Text
    expires: AwareDatetime = Field(description="At most 30 days from now.")


@router.post(
    "/{change}/checks",
    status_code=201,
    responses=ON_CHANGES | problems(TooLarge),
    openapi_extra=FOR_RESULTS,
)
def attach_result(
    change: ChangeId,
    body: ResultBody,
    caller: Evaluating,
    writer: WriterDep,
    key: IdempotencyKey = None,
) -> ChangeView:
    """Attach what was tried on exactly what a change puts in place."""
    command = commands.AttachCheck(change=change, result=body.result())
    return changed(writer, writer.write(command, by=caller.identity, key=key), caller)


@router.get("/{change}/checks", responses=problems(NotFound))
def list_results(
    change: ChangeId,
    _: Reader,
    state: StateDep,
    parts: PartsDep,
    limit: Limit = DEFAULT,
    cursor: Cursor = None,
) -> Page[AttachedView]:
    """List what others have tried on a change, with examples, newest first."""
    begin, of = parse_number(cursor) or 0, state.change(change)
    found = enumerate(of.attached[::-1][begin:], begin + 1)
    with reading(parts.opened.engine) as connection:
        views = ((str(n), attached_view(connection, of, one)) for n, one in found)
        return page(views, limit)


@router.post("/{change}/waivers", status_code=201, responses=ON_CHANGES)
def waive_check(
    change: ChangeId,
    body: WaiverBody,
    caller: SignedIn,
    writer: WriterDep,
    key: IdempotencyKey = None,
) -> ChangeView:
    """Do without a required check, for one revision and for a time."""
    command = commands.WaiveCheck(
        change=change,
        review_digest=parse_digest(body.review_digest),
        check=body.check,
        seat=body.seat,
        reason=body.reason,
        expires=body.expires,
    )
    return changed(writer, writer.write(command, by=caller.identity, key=key), caller)
