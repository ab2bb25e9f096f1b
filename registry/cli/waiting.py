"""`placet inbox`: what waits for you, or for others, and why."""

from typing import TYPE_CHECKING, Annotated

import typer

from registry.cli import screen
from registry.cli.options import AsJson, Limit
from registry.cli.session import connect
from registry.cli.times import show_end
from registry.errors import Invalid

if TYPE_CHECKING:  # slow to import
    from rich.console import RenderableType

    from registry.remote.reviews import Waiting


def inbox(
    late: Annotated[
        bool, typer.Option("--late", help="What is late, whomever it waits for.")
    ] = False,
    others: Annotated[
        bool, typer.Option("--others", help="What waits for others, and for whom.")
    ] = False,
    limit: Limit = 50,
    as_json: AsJson = False,
) -> None:
    """List what waits for you: what is late first, and why it waits for you.

    Votes that you could give, or will once your seat speaks, what you could make
    live now, what you have to revise, checks that are required, vetoes that you may
    clear, conditions that you answer for, what you could ratify, reviews of what is
    yours, schedules that were missed, open alerts, what a second administrator has
    to confirm, and seats that somebody has to be given.

    Examples:
      placet inbox
      placet inbox --late
      placet inbox --others
      placet inbox --json
    """
    if late and others:
        raise Invalid(
            "--late and --others are two lists",
            hint="Ask for one: --late has what waits for others as well.",
        )
    with connect() as remote:
        if others:
            found = list(remote.reviews.waiting(others=True, limit=limit))
        else:
            asked = remote.reviews.attention if late else remote.reviews.inbox
            found = list(asked(limit=limit))
    if as_json:
        screen.print_json(found)
    elif found:
        screen.show(waiting(found))
    else:
        whom = "others" if others else "you"
        screen.note("Nothing is late." if late else f"Nothing waits for {whom}.")


WAITING = ("what", "of", "due (UTC)", "subject", "why")


def waiting(found: "list[Waiting]") -> "RenderableType":
    return screen.table(WAITING, map(waiting_row, found))


def waiting_row(one: "Waiting") -> tuple[str, ...]:
    return (one.kind, _of(one), _due(one), one.subject, _why(one))


def _why(one: "Waiting") -> str:
    """Why it waits, and the command that does it, where that is one."""
    commands = {
        "activation": f"placet activate {one.change}",
        "check": f"placet show {one.change}",
        "veto": f"placet clear-veto {one.change} --of {one.voter}",
        "appointment": "placet people set",
        "alert": f"placet alerts --resolve {one.alert}",
    }
    command = commands.get(one.kind)
    return f"{one.why} ({command})" if command else one.why


def _due(one: "Waiting") -> str:
    return f"{show_end(one.due)} late" if one.is_late else show_end(one.due)


def _of(one: "Waiting") -> str:
    of = one.person or ""
    if one.ratification is not None:
        of = f"ratification {one.ratification}"
    elif one.change is not None:
        of = f"change {one.change}"
    elif one.alert is not None:
        of = f"alert {one.alert}"
    where = f"in {one.environment}" if one.environment else ""
    tier = f", {one.tier}" if one.tier else ""
    return f"{of} {where}{tier}".strip()
