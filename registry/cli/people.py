"""`placet people`: who may do what."""

from dataclasses import replace
from typing import Annotated

import typer

from registry.cli import screen
from registry.cli.options import AsJson
from registry.cli.session import connect
from registry.cli.sign_in import read_password

Handle = Annotated[str, typer.Argument(metavar="HANDLE", help="Who.")]


def list_people(as_json: AsJson = False) -> None:
    """List people with their roles and seats.

    Examples:
      placet people list
      placet people list --json
    """
    with connect() as remote:
        found = list(remote.people.list())
    if as_json:
        screen.print_json(found)
        return
    rows = [
        (
            one.handle,
            ", ".join(one.roles),
            ", ".join(one.seats),
            "" if one.active else "inactive",
            one.name or "",
            one.email or "",
        )
        for one in found
    ]
    columns = ("handle", "roles", "seats", "", "name", "e-mail")
    screen.show(screen.table(columns, rows))


def set_person(
    handle: Handle,
    roles: Annotated[
        str | None,
        typer.Option(
            "--roles",
            help="viewer, author, operator, auditor, admin; with commas, '' for none.",
        ),
    ] = None,
    seats: Annotated[
        str | None,
        typer.Option("--seats", help="Such as product,risk; '' for none."),
    ] = None,
    active: Annotated[
        bool | None,
        typer.Option("--active/--inactive", help="Whether they can do anything."),
    ] = None,
    name: Annotated[
        str | None, typer.Option("--name", help="What they are called.")
    ] = (None),
    email: Annotated[str | None, typer.Option("--email", help="Their address.")] = None,
) -> None:
    """Add somebody, or change what they hold; what is not given stays.

    It takes an administrator, and nobody changes their own.

    Examples:
      placet people set author --roles author,operator
      placet people set risk --seats risk
      placet people set risk --inactive
    """
    from registry.remote.people import Person

    with connect() as remote:
        known = {one.handle: one for one in remote.people.list()}
        held = known.get(handle, Person(handle=handle, roles=(), seats=(), active=True))
        person = replace(
            held,
            roles=held.roles if roles is None else _words(roles),
            seats=held.seats if seats is None else _words(seats),
            active=held.active if active is None else active,
            name=name,
            email=email,
        )
        remote.people.set(person)
    what = ", ".join([*person.roles, *person.seats]) or "nothing"
    state = f"holds {what}" if person.active else "is inactive"
    screen.say(f"{handle} {state}.")
    if handle not in known:
        screen.note(f"Give a password next: placet people password {handle}")


def set_password(
    handle: Handle,
    password_stdin: Annotated[
        bool, typer.Option("--password-stdin", help="Read the password from a pipe.")
    ] = False,
) -> None:
    """Give somebody a new password; their sessions end.

    It takes an administrator, or one's present password for one's own. From a
    pipe that comes first, on a line of its own.

    Examples:
      placet people password author
      openssl rand -base64 18 | placet people password author --password-stdin
    """
    with connect() as remote:
        current: str | None = None
        if remote.sessions.current().handle == handle:
            current = read_password(
                "Your present password", from_stdin=password_stdin, again=False
            )
        password = read_password(
            f"New password for {screen.line(handle)}",
            from_stdin=password_stdin,
            again=True,
        )
        remote.people.set_password(handle, password, current=current)
    screen.say(f"{handle} has a new password.")


def _words(text: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in text.split(",") if word.strip())
