"""`placet changes`, `show`, `comment`, `vote`, `activate` and `withdraw`."""

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from registry.cli import screen
from registry.cli.options import AsJson, ChangeId, Limit, Reason, Yes
from registry.cli.session import connect
from registry.errors import Invalid

if TYPE_CHECKING:  # slow to import
    from registry.remote.changes import ChangeView


class Status(StrEnum):
    """What a change can be asked for by."""

    WAITING = "waiting"
    APPROVED = "approved"
    STALE = "stale"
    EXPIRED = "expired"
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
        from registry.cli import change_view

        screen.show(change_view.changes(found))
    else:
        screen.note("There is no such change.")


def show(
    change: ChangeId,
    diff: Annotated[
        bool,
        typer.Option("--diff", help="Only the differences: texts, and what is read."),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Show a change: what it asks for, who has agreed, what reads differently.

    Each requirement says whether it is met, why, by whom, and who could still
    meet it.

    Examples:
      placet show 42
      placet show 42 --diff
      placet show 42 --json
    """
    with connect() as remote:
        found = remote.changes.get(change)
        wanted = diff or not as_json
        difference = remote.changes.difference(change) if wanted else None
    if as_json:
        screen.print_json(difference if diff else found)
        return
    from registry.cli import change_view, difference_view

    if difference is not None and diff:
        screen.show(*difference_view.sources(difference.documents))
        screen.show(*difference_view.readings(difference.effect))
    elif difference is not None:
        screen.show(*change_view.view(found, difference))


def comment(
    change: ChangeId,
    text: Annotated[str, typer.Argument(metavar="TEXT", help="What you have to say.")],
    as_json: AsJson = False,
) -> None:
    """Say something about a change, for everybody to read, for good.

    Examples:
      placet comment 42 "The limit is 24 hours in the new fare rules."
    """
    with connect() as remote:
        _tell(remote.changes.comment(change, text), "Commented on", as_json)


Approve = Annotated[bool, typer.Option("--approve", help="Yes.")]
Ask = Annotated[bool, typer.Option("--ask", help="Ask for changes: not like this.")]
Veto = Annotated[
    bool, typer.Option("--veto", help="No, whoever else agrees, in any revision.")
]
Reject = Annotated[bool, typer.Option("--reject", help="End the change, for good.")]
Retract = Annotated[bool, typer.Option("--retract", help="Take your vote back.")]
Seat = Annotated[
    str | None,
    typer.Option("--seat", help="Vote as this; needed if you could as several."),
]
ReviewDigest = Annotated[
    str | None,
    typer.Option("--digest", help="The review digest of what you have read."),
]


def vote(
    change: ChangeId,
    approve: Approve = False,
    ask: Ask = False,
    veto: Veto = False,
    reject: Reject = False,
    retract: Retract = False,
    seat: Seat = None,
    reason: Reason = "",
    digest: ReviewDigest = None,
    yes: Yes = False,
    as_json: AsJson = False,
) -> None:
    """Vote on a change, on exactly what it is now.

    The vote names the review digest, which is shown first. With --digest it is
    refused if the change is no longer what you have read.

    Examples:
      placet vote 42 --approve --seat risk
      placet vote 42 --ask --reason "Say where the 24 hours come from."
      placet vote 42 --veto --seat legal --reason "Conflicts with the regulation."
    """
    verdicts = {
        "approve": approve,
        "ask-for-changes": ask,
        "veto": veto,
        "reject": reject,
        "retract": retract,
    }
    verdict = _one(verdicts)
    with connect() as remote:
        found = remote.changes.get(change)
        review_digest = digest or found.review_digest
        chosen = seat or _seat(found, verdict)
        _announce(found, review_digest, f"{verdict} as {chosen}")
        if not yes and screen.is_terminal() and not screen.agreed("Vote so?"):
            raise typer.Abort
        voted = remote.changes.vote(
            change,
            review_digest=review_digest,
            verdict=verdict,
            seat=chosen,
            reason=reason,
        )
    _tell(voted, "Voted on", as_json)


def _announce(change: "ChangeView", review_digest: str, what: str) -> None:
    screen.note(
        f"Change {change.id} in {change.environment}: {screen.line(change.title)}"
    )
    screen.note(f"{what}, revision {change.revision}, {review_digest}")


def clear_veto(
    change: ChangeId,
    by: Annotated[str, typer.Option("--of", help="Whose veto.")],
    reason: Reason,
    as_json: AsJson = False,
) -> None:
    """Clear a veto: your own, or as a seat that the policy names for it.

    Examples:
      placet clear-veto 42 --of legal --reason "Settled in the board of 3 May."
    """
    with connect() as remote:
        cleared = remote.changes.clear_veto(change, veto_by=by, reason=reason)
    _tell(cleared, "Cleared the veto on", as_json)


def activate(
    change: ChangeId,
    digest: ReviewDigest = None,
    as_json: AsJson = False,
) -> None:
    """Make an approved change live, all of it at once.

    Examples:
      placet activate 42
    """
    with connect() as remote:
        review_digest = digest or remote.changes.get(change).review_digest
        done = remote.changes.activate(change, review_digest)
    if as_json:
        screen.print_json(done)
    else:
        screen.say(f"Change {change} is live: {done.environment} is at seq {done.seq}.")


def withdraw(change: ChangeId, reason: Reason, as_json: AsJson = False) -> None:
    """Take your change back, for good.

    Examples:
      placet withdraw 42 --reason "Superseded by change 43."
    """
    with connect() as remote:
        _tell(remote.changes.withdraw(change, reason), "Withdrew", as_json)


def _tell(change: "ChangeView", what: str, as_json: bool) -> None:
    if as_json:
        screen.print_json(change)
    else:
        tell(change, what)


def tell(change: "ChangeView", what: str) -> None:
    """Print one line about what came of a command, and how the change stands."""
    waiting = f" for {', '.join(change.waiting_for)}" if change.waiting_for else ""
    screen.say(
        f"{what} change {change.id} in {change.environment}: {change.status}{waiting}."
    )


def _one(verdicts: dict[str, bool]) -> str:
    chosen = [verdict for verdict, is_chosen in verdicts.items() if is_chosen]
    if len(chosen) != 1:
        raise Invalid(
            "a vote says one thing",
            hint="Give one of --approve, --ask, --veto, --reject and --retract.",
        )
    return chosen[0]


def _seat(change: "ChangeView", verdict: str) -> str:
    seats = change.you.may_vote
    if len(seats) == 1:
        return seats[0]
    if not seats:
        reason = change.you.why_not or "you hold no seat that votes on it"
        raise Invalid(
            f"you cannot {verdict} change {change.id}: {reason}",
            hint=f"`placet show {change.id}` says who could vote.",
        )
    raise Invalid(
        "you could vote in several seats",
        hint=f"Name one of {', '.join(seats)}: --seat.",
    )
