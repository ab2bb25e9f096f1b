"""Appointing: what somebody holds, in the ledger, and how they are called, beside it.

The ledger comes first: if it refuses, nothing else changes.  Somebody who is
deactivated loses every session and token.  If the server dies between the two,
the person is inactive and nothing of theirs is taken any more; what was left
over is cleared away before they are activated again.

A password that an administrator sets is in no ledger; the person and the other
administrators are told of it.
"""

from dataclasses import dataclass

from registry import commands
from registry.api.access import is_active
from registry.api.deps import Caller, Parts
from registry.authorization import Action, authorize
from registry.names import Digest
from registry.people import Person


@dataclass(frozen=True, slots=True, kw_only=True)
class Called:
    """A name and an e-mail address; `None` leaves what is there."""

    name: str | None
    email: str | None


def appoint(
    parts: Parts,
    caller: Caller,
    person: Person,
    called: Called,
    *,
    expected: Digest | None,
    key: str | None,
) -> None:
    """Let *person* hold exactly what it says, or ask another administrator for it.

    Args:
        expected: The digest of what they held when it was read. Who is to hold what
            they hold already is not asked about it: that undoes nothing.

    Raises:
        NotAllowed: The caller is no administrator, or it is about themselves.
        ContentMoved: They hold something else by now.
    """
    authorize(caller.actor, Action.MANAGE_PEOPLE)
    writer = parts.opened.writer
    held = writer.state.people.get(person.handle)
    if held is not None and not is_active(writer.state.people, person.handle):
        parts.access.end_everything(person.handle)
    if held != person:
        command = commands.SetPerson(person=person, expected=expected)
        writer.write(command, by=caller.identity, key=key)
    if not is_active(writer.state.people, person.handle):
        parts.access.end_everything(person.handle)
    parts.operations.save_name(person.handle, name=called.name, email=called.email)


def set_password(
    parts: Parts, caller: Caller, handle: str, password: str, *, old: str | None
) -> None:
    """Set somebody's password, as in `Access.set_password`, and tell of it."""
    parts.access.set_password(caller.actor, handle, password, old=old)
    if handle != caller.person.handle:
        state = parts.opened.writer.state
        parts.notifying.tell_password_set(state, caller.person.handle, handle)
