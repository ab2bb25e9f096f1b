"""`placet token`: what machines read and submit with."""

from enum import StrEnum
from typing import Annotated

import typer

from registry.cli import asking, screen
from registry.cli.options import AsJson, Yes
from registry.cli.session import connect
from registry.cli.times import show_minute
from registry.times import said


class Scope(StrEnum):
    """What a token may do."""

    READ = "read"
    CLONE = "clone"
    CHECK = "check"
    SUBMIT = "submit"
    OPERATE = "operate"


_USES = {Scope.CHECK: "evaluator", Scope.SUBMIT: "author", Scope.OPERATE: "operator"}
"""The role that each scope is for, where it is for one."""


def list_tokens(as_json: AsJson = False) -> None:
    """List tokens: what each is for, until when, and when it was last used.

    Examples:
      placet token list
    """
    with connect() as remote:
        found = list(remote.tokens.list())
    if as_json:
        screen.print_json(found)
        return
    if not found:
        screen.note("You have no token.")
        return
    rows = [
        (
            one.id,
            one.purpose,
            one.scope,
            ", ".join(one.environments) or "all",
            ", ".join(one.bots) or "all",
            one.handle,
            show_minute(one.expires),
            show_minute(one.last_used) if one.last_used else "",
            f"revoked {said(one.revoked)}" if one.revoked else "",
        )
        for one in found
    ]
    columns = ("id", "purpose", "scope", "environments", "bots", "of", "expires (UTC)")
    screen.show(screen.table((*columns, "last used", ""), rows))


def new_token(
    purpose: Annotated[
        str, typer.Option("--purpose", help="What uses it, in a few words.")
    ],
    scope: Annotated[
        Scope,
        typer.Option(
            "--scope",
            help="read for chatbots, clone for git, check to attach results as an "
            "evaluator, submit for pipelines.",
        ),
    ] = Scope.READ,
    environments: Annotated[
        list[str] | None,
        typer.Option("--env", help="Only for this environment; again for another."),
    ] = None,
    bots: Annotated[
        list[str] | None,
        typer.Option("--bot", help="Only for this bot; again for another."),
    ] = None,
    days: Annotated[int, typer.Option("--days", min=1, help="How long it lasts.")] = 90,
    handle: Annotated[
        str | None,
        typer.Option(
            "--for", help="Who answers for it; administrators may say, to read."
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Make a token; it is printed this once, alone, so that it can be piped.

    You answer for what is done with it. It never votes.

    Examples:
      placet token new --purpose "support bot" --env production
      placet token new --purpose "support bot" --bot acme-air/support
      placet token new --purpose "git on my laptop" --scope clone
      placet token new --purpose "prompt pipeline" --scope submit --days 30
      placet token new --purpose "tries the answers" --scope check
    """
    with connect() as remote:
        made = remote.tokens.make(
            purpose=purpose,
            scope=scope,
            environments=tuple(environments or ()),
            bots=tuple(bot.removeprefix("bots/") for bot in bots or ()),
            days=days,
            handle=handle,
        )
        held = remote.sessions.current().roles if scope in _USES else ()
    if as_json:
        screen.print_json(made)
        return
    screen.say(made.token)
    screen.note(f"It is shown this once. Its id is {made.id}.")
    if scope in _USES and _USES[scope] not in held:
        screen.note(
            f"You do not hold the role {_USES[scope]}, and a token never does more "
            f"than its person: without the role it does nothing that {scope} is for.",
            "yellow",
        )
    if scope is Scope.CLONE:
        screen.note("git asks for it as the password; the name does not matter.")


def revoke_token(
    token: Annotated[
        str, typer.Argument(metavar="ID", help="The token's id, not its secret.")
    ],
    yes: Yes = False,
) -> None:
    """End a token at once, for good.

    Examples:
      placet token revoke 7f3a9c
      placet token revoke 7f3a9c --yes
    """
    asking.check_askable(yes=yes)
    asking.confirm(f"Revoke the token {screen.line(token)}, for good?", yes=yes)
    with connect() as remote:
        remote.tokens.revoke(token)
    screen.say(f"The token {screen.line(token)} is revoked.")
