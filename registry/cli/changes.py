"""`placet changes`, `show`, `comment` and `withdraw`."""

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from registry.cli import asking, screen
from registry.cli.options import AsJson, ChangeId, Limit, Reason, Yes
from registry.cli.session import connect

if TYPE_CHECKING:  # slow to import
    from registry.remote import Remote
    from registry.remote.changes import ChangeView
    from registry.remote.environments import Moment


class Status(StrEnum):
    """What a change can be asked for by."""

    WAITING = "waiting"
    SCHEDULED = "scheduled"
    APPROVED = "approved"
    STALE = "stale"
    EXPIRED = "expired"
    SUSPENDED = "suspended"
    ACTIVATED = "activated"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    OPEN = "open"


def changes(
    environment: Annotated[
        str | None, typer.Option("--env", help="Only in this environment.")
    ] = None,
    status: Annotated[
        Status | None, typer.Option("--status", help="Only such changes.")
    ] = None,
    author: Annotated[
        str | None, typer.Option("--author", help="Only by this person.")
    ] = None,
    limit: Limit = 50,
    everything: Annotated[
        bool, typer.Option("--all", help="However many there are.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """List changes, newest first: what is being decided, and what was.

    Examples:
      placet changes
      placet changes --env production --status open
      placet changes --author author --json
    """
    with connect() as remote:
        found = list(
            remote.changes.list(
                environment=environment,
                status=status,
                author=author,
                limit=None if everything else limit,
            )
        )
    if as_json:
        screen.print_json(found)
    elif found:
        from registry.cli import change_words

        screen.show(change_words.table(found))
    else:
        screen.note("There is no such change.")


def show(
    change: ChangeId,
    diff: Annotated[
        bool,
        typer.Option("--diff", help="Only the differences: texts, and what is read."),
    ] = False,
    answers: Annotated[
        bool,
        typer.Option("--answers", help="Only what was tried: before, and after."),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Show a change: what it asks for, who has agreed, what reads differently.

    Each requirement says whether it is met, why, by whom, and who could still
    meet it.

    Examples:
      placet show 42
      placet show 42 --diff
      placet show 42 --answers
      placet show 42 --json
    """
    if answers:
        _show_answers(change, as_json=as_json)
        return
    with connect(change=change) as remote:
        found = remote.changes.get(change)
        wanted = diff or not as_json
        difference = remote.changes.difference(change) if wanted else None
        stopped = None if diff or as_json else _stopped(remote, found)
        moved = None if stopped is None else _moved(remote, found, stopped)
    if as_json:
        screen.print_json(difference if diff else found)
        return
    from registry.cli import change_view, difference_view

    if difference is not None and diff:
        screen.show(*difference_view.whole(difference))
    elif difference is not None:
        screen.show(*change_view.view(found, difference, stopped, moved))


def _show_answers(change: int, *, as_json: bool) -> None:
    with connect(change=change) as remote:
        attached = list(remote.checks.list(change))
    if as_json:
        screen.print_json(attached)
        return
    from registry.cli import check_view

    screen.show(*check_view.examples(change, attached))


def _stopped(remote: "Remote", change: "ChangeView") -> "Moment | None":
    """When the bot was stopped that *change* would have answer again."""
    if change.type != "resume":
        return None
    history = remote.environments.history(
        change.environment, document=change.documents[0]
    )
    before = (m for m in history if m.at <= change.opened_at)
    return next((m for m in before if m.type == "stopped"), None)


def _moved(remote: "Remote", change: "ChangeView", stopped: "Moment") -> int | None:
    """The seq as of which the bot is told something else than before its stop."""
    live = remote.environments.live
    before = live(change.environment, seq=stopped.seq - 1)
    now = live(change.environment, seq=change.seq)
    read = {one.document: one.composed for one in before.documents}
    reads = {one.document: one.composed for one in now.documents}
    names = {one.document for one in change.effect}
    same = all(read.get(name) == reads.get(name) for name in names)
    return None if same else now.seq


def comment(
    change: ChangeId,
    text: Annotated[str, typer.Argument(metavar="TEXT", help="What you have to say.")],
    as_json: AsJson = False,
) -> None:
    """Say something about a change, for everybody to read, for good.

    Examples:
      placet comment 42 "The limit is 24 hours in the new fare rules."
    """
    with connect(change=change) as remote:
        commented = remote.changes.comment(change, text)
    tell(commented, "Commented on", as_json=as_json)


ReviewDigest = Annotated[
    str | None,
    typer.Option("--digest", help="The review digest of what you have read."),
]


def withdraw(
    change: ChangeId, reason: Reason = "", yes: Yes = False, as_json: AsJson = False
) -> None:
    """Take your change back, for good.

    Examples:
      placet withdraw 42 --reason "Superseded by change 43."
      placet withdraw 42 --reason "Superseded by change 43." --yes
    """
    reason = asking.given_reason(reason, "withdraw it")
    asking.check_askable(yes=yes)
    with connect(change=change) as remote:
        found = remote.changes.get(change)
        asking.confirm(f"Withdraw {named(found)}, for good?", yes=yes)
        withdrawn = remote.changes.withdraw(change, reason)
    tell(withdrawn, "Withdrew", as_json=as_json)


def named(change: "ChangeView") -> str:
    """Which change, in a question that somebody has to answer."""
    return f"change {change.id} in {change.environment} ({change.title})"


def tell(change: "ChangeView", what: str, *, as_json: bool) -> None:
    """Print one line about what came of a command, and how the change stands."""
    if as_json:
        screen.print_json(change)
        return
    from registry.cli.change_words import stands

    where = f"change {change.id} in {change.environment}"
    screen.say(screen.line(f"{what} {where}: {stands(change)}."))


def tell_opened(change: "ChangeView", *, as_json: bool) -> None:
    """The same about a change that was opened, and how to go on."""
    tell(change, "Opened", as_json=as_json)
    screen.note(f"See it with: placet show {change.id}")
