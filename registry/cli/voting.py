"""`placet vote` and `clear-veto`."""

from typing import TYPE_CHECKING, Annotated

import typer

from registry.cli import asking, screen
from registry.cli.changes import ReviewDigest, named, tell
from registry.cli.options import AsJson, ChangeId, Reason, Yes
from registry.cli.session import connect
from registry.cli.times import parse_end
from registry.errors import Invalid

if TYPE_CHECKING:  # slow to import
    from collections.abc import Iterable

    from registry.remote.changes import ChangeView, Standing
    from registry.remote.conditions import Condition

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
ConditionText = Annotated[
    str | None,
    typer.Option("--condition", help="What still has to be done; with --approve."),
]
ConditionOwner = Annotated[
    str | None,
    typer.Option("--condition-owner", metavar="HANDLE", help="Who answers for it."),
]
ConditionDue = Annotated[
    str | None, typer.Option("--condition-due", metavar="DAY", help="By when.")
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
    condition: ConditionText = None,
    condition_owner: ConditionOwner = None,
    condition_due: ConditionDue = None,
    digest: ReviewDigest = None,
    yes: Yes = False,
    as_json: AsJson = False,
) -> None:
    """Vote on a change, on exactly what it is now.

    What the change does, and which requirement your vote counts for, is shown
    first, and you are asked; --yes says so beforehand.
    With --digest it is refused if the change is no longer what you have read.

    Examples:
      placet vote 42 --approve --seat risk
      placet vote 42 --approve --condition "Add the case of lost luggage." \\
        --condition-owner author --condition-due 2026-12-24
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
    asked = _condition(condition, condition_owner, condition_due)
    if verdict != "approve":
        reason = asking.given_reason(reason, verdict.replace("-", " "))
    asking.check_askable(yes=yes)
    with connect(change=change) as remote:
        found = remote.changes.get(change)
        review_digest = digest or found.review_digest
        chosen = seat or _seat(found, verdict)
        if verdict == "approve" and found.you.reason_needed:
            reason = asking.given_reason(reason, verdict)
        _announce(found, review_digest, verdict, chosen)
        asking.confirm("Vote so?", yes=yes)
        voted = remote.changes.vote(
            change,
            review_digest=review_digest,
            verdict=verdict,
            seat=chosen,
            reason=reason,
            condition=asked,
        )
    _tell_receipt(voted, review_digest, verdict, chosen, as_json=as_json)
    if voted.status == "approved":
        screen.note(
            screen.line(f"Not yet: {voted.why_not}")
            if voted.why_not
            else f"An operator can make it live: placet activate {change}"
        )


_DONE = {
    "approve": "Approved",
    "ask-for-changes": "Asked for changes of",
    "veto": "Vetoed",
    "reject": "Rejected",
    "retract": "Took the vote back on",
}


def _tell_receipt(
    voted: "ChangeView", digest: str, verdict: str, seat: str, *, as_json: bool
) -> None:
    """To what exactly somebody has said what, in which seat, and what remains."""
    if as_json:
        screen.print_json(voted)
        return
    from registry.cli.change_words import stands

    screen.say(
        screen.line(
            f"{_DONE[verdict]} change {voted.id} in {voted.environment} as {seat} "
            f"(revision {voted.revision}, review digest {screen.short(digest)}): "
            f"{stands(voted)}."
        )
    )


def _announce(change: "ChangeView", digest: str, verdict: str, seat: str) -> None:
    from registry.cli import change_view, check_view

    title = screen.line(change.title)
    screen.note(f"Change {change.id} in {change.environment}: {title}")
    touched = [one.document for one in change.effect if change.edits]
    touched = touched or list(change.documents)
    screen.note(f"  touches {', '.join(touched)}")
    screen.show(*change_view.facts(change.facts, error=True), error=True)
    if change.answers is not None:
        screen.note(screen.line(f"  answers: {change.answers}"))
    for line in check_view.bad(change.checks):
        screen.note(screen.line(f"  {line}"), "yellow")
    for one in change.required_checks:
        if not one.met:
            screen.note(screen.line(f"  {one.name} is required: {one.why}"), "yellow")
    screen.note(f"  every word of it: placet show {change.id} --diff")
    screen.note(f"  review digest {digest}")
    if verdict == "approve":
        _tell_requirements(change.requirements, seat)
    screen.note(f"{verdict} change {change.id} as {seat} (revision {change.revision})")


def _tell_requirements(asked: "Iterable[Standing]", seat: str) -> None:
    """What the vote would help to meet, or that it would meet nothing."""
    waiting = [one for one in asked if not one.met]
    meets = [one for one in waiting if one.seat == seat]
    for one in meets:
        screen.note(screen.line(f"  counts for {one.name}: {one.why}"))
    if not meets:
        others = ", ".join(f"{one.name} ({one.seat or 'nobody'})" for one in waiting)
        told = f"those ask for others: {others}" if others else "all are met"
        screen.note(
            screen.line(f"  no open requirement asks for the seat {seat}; {told}"),
            "yellow",
        )


def clear_veto(
    change: ChangeId,
    by: Annotated[str, typer.Option("--of", help="Whose veto.")],
    reason: Reason = "",
    yes: Yes = False,
    as_json: AsJson = False,
) -> None:
    """Clear a veto: your own, or as a seat that the policy names for it.

    Examples:
      placet clear-veto 42 --of legal --reason "Settled in the board of 3 May."
      placet clear-veto 42 --of legal --reason "My mistake." --yes
    """
    reason = asking.given_reason(reason, "clear the veto")
    asking.check_askable(yes=yes)
    with connect(change=change) as remote:
        found = remote.changes.get(change)
        for vote in found.blocks:
            if (vote.verdict, vote.by) == ("veto", by):
                screen.note(screen.line(f"{by} vetoed it: {vote.reason}"))
        asking.confirm(f"Clear the veto of {by} on {named(found)}?", yes=yes)
        cleared = remote.changes.clear_veto(change, veto_by=by, reason=reason)
    tell(cleared, "Cleared the veto on", as_json=as_json)


def _condition(
    text: str | None, owner: str | None, due: str | None
) -> "Condition | None":
    from registry.remote.conditions import Condition

    if text is None and owner is None and due is None:
        return None
    if text is None or owner is None or due is None:
        raise Invalid(
            "a condition says what, who and by when",
            hint="Give --condition, --condition-owner and --condition-due together.",
        )
    return Condition(text=text, owner=owner, due=parse_end(due))


def _one(verdicts: dict[str, bool]) -> str:
    chosen = [verdict for verdict, is_chosen in verdicts.items() if is_chosen]
    if len(chosen) != 1:
        raise Invalid(
            "a vote says one thing",
            hint="Give one of --approve, --ask, --veto, --reject and --retract.",
        )
    return chosen[0]


def _seat(change: "ChangeView", verdict: str) -> str:
    seats = change.you.may_vote or _beside(change, verdict)
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


def _beside(change: "ChangeView", verdict: str) -> tuple[str, ...]:
    """Where nobody agrees, as to what is stale, one can still say something else."""
    could = (one.seats for one in change.you.could if one.act == verdict)
    return next(could, ())
