"""`placet people`: who may do what."""

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer

from registry.cli import asking, screen
from registry.cli.limits import parse_limits
from registry.cli.options import AsJson, Reason, Yes
from registry.cli.seat_words import left_empty, policies_of, unasked
from registry.cli.session import connect
from registry.cli.sign_in import read_password
from registry.errors import Invalid, NotFound
from registry.people import held_in_words

if TYPE_CHECKING:  # slow to import
    from registry.remote import Remote
    from registry.remote.people import AskedFor, Person

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
            held_in_words(one.roles, one.limits),
            held_in_words(one.seats, one.limits),
            "" if one.active else "inactive",
            one.name or "",
            one.email or "",
        )
        for one in found
    ]
    columns = ("handle", "roles", "seats", "", "name", "e-mail")
    screen.show(screen.table(columns, rows))
    for one in found:
        if one.asked_for is not None:
            _tell_asked(one.handle, one.asked_for)


def set_person(
    handle: Handle,
    roles: Annotated[
        str | None,
        typer.Option(
            "--roles",
            help="viewer, author, evaluator, operator, auditor, admin; with commas, "
            "'' for none.",
        ),
    ] = None,
    seats: Annotated[
        str | None,
        typer.Option("--seats", help="Such as product,risk; '' for none."),
    ] = None,
    limits: Annotated[
        list[str] | None,
        typer.Option(
            "--limit",
            metavar="HELD:ENVIRONMENTS:NAMES",
            help="Where a role or seat is held; nothing between the colons is "
            "everywhere. Give it again for the next one; '' takes all limits away.",
        ),
    ] = None,
    active: Annotated[
        bool | None,
        typer.Option("--active/--inactive", help="Whether they can do anything."),
    ] = None,
    name: Annotated[
        str | None, typer.Option("--name", help="What they are called.")
    ] = (None),
    email: Annotated[str | None, typer.Option("--email", help="Their address.")] = None,
    yes: Yes = False,
) -> None:
    """Add somebody, or change what they hold; what is not given stays.

    It takes an administrator, and nobody changes their own. What is taken away is
    gone at once. A seat, the roles evaluator, operator and admin, being active again,
    and an account that something live names already, another administrator has to
    confirm within seven days; and what would leave one administrator, whoever is to go
    may confirm. An administrator holds no seat. On a terminal it asks before it takes
    away the last holder of a seat that a policy asks for.

    Examples:
      placet people set author --roles author,operator
      placet people set risk --seats risk
      placet people set risk --seats risk --limit 'risk:production:'
      placet people set owner --seats owner --limit 'owner::acme-air/**'
      placet people set operator --roles operator \\
        --limit 'operator:staging,development:acme-air/**,shared/**'
      placet people set operator --limit ''
      placet people set risk --inactive
    """
    from registry.remote.people import Person

    given = None if limits is None else parse_limits(limits)
    with connect() as remote:
        known = {one.handle: one for one in remote.people.list()}
        nobody = Person(handle=handle, roles=(), seats=(), active=True)
        had = _begin_with(known.get(handle, nobody))
        person = replace(
            had,
            roles=had.roles if roles is None else _roles(roles),
            seats=had.seats if seats is None else _words(seats),
            active=had.active if active is None else active,
            limits=had.limits if given is None else given,
            name=name,
            email=email,
        )
        policies = policies_of(remote)
        _ask_to_empty(left_empty(policies, list(known.values()), person), yes=yes)
        now = remote.people.set(person, expected=had.digest or None)
    _tell(now)
    for told in unasked(policies, had, person):
        screen.note(screen.line(told), "yellow")
    if handle not in known:
        when = "next" if now.active else "when that is confirmed"
        screen.note(f"Give a password {when}: placet people password {handle}")


def _ask_to_empty(told: Iterable[str], *, yes: bool) -> None:
    """Only on a terminal: whoever takes something away may be in a hurry."""
    found = list(told)
    for one in found:
        screen.note(screen.line(one), "yellow")
    if found and screen.is_terminal():
        asking.confirm("Take it away all the same?", yes=yes)


def confirm_person(handle: Handle, yes: Yes = False) -> None:
    """Let somebody hold what another administrator has asked for.

    Examples:
      placet people confirm risk
    """
    asking.check_askable(yes=yes)
    with connect() as remote:
        asked = _asked_for(remote, handle)
        screen.note(f"{asked.by} asks that {handle} {_wanted(asked)}.")
        asking.confirm("Agree to that?", yes=yes)
        now = remote.people.confirm(handle, asked.number)
    _tell(now)
    if now.active:
        screen.note(f"If they have no password: placet people password {handle}")


def refuse_person(handle: Handle, reason: Reason = "") -> None:
    """Refuse what is asked for somebody, or take back what you have asked for.

    Examples:
      placet people refuse risk --reason "They have left the department."
    """
    reason = asking.given_reason(reason, "refuse")
    with connect() as remote:
        asked = _asked_for(remote, handle)
        now = remote.people.refuse(handle, asked.number, reason)
    _tell(now)


def set_password(
    handle: Handle,
    password_stdin: Annotated[
        bool, typer.Option("--password-stdin", help="Read the password from a pipe.")
    ] = False,
) -> None:
    """Give somebody a new password; their sessions end.

    It takes an administrator, or one's present password for one's own. From a
    pipe that comes first, on a line of its own. When an administrator gives it, the
    person's tokens end as well, but for those that chatbots read with.

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


def _begin_with(person: "Person") -> "Person":
    """Of whom nothing is active yet: what is asked for, to which more is added."""
    if person.active or person.asked_for is None:
        return person
    asked = person.asked_for.person
    return replace(
        person,
        roles=asked.roles,
        seats=asked.seats,
        active=asked.active,
        limits=asked.limits,
    )


def _roles(text: str) -> tuple[str, ...]:
    """Raises:
    Invalid: One is not a role.
    """
    from registry.misfits import nearest
    from registry.people import Role

    found = _words(text)
    for one in found:
        if one not in set(Role):
            known = list(map(str, Role))
            hint = nearest(one, known)
            raise Invalid(
                f"{one[:64]!r} is not a role",
                hint=f"{hint} There are {', '.join(known)}; a seat goes with --seats."
                if hint.startswith("Did")
                else hint,
            )
    return found


def _words(text: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in text.split(",") if word.strip())


def _asked_for(remote: "Remote", handle: str) -> "AskedFor":
    for one in remote.people.list():
        if one.handle == handle and one.asked_for is not None:
            return one.asked_for
    raise NotFound(
        f"nothing is asked for {screen.line(handle)}",
        hint="`placet people list` shows what waits for another administrator.",
    )


def _tell(person: "Person") -> None:
    what = held_in_words((*person.roles, *person.seats), person.limits) or "nothing"
    screen.say(
        f"{person.handle} holds {what}."
        if person.active
        else f"{person.handle} is inactive."
    )
    if person.asked_for is not None:
        _tell_asked(person.handle, person.asked_for)


def _wanted(asked: "AskedFor") -> str:
    wanted = asked.person
    if not wanted.active:
        return "is inactive"
    holds = held_in_words((*wanted.roles, *wanted.seats), wanted.limits)
    return f"holds {holds or 'nothing, but is active'}"


def _tell_asked(handle: str, asked: "AskedFor") -> None:
    told = (
        f"{asked.by} asks that {handle} {_wanted(asked)}; another administrator "
        f"confirms it: placet people confirm {handle}"
    )
    screen.show(screen.paragraph(told, indent=0, error=True), error=True)
