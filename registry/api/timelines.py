"""Time: what became of a bot, and what differs between two moments."""

from collections.abc import Iterator
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import AwareDatetime

from registry.api.as_of import refuse_empty
from registry.api.asked import parse_moment
from registry.api.deps import PartsDep, Reader, StateDep
from registry.api.environments import seq_asked
from registry.api.pages import DEFAULT, Cursor, Limit, Page, sorted_page
from registry.api.problems import problems
from registry.api.strict import StrictRoute
from registry.api.views.betweens import Between, between, differing
from registry.api.writing import EnvironmentName
from registry.db.alerts import Alert, AlertKind
from registry.db.engine import reading
from registry.db.history import read_recalls, read_tellings
from registry.errors import Invalid, NotAllowed, NotFound, NotSettled, NotSignedIn
from registry.marks import Mark, MarkKind
from registry.names import check_name, parse_ref
from registry.timelines import Period, Timeline, recalls, timeline

router = APIRouter(
    prefix="/v1/environments",
    tags=["environments"],
    route_class=StrictRoute,
    responses=problems(NotSignedIn, NotAllowed, Invalid),
)

Bot = Annotated[str, Query(examples=["acme-air/support"])]
MAX_SEQ_DIGITS = 15


@router.get("/{environment}/timeline", responses=problems(NotFound))
def get_timeline(
    environment: EnvironmentName,
    caller: Reader,
    state: StateDep,
    parts: PartsDep,
    bot: Bot,
    since: Annotated[
        AwareDatetime | None, Query(description="Nothing that was over before.")
    ] = None,
    until: Annotated[
        AwareDatetime | None, Query(description="Nothing from then on.")
    ] = None,
) -> Timeline:
    """Read what became of a bot: versions as bands, what happened as marks."""
    caller.grant.check_bot(check_name(bot))
    found = state.environment(environment)
    if since is not None and until is not None and since >= until:
        raise Invalid(
            "the period ends before it begins",
            hint="Give `since` a moment before `until`, or leave one of them out.",
        )
    with reading(parts.opened.engine) as connection:
        tellings = list(read_tellings(connection, environment, bot, before=None))
        recalled = recalls(
            found, bot, read_recalls(connection) if state.recalled else ()
        )
        others = [*recalled]
    # The tables may have a seq already that the state which was read has not.
    told = {one.seq: one.stopped for one in tellings if one.seq <= found.seq}
    if not told:
        raise NotFound(
            f"the bot {bot} was never live in {environment}",
            hint="Check the spelling; `placet search` finds what is live.",
        )
    for alert in parts.observing.alerts.about(environment, bot):
        others += _alerted(alert)
    return timeline(
        state,
        found,
        bot,
        told=told,
        others=others,
        period=Period(since=since, until=until),
    )


@router.get("/{environment}/differences", responses=problems(NotFound, NotSettled))
def list_differences(
    environment: EnvironmentName,
    _: Reader,
    parts: PartsDep,
    before: Annotated[
        str,
        Query(
            alias="from",
            max_length=60,
            description="A seq, or a moment with its time zone; 0 is before the "
            "first seq, when nothing was live.",
            examples=["41", "2026-05-03T14:07:00Z"],
        ),
    ],
    after: Annotated[
        str | None,
        Query(
            alias="to",
            max_length=60,
            description="The same; without it, what is live now.",
        ),
    ] = None,
    document: Annotated[
        str | None,
        Query(
            description="Only this one, and what it used at either.",
            examples=["bots/acme-air/support"],
        ),
    ] = None,
    limit: Limit = DEFAULT,
    cursor: Cursor = None,
) -> Page[Between]:
    """List what differs between two moments, with the texts, by document."""
    writer = parts.opened.writer
    settled = writer.settled()  # first, or what happens in between is left out
    found = writer.state.environment(environment)
    first = 0 if before == "0" else seq_asked(found, *_asked(before), settled)
    second = seq_asked(found, *_asked(after), settled)
    refuse_empty(found, second)
    start = None if document is None else (parse_ref(document),)
    names = differing(found, first, second, start)
    some = sorted_page(((name, name) for name in names), limit, cursor)
    with reading(parts.opened.engine) as connection:
        items = (between(connection, found, first, second, n) for n in some.items)
        return Page(items=tuple(items), next=some.next)


def _asked(text: str | None) -> tuple[datetime | None, int | None]:
    """The moment or the seq that *text* is; neither for what is live now."""
    if text is None:
        return None, None
    if text.isascii() and text.isdecimal() and len(text) <= MAX_SEQ_DIGITS:
        return None, int(text)
    try:
        return parse_moment(text), None
    except Invalid as error:
        raise Invalid(
            str(error),
            hint="Give a seq, such as 41, or a moment, such as 2026-05-03T14:07:00Z.",
        ) from None


def _alerted(alert: Alert) -> Iterator[Mark]:
    words = f"{alert.got} answered as {alert.role}, and not {alert.expected}"
    if alert.kind is not AlertKind.MODEL_CHANGED_UNDERNEATH:
        words = f"{alert.kind}: {alert.got}"
    yield Mark(
        kind=MarkKind.ALERT,
        at=alert.first_seen,
        seq=None,
        by=None,
        change=None,
        sentence=words,
    )
    if alert.resolved is not None:
        yield Mark(
            kind=MarkKind.RESOLVED,
            at=alert.resolved,
            seq=None,
            by=alert.resolved_by,
            change=None,
            sentence=f"{alert.resolved_by} resolved an alert: {alert.reason}",
        )
