"""Beginning a registry in a folder: its policies, its first people, passwords.

Everything is checked and hashed before the folder is made.  Passwords come last,
and what was begun before something failed is taken away again: there is a
registry in which its people can sign in, or there is none.
"""

import secrets
import shutil
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from importlib import resources
from uuid import uuid4

from sqlalchemy import Engine

from registry.api.passwords import Passwords
from registry.checkpoints import origin_of
from registry.commands import Create, PolicyText
from registry.db.engine import disposing, writing
from registry.db.operations import Operations
from registry.db.projection import clear
from registry.errors import Invalid
from registry.people import LOCAL, Identity, Role, person
from registry.policy_text import parse_policy
from registry.signed_notes import VerifierKey
from registry.writer import Clock, Home, now, opened

CHARACTERS = "abcdefghijkmnopqrstuvwxyz23456789"


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """One of a registry's first people, with a password to sign in with."""

    handle: str
    roles: tuple[Role, ...]
    seats: tuple[str, ...]
    password: str


def parse_account(text: str, password: str) -> Account:
    """Read `HANDLE:ROLE,ROLE:SEAT,SEAT`; the seats may be left out.

    Raises:
        Invalid: A role is unknown, or something else is wrong.
    """
    handle, _, rest = text.partition(":")
    roles, _, seats = rest.partition(":")
    try:
        known = tuple(Role(role) for role in roles.split(",") if role)
    except ValueError as error:
        raise Invalid(
            f"{text[:80]!r} has a role that does not exist",
            hint="Write HANDLE:ROLES:SEATS; the roles are " + ", ".join(Role) + ".",
        ) from error
    return Account(
        handle=handle,
        roles=known,
        seats=tuple(seat for seat in seats.split(",") if seat),
        password=password,
    )


def make_password() -> str:
    """100 random bits, without characters that look alike or that shells read."""
    return "-".join(
        "".join(secrets.choice(CHARACTERS) for _ in range(5)) for _ in range(4)
    )


def demo_policies() -> tuple[PolicyText, ...]:
    """The policies that a registry begins with unless it is given others."""
    folder = resources.files("registry.cli") / "policies"
    return tuple(
        parse_policy(file.read_bytes())
        for file in sorted(folder.iterdir(), key=lambda file: file.name)
        if file.name.endswith(".yaml")
    )


def begin(
    home: Home,
    policies: Sequence[PolicyText],
    accounts: Sequence[Account],
    *,
    clock: Clock = now,
) -> VerifierKey:
    """Begin a registry; returns what its checkpoints are verified with.

    Args:
        clock: When it begins; only a demonstration begins in the past.

    Raises:
        Conflict: There is a registry already.
        Invalid: Something that it would begin with cannot be.
    """
    people = tuple(
        person(one.handle, roles=one.roles, seats=one.seats, active=True)
        for one in accounts
    )
    passwords = Passwords()
    hashes = {one.handle: passwords.make_hash(one.password) for one in accounts}
    repository = uuid4().hex
    command = Create(repository=repository, policies=tuple(policies), people=people)
    first = Identity(handle=accounts[0].handle, via=LOCAL, roles=None)
    home.create().close()
    with ExitStack() as undo:
        undo.callback(shutil.rmtree, home.ledger_path)
        with (
            opened(home, clock=clock) as registry,
            disposing(home.open_operations()) as operations,
        ):
            registry.writer.write(command, by=first)
            with _clearing(registry.engine):
                Operations(operations).save_passwords(hashes)
        undo.pop_all()
    return home.keys().signing(origin_of(repository)).verifier


@contextmanager
def _clearing(engine: Engine) -> Iterator[None]:
    """Empty the tables if the block fails, for they would have no ledger."""
    try:
        yield
    except BaseException:
        with writing(engine) as connection:
            clear(connection)
        raise
