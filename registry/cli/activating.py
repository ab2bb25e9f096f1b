"""`placet activate`: making a change live, agreed to or in an emergency.

What it makes stale is told beforehand. Where that cannot be told, this is said, and
it goes on: no question about others keeps a change back, least of all in an emergency.
"""

from typing import TYPE_CHECKING, Annotated

import typer

from registry.cli import asking, screen
from registry.cli.changes import ReviewDigest
from registry.cli.moving import tell_stopped, tell_to_ratify, untold
from registry.cli.options import AsJson, ChangeId, Reason, Yes
from registry.cli.session import connect
from registry.errors import Invalid, NotAllowed, RegistryError

if TYPE_CHECKING:  # slow to import
    from registry.remote import Remote
    from registry.remote.changes import ChangeView, Done

Emergency = Annotated[
    bool, typer.Option("--emergency", help="Without agreement, to be ratified later.")
]
Incident = Annotated[
    str | None, typer.Option("--incident", help="The incident's id: INC-7.")
]
Seat = Annotated[
    str | None,
    typer.Option("--seat", help="The seat that lets you do this; yours, if it is one."),
]


def activate(
    change: ChangeId,
    digest: ReviewDigest = None,
    emergency: Emergency = False,
    incident: Incident = None,
    seat: Seat = None,
    reason: Reason = "",
    yes: Yes = False,
    as_json: AsJson = False,
) -> None:
    """Make an approved change live, all of it at once.

    It asks first on a terminal. A pipeline is not asked: everybody has agreed.

    With --emergency it goes live without agreement, where the policy allows that
    to a seat that you hold. Then somebody has to ratify it by a deadline, and you
    are not the one. To stop a bot, or to roll back, takes no emergency.

    Examples:
      placet activate 42
      placet activate 42 --yes
      placet activate 42 --emergency --incident INC-7 \\
        --reason "It names a customer" --yes
    """
    if emergency:
        _check_given(incident)
        reason = asking.given_reason(reason, "activate it in an emergency")
        asking.check_askable(yes=yes)
    elif incident or seat or reason:
        raise Invalid(
            "an activation has no incident, seat or reason",
            hint="Say --emergency, or leave them out.",
        )
    with connect(change=change) as remote:
        found = remote.changes.get(change)
        named = digest or found.review_digest
        if emergency:
            chosen = seat or _only_seat(remote, found.environment)
            _tell_emergency(found)
            _tell_stale(remote, change)
            asking.confirm(f"Make it live without agreement, as {chosen}?", yes=yes)
            done = remote.changes.activate_in_emergency(
                change, named, seat=chosen, incident=str(incident), reason=reason
            )
        else:
            done = _activated(remote, found, named, yes=yes)
        if as_json:
            screen.print_json(done)
            return
        screen.say(f"Change {change} is live: {done.environment} is at seq {done.seq}.")
        tell_to_ratify(done)
        touched = {one.document for one in found.effect}
        tell_stopped(remote, done.environment, touched)


def _activated(
    remote: "Remote", found: "ChangeView", digest: str, *, yes: bool
) -> "Done":
    if found.is_agreed and screen.is_terminal():
        title = screen.line(found.title)
        screen.note(f"Change {found.id} in {found.environment}: {title}")
        _tell_stale(remote, found.id)
        asking.confirm("Make it live?", yes=yes)
    return remote.changes.activate(found.id, digest)


def _tell_stale(remote: "Remote", change: int) -> None:
    from registry.cli.made_stale_view import note_made_stale

    try:
        found = remote.changes.preview_activation(change)
    except RegistryError as error:
        untold("what it makes stale", error)
        return
    note_made_stale(found.makes_stale)


def _check_given(incident: str | None) -> None:
    if not incident:
        raise Invalid("an emergency names its incident", hint="Give --incident INC-7.")


def _only_seat(remote: "Remote", environment: str) -> str:
    """The one seat of whoever asks that the policy lets act in an emergency.

    Raises:
        Invalid: They hold none, or several.
    """
    from registry.policy_text import parse_policy

    source = remote.policies.get(environment).source.encode()
    rule = parse_policy(source).policy.emergency
    allowed = rule.seats if rule else ()
    mine = [seat for seat in remote.sessions.current().seats if seat in allowed]
    if len(mine) == 1:
        return mine[0]
    if mine:
        raise Invalid(
            "you could do this in several seats",
            hint=f"Name one of {', '.join(mine)}: --seat.",
        )
    if not allowed:
        raise NotAllowed(
            f"the policy of {environment} allows no emergency",
            hint="Stop the bot (`placet stop`), or roll back: neither needs a vote.",
        )
    raise NotAllowed(
        f"you hold no seat that activates in an emergency in {environment}",
        hint=f"In {environment} these do: {', '.join(allowed)}.",
    )


def _tell_emergency(change: "ChangeView") -> None:
    title = screen.line(change.title)
    screen.note(f"Change {change.id} in {change.environment}: {title}")
    screen.note(f"  touches {', '.join(one.document for one in change.effect)}")
    for one in change.requirements:
        if not one.met:
            screen.note(screen.line(f"  without {one.name}: {one.why}"), "yellow")
    for check in change.required_checks:
        if not check.met:
            said = f"  without the check {check.name}: {check.why}"
            screen.note(screen.line(said), "yellow")
