"""`placet rollback`."""

import re
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from registry.cli import asking, screen
from registry.cli.changes import tell_opened
from registry.cli.moving import bot_name, tell_done
from registry.cli.options import AsJson, Environment, Reason, Yes
from registry.cli.session import connect
from registry.cli.times import parse_time
from registry.errors import Invalid

if TYPE_CHECKING:  # slow to import
    from registry.remote.environments import Preview, Rollback

_VERSION = re.compile(r"\d+\.\d+\.\d+\S*\Z")

To = Annotated[
    str,
    typer.Option(
        "--to",
        metavar="SEQ|TIME|VERSION",
        help="Back to 41, to '2026-05-03 14:07', or a document to 1.2.0.",
    ),
]
OneBot = Annotated[
    str | None, typer.Option("--bot", help="This bot, with what it used then.")
]
OneDocument = Annotated[
    str | None, typer.Option("--document", help="This document alone.")
]
Everything = Annotated[bool, typer.Option("--all", help="The whole environment.")]
OnlyPreview = Annotated[
    bool, typer.Option("--preview", help="Only show what it would do.")
]
Propose = Annotated[
    bool, typer.Option("--propose", help="Open a change for it, to be voted on.")
]


def rollback(
    environment: Environment,
    to: To,
    reason: Reason = "",
    bot: OneBot = None,
    document: OneDocument = None,
    everything: Everything = False,
    preview: OnlyPreview = False,
    propose: Propose = False,
    yes: Yes = False,
    as_json: AsJson = False,
) -> None:
    """Put back what was live before, at once.

    It shows first what it would replace and what of others it would undo, and
    asks; --yes says so beforehand. It needs no vote if what comes back was live
    within the policy's days; if it does need one, --propose opens a change.

    Examples:
      placet rollback production --bot acme-air/support --to 41 --reason "Wrong"
      placet rollback production --document prompts/acme-air/refunds --to 1.0.0 \\
        --preview
      placet rollback production --all --to '2026-05-03 14:07' --reason "Wrong"
    """
    scope = _scope(bot, document, everything=everything)
    if not preview:
        reason = asking.given_reason(reason, "roll back")
        asking.check_askable(yes=yes or propose)
    wanted = _wanted(to, reason, scope)
    with connect() as remote:
        outlook = remote.environments.preview(environment, wanted)
        if preview and as_json:
            screen.print_json(outlook)
        if not as_json:
            _show(outlook)
        if preview:
            return
        if propose:
            change = remote.environments.propose_rollback(environment, wanted)
            tell_opened(change, as_json=as_json)
        else:
            asking.confirm("Do this?", yes=yes)
            done = remote.environments.roll_back(environment, wanted)
            tell_done(done, "Rolled back", as_json=as_json)


def _scope(bot: str | None, document: str | None, *, everything: bool) -> str | None:
    """The document to go back; `None` for all of them."""
    if sum((bot is not None, document is not None, everything)) != 1:
        raise Invalid(
            "a rollback has one scope",
            hint="Give one of --bot, --document and --all.",
        )
    return f"bots/{bot_name(bot)}" if bot is not None else document


def _wanted(to: str, reason: str, scope: str | None) -> "Rollback":
    from registry.remote.environments import Rollback

    seq: int | None = None
    moment: datetime | None = None
    version: str | None = None
    if to.isascii() and to.isdecimal():
        seq = int(to)
    elif _VERSION.match(to):
        version = to
    else:
        moment = parse_time(to)
    return Rollback(
        document=scope,
        all=scope is None,
        to_seq=seq,
        to_moment=moment,
        to_version=version,
        reason=reason,
    )


def _show(preview: "Preview") -> None:
    from registry.cli import change_view

    screen.say(f"{preview.environment} goes back to seq {preview.restored}:", "bold")
    rows = [
        (one.document, one.now or "absent", one.afterwards or "deleted")
        for one in preview.replaced
    ]
    screen.show(screen.table(("document", "now", "afterwards"), rows, indent=2))
    also = set(preview.affected) - {one.document for one in preview.replaced}
    if also:
        screen.say(f"  also reads differently: {', '.join(sorted(also))}")
    for one in preview.undoes:
        change = f"change {one.change}" if one.change else "no change"
        screen.say(
            screen.line(f"  undoes seq {one.seq} ({change}, {one.by}): {one.title}")
        )
    for fact in preview.facts:
        screen.say(screen.line(f"  {fact.name}: {fact.sentence}"))
    for warning in preview.warnings:
        screen.show(change_view.advised(warning))
    for why in preview.needs_vote:
        screen.say(screen.line(f"  needs a vote: {why}"), "yellow")
