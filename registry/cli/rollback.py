"""`placet rollback`."""

import re
import shlex
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from registry.cli import asking, screen
from registry.cli.changes import tell_opened
from registry.cli.moving import (
    bot_name,
    tell_done,
    tell_stopped,
    tell_to_ratify,
    untold,
)
from registry.cli.options import AsJson, Environment, ExpectedSeq, Reason, Yes
from registry.cli.rollback_view import show
from registry.cli.session import connect
from registry.cli.times import parse_time
from registry.errors import (
    ContentMoved,
    Invalid,
    NotAgreed,
    RecalledContent,
    Unavailable,
)

if TYPE_CHECKING:  # slow to import
    from registry.remote import Remote
    from registry.remote.rollbacks import Preview, Rollback

_VERSION = re.compile(r"\d+\.\d+\.\d+\S*\Z")

To = Annotated[
    str | None,
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
Undo = Annotated[
    int | None,
    typer.Option(
        "--undo", metavar="SEQ", min=1, help="Exactly what this seq replaced."
    ),
]
OnlyPreview = Annotated[
    bool, typer.Option("--preview", help="Only show what it would do.")
]
Propose = Annotated[
    bool, typer.Option("--propose", help="Open a change for it, to be voted on.")
]


def rollback(
    environment: Environment,
    to: To = None,
    reason: Reason = "",
    bot: OneBot = None,
    document: OneDocument = None,
    everything: Everything = False,
    undo: Undo = None,
    preview: OnlyPreview = False,
    propose: Propose = False,
    expected_seq: ExpectedSeq = None,
    yes: Yes = False,
    as_json: AsJson = False,
) -> None:
    """Put back what was live before, at once.

    It shows first what it would replace and what of others it would undo, and
    asks; --yes says so beforehand. It needs no vote if what comes back was live
    within the policy's days; if it does need one, --propose opens a change.

    What you say yes to is what was shown: if something else has gone live meanwhile
    that makes a difference to it, nothing happens. --expected-seq, with the seq that
    --preview prints, refuses it if anything has.

    Examples:
      placet rollback production --bot acme-air/support --to 41 --reason "Wrong"
      placet rollback production --document prompts/acme-air/refunds --to 1.0.0 \\
        --preview
      placet rollback production --all --to '2026-05-03 14:07' --reason "Wrong"
      placet rollback production --undo 41 --reason "Repudiated"
      placet rollback production --undo 41 --reason "Repudiated" --yes \\
        --expected-seq 44
    """
    scope = _scope(bot, document, undo, everything=everything)
    if not preview:
        reason = asking.given_reason(reason, "roll back")
        asking.check_askable(yes=yes or propose)
    wanted = read_wanted(to, reason, scope, undo)
    wanted = replace(wanted, expected_seq=expected_seq)
    with connect() as remote:
        outlook = _looked(remote, environment, wanted, only=preview or propose, yes=yes)
        if outlook is None:
            _put_back(remote, environment, wanted, as_json=as_json)
            return
        if preview and as_json:
            screen.print_json(outlook)
        if not as_json:
            show(outlook)
        if not preview:
            _refuse_recalled(outlook)
            if propose:
                change = remote.environments.propose_rollback(environment, wanted)
                tell_opened(change, as_json=as_json)
            else:
                _refuse_unagreed(outlook, wanted)
                _do(remote, wanted, outlook, yes=yes, as_json=as_json)
        if not as_json:
            touched = {*outlook.affected, *(one.document for one in outlook.replaced)}
            tell_stopped(remote, environment, touched)


def _seq(text: str) -> int:
    if int(text) < 1:
        raise Invalid(
            f"there is no seq {text}",
            hint="They begin at 1; `placet log ENV` lists them.",
        )
    return int(text)


def _looked(
    remote: "Remote", environment: str, wanted: "Rollback", *, only: bool, yes: bool
) -> "Preview | None":
    """What it would do; `None` where that cannot be told, and nobody waits for it.

    Args:
        only: Nothing is put back by it.

    Raises:
        RegistryError: It would be refused, or whoever decides has nothing to read.
    """
    try:
        return remote.environments.preview(environment, wanted)
    except Unavailable as error:
        if only or not yes:
            raise
        untold("what it does", error)
        return None


def _do(
    remote: "Remote",
    wanted: "Rollback",
    shown: "Preview",
    *,
    yes: bool,
    as_json: bool,
) -> None:
    asking.confirm("Do this?", yes=yes)
    if wanted.expected_seq is None and not yes:
        seq = _still(remote, wanted, shown)
        wanted = replace(wanted, expected_seq=seq)
    _put_back(remote, shown.environment, wanted, as_json=as_json)


def _put_back(
    remote: "Remote", environment: str, wanted: "Rollback", *, as_json: bool
) -> None:
    done = remote.environments.roll_back(environment, wanted)
    tell_done(done, "Rolled back", as_json=as_json)
    tell_to_ratify(done)


def _still(remote: "Remote", wanted: "Rollback", shown: "Preview") -> int:
    """The seq at which it is what was shown, however long somebody thought about it.

    Raises:
        ContentMoved: It is something else by now.
    """
    now = remote.environments.preview(shown.environment, wanted)
    if now.decided_on != shown.decided_on:
        raise ContentMoved(
            f"{now.environment} has moved from seq {shown.seq} to {now.seq}, and this "
            "would do something else now",
            hint="Look at it again: `--preview` shows what it would do.",
        )
    return now.seq


def _scope(
    bot: str | None, document: str | None, undo: int | None, *, everything: bool
) -> str | None:
    """The document to go back; `None` for all of them, and for what a seq replaced."""
    given = (bot is not None, document is not None, undo is not None, everything)
    if sum(given) != 1:
        raise Invalid(
            "a rollback has one scope",
            hint="Give one of --bot, --document, --all and --undo.",
        )
    return f"bots/{bot_name(bot)}" if bot is not None else document


def read_wanted(
    to: str | None, reason: str, scope: str | None, undo: int | None
) -> "Rollback":
    from registry.remote.rollbacks import Rollback

    if (to is None) == (undo is None):
        raise Invalid(
            "a rollback goes back to one thing",
            hint="Give --to, or --undo SEQ for exactly what that seq replaced.",
        )
    seq: int | None = None
    moment: datetime | None = None
    version: str | None = None
    if to is None:
        pass
    elif to.isascii() and to.isdecimal():
        seq = _seq(to)
    elif _VERSION.match(to):
        version = to
    else:
        moment = parse_time(to)
    return Rollback(
        document=scope,
        all=scope is None and undo is None,
        to_seq=seq,
        to_moment=moment,
        to_version=version,
        reason=reason,
        undo=undo,
    )


def _refuse_recalled(preview: "Preview") -> None:
    """Before anybody is asked about what is refused in any case.

    Raises:
        RecalledContent: Something of it was recalled.
    """
    if preview.recalled:
        raise RecalledContent(
            "; ".join(preview.recalled),
            hint=f"Go back to before it: `placet log {preview.environment}` lists the "
            "seqs, and --preview shows what comes back.",
        )


def _refuse_unagreed(preview: "Preview", wanted: "Rollback") -> None:
    """Before anybody is asked about what takes votes.

    Raises:
        NotAgreed: It needs some.
    """
    if preview.needs_vote:
        raise NotAgreed(
            "this rollback needs votes: " + "; ".join(preview.needs_vote),
            hint=f"Propose it as a change: {_proposal(preview.environment, wanted)}",
        )


def _proposal(environment: str, wanted: "Rollback") -> str:
    """The command that proposes it."""
    words = ["placet", "rollback", environment]
    if wanted.undo is not None:
        words += ["--undo", str(wanted.undo)]
    else:
        scope = ["--document", wanted.document] if wanted.document else ["--all"]
        if wanted.document and wanted.document.startswith("bots/"):
            scope = ["--bot", bot_name(wanted.document)]
        moment = wanted.to_moment and wanted.to_moment.isoformat()
        to = wanted.to_seq or wanted.to_version or moment
        words += [*scope, "--to", str(to)]
    return shlex.join([*words, "--reason", wanted.reason, "--propose"])
