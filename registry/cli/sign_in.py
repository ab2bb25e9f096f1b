"""`placet login` and `placet logout`."""

import os
import sys
from contextlib import suppress
from typing import Annotated
from urllib.parse import urlsplit

import typer

from registry.cli import screen, session
from registry.cli.options import AsJson
from registry.errors import Invalid, NotSignedIn, Unavailable
from registry.people import held_in_words
from registry.times import said

LOCAL = "http://127.0.0.1:8000"


def login(
    url: Annotated[
        str | None,
        typer.Argument(metavar="URL", help="The registry's address; else it asks."),
    ] = None,
    handle: Annotated[
        str | None, typer.Option("--handle", "-u", help="Who you are; else it asks.")
    ] = None,
    password_stdin: Annotated[
        bool, typer.Option("--password-stdin", help="Read the password from a pipe.")
    ] = False,
) -> None:
    """Sign in to a registry; the session is kept for the next commands.

    It is in placet/session.json in your configuration folder, for nobody else
    to read. Pipelines set PLACET_URL and PLACET_TOKEN instead.

    Examples:
      placet login
      placet login https://registry.internal --handle author
      pass placet | placet login URL --handle author --password-stdin
    """
    from registry.remote import Remote

    url = url or _asked("Address", "URL", os.environ.get("PLACET_URL") or _last())
    _check(url)
    handle = handle or _asked("Handle", "--handle", None)
    _warn_of_plain_text(url)
    password = read_password("Password", from_stdin=password_stdin, again=False)
    with Remote(url) as remote:
        begun = remote.sessions.begin(handle, password)
        session.write(
            session.Session(
                url=remote.url, handle=begun.handle, token=begun.token, ends=begun.ends
            )
        )
        screen.say(
            f"Signed in at {remote.url} as {begun.handle}, at most until "
            f"{said(begun.ends)}"
        )


def whoami(as_json: AsJson = False) -> None:
    """Say who you are to the registry: your roles and seats, where you hold them.

    A seat that was just given, or a password that somebody else has set, cools down
    first; it says until when.

    Examples:
      placet whoami
    """
    with session.connect() as remote:
        current, url = remote.sessions.current(), remote.url
    if as_json:
        screen.print_json(current)
        return
    screen.say(f"{current.handle} at {url}, by {current.via}", "bold")
    screen.say(f"roles  {held_in_words(current.roles, current.limits) or 'none'}")
    screen.say(f"seats  {held_in_words(current.seats, current.limits) or 'none'}")
    for one in current.cooling:
        screen.say(
            f"       {one.seat} cools down, and speaks in {one.environment} from "
            f"{said(one.until)} on",
            "yellow",
        )
    if current.ends is not None:
        screen.say(f"until  {said(current.ends)}")


def logout() -> None:
    """End the session, here and at the registry.

    Examples:
      placet logout
    """
    from registry.remote import Remote

    held = session.read()
    session.forget()
    if held is None:
        screen.note("Nobody was signed in.")
        return
    with suppress(NotSignedIn, Unavailable), Remote(held.url, held.token) as remote:
        remote.sessions.end()
    screen.say(f"Signed out from {held.url}.")


def read_password(what: str, *, from_stdin: bool, again: bool) -> str:
    """Args:
    again: Ask twice, because it is a new one.

    Raises:
        Invalid: There is nobody to ask, or nothing was given.
    """
    if from_stdin:
        password = sys.stdin.readline().rstrip("\r\n")
        if not password:
            raise Invalid(
                "no password came in", hint="Write it to standard input, one line."
            )
        return password
    if not sys.stdin.isatty():
        raise Invalid(
            "there is no terminal to ask for the password on",
            hint="Use --password-stdin.",
        )
    given: str = typer.prompt(
        what, hide_input=True, confirmation_prompt=again, err=True
    )
    return given


def _check(url: str) -> None:
    """Before anything else is asked.

    Raises:
        Invalid: No registry can be there.
    """
    from registry.remote.connection import check_address

    try:
        check_address(url)
    except Invalid as error:
        if "://" not in url:
            error.hint = f"It begins with https:// or http://: http://{url[:80]}"
        raise


def _asked(what: str, option: str, default: str | None) -> str:
    if not sys.stdin.isatty():
        raise Invalid(f"the {what.lower()} is missing", hint=f"Give it with {option}.")
    given: str = typer.prompt(what, default=default, err=True)
    return given


def _last() -> str:
    with suppress(Invalid):
        held = session.read()
        if held is not None:
            return held.url
    return LOCAL


def _warn_of_plain_text(url: str) -> None:
    with suppress(ValueError):
        parts = urlsplit(url)
        local = parts.hostname in {"localhost", "127.0.0.1", "::1"}
        if parts.scheme == "http" and not local:
            screen.note(
                f"placet: {url} is not https: password and session can be read on "
                "the way",
                "yellow",
            )
