"""What is kept in memory follows what is in the tables, whoever changed it."""

from collections.abc import Callable

import anyio
import pytest

from registry.api.bearer import Scope, hash_of, make_token
from registry.api.grants import LOOKS, Grants
from registry.db.operations import Operations
from registry.errors import NotSignedIn
from tests.api.conftest import Placet
from tests.conftest import NOON


@pytest.fixture
def other(placet: Placet) -> Grants:
    """The grants of another process, which has its own memory."""
    return Grants(
        placet.parts.operations,
        people=lambda: placet.parts.opened.writer.state.people,
        clock=placet.clock,
    )


def secret_of(client) -> str:
    return client.headers["authorization"].partition(" ")[2]


def test_another_process_learns_of_a_new_session(placet: Placet, other: Grants):
    secret = secret_of(placet.signed_in("author"))
    with pytest.raises(NotSignedIn):
        other.get(secret, placet.clock())

    other.keep_current()

    assert other.get(secret, placet.clock()).handle == "author"


ENDS: dict[str, Callable[[Operations, str, Placet], None]] = {
    "signing out": lambda o, secret, p: o.end_session(hash_of(secret)),
    "a new password": lambda o, secret, p: o.save_password("author", "a hash"),
    "deactivation": lambda o, secret, p: o.end_everything("author", p.clock()),
}


@pytest.mark.parametrize("end", ENDS)
def test_another_process_learns_that_a_session_has_ended(placet: Placet, end: str):
    secret = secret_of(placet.signed_in("author"))
    grants = placet.parts.grants

    ENDS[end](placet.parts.operations, secret, placet)
    grants.keep_current()

    with pytest.raises(NotSignedIn):
        grants.get(secret, placet.clock())


def test_another_process_learns_that_a_session_is_in_use(placet: Placet, other: Grants):
    client = placet.signed_in("author")
    other.refresh()
    placet.clock.forward(minutes=20)
    client.get("/v1/changes")

    other.keep_current()
    placet.clock.forward(minutes=20)

    assert other.get(secret_of(client), placet.clock()).handle == "author"


def test_another_process_learns_of_a_token_and_of_its_end(
    placet: Placet, other: Grants
):
    secret = secret_of(placet.machine(Scope.READ))
    other.keep_current()
    grant = other.get(secret, placet.clock())

    placet.parts.operations.revoke_token(
        grant.via.removeprefix("token:"), placet.clock()
    )
    other.keep_current()

    with pytest.raises(NotSignedIn):
        other.get(secret, placet.clock())


def test_a_mistyped_secret_is_told_from_one_that_is_not_known(other: Grants):
    with pytest.raises(NotSignedIn) as mistyped:
        other.get("plc_read_abc", NOON)
    with pytest.raises(NotSignedIn) as unknown:
        other.get(make_token(Scope.READ), NOON)

    assert "checksum" in mistyped.value.hint
    assert "checksum" not in unknown.value.hint


def test_who_was_let_in_elsewhere_a_moment_ago_is_looked_for(
    placet: Placet, other: Grants
):
    secret = secret_of(placet.signed_in("author"))

    assert other.is_new(secret)
    anyio.run(other.look, secret)

    assert not other.is_new(secret)
    assert other.get(secret, placet.clock()).handle == "author"


def test_a_secret_that_nobody_can_have_given_is_looked_for_by_nobody(other: Grants):
    secret = make_token(Scope.SESSION)

    assert not other.is_new("")
    assert not other.is_new(secret[:-1] + "-")
    assert not other.is_new(secret * 3)


def test_so_many_unknown_secrets_at_once_are_not_looked_for(
    placet: Placet, other: Grants
):
    looked = [other.is_new(make_token(Scope.READ)) for _ in range(2)]

    async def look() -> None:
        for _ in range(LOOKS):
            await other.look(make_token(Scope.READ))

    anyio.run(look)

    assert looked == [True, True]
    assert not other.is_new(make_token(Scope.READ))
    placet.clock.forward(seconds=1)
    assert other.is_new(make_token(Scope.READ))
