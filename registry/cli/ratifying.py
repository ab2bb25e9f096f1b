"""`placet ratifications`, `ratify` and `repudiate`."""

from collections.abc import Iterable
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from registry.cli import asking, screen
from registry.cli.options import AsJson, Limit, Reason, Yes
from registry.cli.session import connect
from registry.cli.times import show_end
from registry.errors import Invalid

if TYPE_CHECKING:  # slow to import
    from rich.console import RenderableType

    from registry.remote import Remote
    from registry.remote.environments import Moment
    from registry.remote.judging import RatificationView
    from registry.remote.ratifications import RatificationSummary

RatificationId = Annotated[
    int,
    typer.Argument(metavar="ID", min=1, help="The ratification's number."),
]
Seat = Annotated[
    str | None,
    typer.Option("--seat", help="Judge as this; needed if you could as several."),
]
Retract = Annotated[bool, typer.Option("--retract", help="Take your judgement back.")]


_DONE = {
    "ratify": "Ratified",
    "repudiate": "Repudiated",
    "retract": "Took the judgement back on",
}


class Status(StrEnum):
    """What a ratification can be asked for by."""

    OPEN = "open"
    OVERDUE = "overdue"
    RATIFIED = "ratified"
    REPUDIATED = "repudiated"


def ratifications(
    ratification: Annotated[
        int | None, typer.Argument(metavar="ID", min=1, help="Only this one, whole.")
    ] = None,
    environment: Annotated[
        str | None, typer.Option("--env", help="Only in this environment.")
    ] = None,
    status: Annotated[
        Status, typer.Option("--status", help="Only such ones.")
    ] = Status.OPEN,
    everything: Annotated[
        bool, typer.Option("--all", help="Also those that are decided.")
    ] = False,
    limit: Limit = 50,
    as_json: AsJson = False,
) -> None:
    """List what went live without agreement and still has to be ratified.

    With an ID it shows one: why, until when, and who could still agree.

    Examples:
      placet ratifications
      placet ratifications --env production --status overdue
      placet ratifications 118
      placet ratifications --all --json
    """
    if ratification is not None:
        _show_one(ratification, as_json=as_json)
        return
    with connect() as remote:
        found = list(
            remote.ratifications.list(
                environment=environment,
                status=None if everything else status,
                limit=limit,
            )
        )
    if as_json:
        screen.print_json(found)
    elif found:
        screen.show(_table(found))
    else:
        screen.note("Nothing has to be ratified." if not everything else "None so far.")


def ratify(
    ratification: RatificationId,
    seat: Seat = None,
    reason: Reason = "",
    retract: Retract = False,
    yes: Yes = False,
    as_json: AsJson = False,
) -> None:
    """Agree afterwards to what went live in an emergency or by a rollback.

    Examples:
      placet ratify 118 --seat risk
      placet ratify 118 --seat risk --reason "Read in full." --yes
      placet ratify 118 --retract --yes
    """
    judgement = "retract" if retract else "ratify"
    _judge(ratification, judgement, seat, reason, yes=yes, as_json=as_json)


def repudiate(
    ratification: RatificationId,
    seat: Seat = None,
    reason: Reason = "",
    yes: Yes = False,
    as_json: AsJson = False,
) -> None:
    """Say that it should not have gone live, for good.

    It takes nothing back by itself. Once it is repudiated, what was live before
    may be put back without a vote, and you are told the command.

    Examples:
      placet repudiate 118 --seat risk --reason "It promises refunds."
    """
    reason = asking.given_reason(reason, "repudiate it")
    _judge(ratification, "repudiate", seat, reason, yes=yes, as_json=as_json)


def _judge(
    ratification: int,
    judgement: str,
    seat: str | None,
    reason: str,
    *,
    yes: bool,
    as_json: bool,
) -> None:
    from registry.cli import ratification_view

    asking.check_askable(yes=yes)
    with connect() as remote:
        found = remote.ratifications.get(ratification)
        chosen = seat or _seat(found)
        if judgement == "ratify" and found.you.reason_needed:
            reason = asking.given_reason(reason, "ratify it")
        screen.show(*ratification_view.asked(remote, found, judgement), error=True)
        asking.confirm(f"{judgement.capitalize()} it as {chosen}?", yes=yes)
        judged = remote.ratifications.judge(
            ratification,
            activated=found.activated,
            judgement=judgement,
            seat=chosen,
            reason=reason,
        )
        if as_json:
            screen.print_json(judged)
            return
        screen.say(
            screen.line(
                f"{_DONE[judgement]} {ratification_view.what(judged)}, as {chosen} "
                f"(ratification {judged.id}, event digest "
                f"{screen.short(judged.activated)}): "
                f"{ratification_view.stands(judged)}."
            )
        )
        _tell_way_back(remote, judged)


def _show_one(ratification: int, *, as_json: bool) -> None:
    with connect() as remote:
        found = remote.ratifications.get(ratification)
        if as_json:
            screen.print_json(found)
            return
        from registry.cli import ratification_view

        screen.show(*ratification_view.whole(found))
        _tell_way_back(remote, found)


def _table(found: Iterable["RatificationSummary"]) -> "RenderableType":
    from registry.cli.ratification_view import stands

    columns = ("id", "environment", "seq", "what", "by", "due (UTC)", "status", "title")
    rows = [
        (
            str(one.id),
            one.environment,
            str(one.seq),
            one.incident or ("rollback" if one.change is None else "emergency"),
            one.by,
            show_end(one.due),
            stands(one),
            one.title,
        )
        for one in found
    ]
    return screen.table(columns, rows)


def _tell_way_back(remote: "Remote", found: "RatificationSummary") -> None:
    if found.status != "repudiated":
        return
    back = _put_back(remote, found)
    if back is not None:
        screen.note(f"Seq {back} has put back what was live before.")
        return
    screen.note(
        "Put back what was live before, without a vote: "
        f"placet rollback {found.environment} --undo {found.seq}"
    )


def _put_back(remote: "Remote", found: "RatificationSummary") -> int | None:
    """The seq after which all of it was as before, if there was one."""
    later: list[Moment] = []
    for moment in remote.environments.history(found.environment):
        later.append(moment)
        if moment.seq <= found.seq:
            break
    repudiated = later.pop()
    missing = {one.document: one.before_version for one in repudiated.documents}
    for moment in reversed(later):
        for one in moment.documents:
            if one.document in missing and missing[one.document] == one.version:
                del missing[one.document]
        if not missing:
            return moment.seq
    return None


def _seat(found: "RatificationView") -> str:
    if len(found.you.seats) == 1:
        return found.you.seats[0]
    if not found.you.seats:
        raise Invalid(
            f"you cannot judge it: {found.you.why_not or 'you hold no such seat'}",
            hint=f"`placet ratifications {found.id}` says who could.",
        )
    raise Invalid(
        "you could judge it in several seats",
        hint=f"Name one of {', '.join(found.you.seats)}: --seat.",
    )
