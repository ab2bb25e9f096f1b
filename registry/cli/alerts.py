"""`placet alerts`: what somebody has to look at, and saying that somebody has."""

from typing import TYPE_CHECKING, Annotated

import typer

from registry.cli import screen
from registry.cli.asking import given_reason
from registry.cli.options import AsJson, Limit
from registry.cli.session import connect
from registry.cli.times import show_minute

if TYPE_CHECKING:  # slow to import
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
    """List alerts: where another model answered than was agreed to.

    Resolving takes an operator who is signed in. The same difference raises a new
    alert only after the agreed model has answered again.

    Examples:
      placet alerts
      placet alerts --env production --all
      placet alerts --resolve 7 --reason "the provider has put it back"
    """
    if resolve is not None:
        said = given_reason(reason, "resolve an alert")
        with connect() as remote:
            found = [remote.alerts.resolve(resolve, said)]
    else:
        with connect() as remote:
            resolved = None if every else False
            found = list(
                remote.alerts.list(
                    environment=environment, resolved=resolved, limit=limit
                )
            )
    if as_json:
        screen.print_json(found)
    elif found:
        columns = ("id", "what", "where", "expected", "got", "since (UTC)")
        rows = [_row(one) for one in found]
        screen.show(screen.table((*columns, "last seen", "resolved"), rows))
    else:
        screen.note("There is nothing to look at.")


def _row(alert: "Alert") -> tuple[str, ...]:
    resolved = ""
    if alert.resolved is not None:
        when = show_minute(alert.resolved)
        resolved = f"{when} by {alert.resolved_by}: {alert.reason}"
    return (
        str(alert.id),
        alert.kind,
        f"{alert.environment}, {alert.bot} as {alert.role}, seq {alert.seq}",
        alert.expected,
        alert.got,
        show_minute(alert.first_seen),
        show_minute(alert.last_seen),
        resolved,
    )
