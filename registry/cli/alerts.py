"""`placet alerts`: what somebody has to look at, and saying that somebody has."""

from typing import TYPE_CHECKING, Annotated

import typer

from registry.cli import screen
from registry.cli.asking import given_reason
from registry.cli.options import AsJson, Limit
from registry.cli.session import connect
from registry.cli.times import show_minute
from registry.cli.waiting import waiting

if TYPE_CHECKING:  # slow to import
    from rich.console import RenderableType

    from registry.remote.observations import Alert


def alerts(
    environment: Annotated[
        str | None,
        typer.Option("--env", "--environment", metavar="ENV", help="Only there."),
    ] = None,
    every: Annotated[
        bool, typer.Option("--all", help="Also those that were resolved.")
    ] = False,
    resolve: Annotated[
        int | None,
        typer.Option("--resolve", metavar="ID", min=1, help="Say it was dealt with."),
    ] = None,
    reason: Annotated[
        str, typer.Option("--reason", help="What was found, and done about it.")
    ] = "",
    limit: Limit = 50,
    as_json: AsJson = False,
) -> None:
    """List alerts: another model answers than agreed to; notices do not arrive.

    With them is told what people are late with: conditions and reviews whose day
    has passed, ratifications, decisions, schedules that were missed. Those go when
    they are done; `placet inbox --late --json` has them for scripts.

    Resolving takes an operator who is signed in. The same difference raises a new
    alert only after the agreed model has answered again.

    Examples:
      placet alerts
      placet alerts --env production --all
      placet alerts --resolve 7 --reason "the provider has put it back"
    """
    if resolve is not None:
        _resolve(resolve, given_reason(reason, "resolve an alert"), as_json=as_json)
        return
    with connect() as remote:
        found = list(
            remote.alerts.list(
                environment=environment,
                resolved=None if every else False,
                limit=limit,
            )
        )
        late = [] if as_json else list(remote.reviews.attention(limit=limit))
    if as_json:
        screen.print_json(found)
        return
    late = [one for one in late if environment in {None, one.environment}]
    if found:
        screen.show(_table(found))
    if late:
        screen.note("Late, whomever it waits for:")
        screen.show(waiting(late))
    if not found and not late:
        screen.note("There is nothing to look at.")


def _resolve(id: int, reason: str, *, as_json: bool) -> None:
    with connect() as remote:
        resolved = [remote.alerts.resolve(id, reason)]
    if as_json:
        screen.print_json(resolved)
    else:
        screen.show(_table(resolved))


def _table(found: "list[Alert]") -> "RenderableType":
    columns = ("id", "what", "where", "expected", "got", "since (UTC)")
    return screen.table(
        (*columns, "last seen", "resolved"), [_row(one) for one in found]
    )


def _row(alert: "Alert") -> tuple[str, ...]:
    resolved = ""
    if alert.resolved is not None:
        when = show_minute(alert.resolved)
        resolved = f"{when} by {alert.resolved_by}: {alert.reason}"
    return (
        str(alert.id),
        alert.kind,
        _where(alert),
        alert.expected,
        alert.got,
        show_minute(alert.first_seen),
        show_minute(alert.last_seen),
        resolved,
    )


def _where(alert: "Alert") -> str:
    if not alert.bot:
        return f"notices to {alert.role}"
    return f"{alert.environment}, {alert.bot} as {alert.role}, seq {alert.seq}"
