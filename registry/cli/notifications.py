"""`placet notifications`: where notices go, and what went out."""

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from registry.cli import screen
from registry.cli.options import AsJson, Limit
from registry.cli.session import connect
from registry.cli.times import show_minute, show_time
from registry.errors import Unavailable

if TYPE_CHECKING:  # slow to import
    from registry.remote.notifications import Delivery, Target

TargetId = Annotated[
    str, typer.Argument(metavar="ID", help="The target's id, from the list.")
]


class Outcome(StrEnum):
    """What has become of a notice."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    FAILED = "failed"


class Kind(StrEnum):
    """How a target is told."""

    WEBHOOK = "webhook"
    SLACK = "slack"
    EMAIL = "email"


class Urgency(StrEnum):
    """How urgent a notice is."""

    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"


def list_notifications(
    outcome: Annotated[
        Outcome | None, typer.Option("--only", help="Only what came to that.")
    ] = None,
    limit: Limit = 50,
    as_json: AsJson = False,
) -> None:
    """List notices: what went out, what failed and what still waits.

    It takes an auditor or an administrator.

    Examples:
      placet notifications list
      placet notifications list --only failed
    """
    with connect() as remote:
        found = list(remote.notifications.list(outcome=outcome, limit=limit))
    if as_json:
        screen.print_json(found)
    elif found:
        columns = ("when (UTC)", "what", "to", "outcome", "")
        screen.show(screen.table(columns, map(_delivery, found)))
    else:
        screen.note(
            "Nothing went out. `placet notifications targets list` shows where to."
        )


def list_targets(as_json: AsJson = False) -> None:
    """List where notices go, and which.

    Examples:
      placet notifications targets list
    """
    with connect() as remote:
        found = list(remote.notifications.list_targets())
    if as_json:
        screen.print_json(found)
    elif found:
        columns = ("id", "name", "kind", "host", "environments", "kinds", "at least")
        screen.show(screen.table(columns, map(_target, found)))
    else:
        screen.note("Notices go nowhere. `placet notifications targets add` adds one.")


def add_target(
    name: Annotated[str, typer.Option("--name", help="Who listens there.")],
    kind: Annotated[Kind, typer.Option("--kind", help="How they are told.")],
    address: Annotated[
        str,
        typer.Argument(
            metavar="[URL]", help="Whom to call, over https; nothing for e-mail."
        ),
    ] = "",
    environments: Annotated[
        list[str] | None,
        typer.Option("--env", help="Only of this environment; again for another."),
    ] = None,
    kinds: Annotated[
        list[str] | None,
        typer.Option("--only", help="Only this kind of notice, such as reminder-*."),
    ] = None,
    urgency: Annotated[
        Urgency, typer.Option("--urgency", help="At least so urgent.")
    ] = Urgency.LOW,
    as_json: AsJson = False,
) -> None:
    """Have notices go somewhere; it takes an administrator.

    What a webhook is signed with is printed this once, alone, so that it can be
    piped.

    Examples:
      placet notifications targets add --kind webhook --name ci "$CI_URL"
      placet notifications targets add --kind slack --name risk "$SLACK_URL"
      placet notifications targets add --kind email --name all --urgency high
      placet notifications targets add --kind email --name all --only stopped
    """
    from registry.remote.notifications import WantedTarget

    wanted = WantedTarget(
        kind=kind,
        name=name,
        address=address,
        environments=tuple(environments or ()),
        kinds=tuple(kinds or ()),
        urgency=urgency,
    )
    with connect() as remote:
        made = remote.notifications.add_target(wanted)
    if as_json:
        screen.print_json(made)
        return
    if made.secret is not None:
        screen.say(made.secret)
        screen.note("It is shown this once; the receiver checks signatures with it.")
    screen.note(
        f"{made.name} is told from now on. Try it: "
        f"placet notifications targets test {made.id}"
    )


def remove_target(target: TargetId) -> None:
    """Have no more notices go there; what still waits is given up.

    Examples:
      placet notifications targets remove 7f3a9c12
    """
    with connect() as remote:
        remote.notifications.remove_target(target)
    screen.say(f"The target {screen.line(target)} is removed.")


def rotate_secret(target: TargetId, as_json: AsJson = False) -> None:
    """Sign with a new secret; for a day the one before signs as well.

    Examples:
      placet notifications targets rotate 7f3a9c12
    """
    with connect() as remote:
        made = remote.notifications.rotate_secret(target)
    if as_json:
        screen.print_json(made)
        return
    screen.say(made.secret)
    screen.note(
        "It is shown this once. The one before signs as well until "
        f"{show_time(made.old_until)} UTC."
    )


def try_target(target: TargetId) -> None:
    """Send a notice there, now and once, and tell whether it was taken.

    For e-mail it goes to you.

    Examples:
      placet notifications targets test 7f3a9c12
    """
    with connect() as remote:
        tried = remote.notifications.try_target(target)
    if not tried.delivered:
        raise Unavailable(
            f"the notice was not taken: {tried.problem}",
            hint="Mend that and try again; nothing was kept of this one.",
        )
    screen.say("The notice was taken.")


def _delivery(one: "Delivery") -> tuple[str, ...]:
    to = f"{one.target_name}: {one.recipient}" if one.recipient else one.target_name
    return (show_minute(one.at), one.subject, to, one.outcome, _more(one))


def _more(one: "Delivery") -> str:
    if one.delivered is not None:
        return show_minute(one.delivered)
    if one.given_up is not None:
        return f"given up {show_minute(one.given_up)}: {one.last_error}"
    if one.last_error is None:
        return "not tried yet"
    return f"{one.last_error}; again {show_minute(one.next_try)}"


def _target(one: "Target") -> tuple[str, ...]:
    return (
        one.id,
        one.name,
        one.kind,
        one.host,
        ", ".join(one.environments) or "all",
        ", ".join(one.kinds) or "all",
        one.urgency,
    )
