"""Who somebody is, and what they bring along: `registry/people.py`."""

import pytest

from registry.errors import Invalid, NotSignedIn
from registry.people import Identity, Limit, Role, held_in_words, person, recognise

PRODUCT = person(
    "product", roles=(Role.OPERATOR, Role.AUTHOR), seats=("product",), active=True
)


def recognised(via: str, roles: frozenset[Role] | None = None):
    identity = Identity(handle="product", via=via, roles=roles)
    return recognise(identity, {"product": PRODUCT})


def test_a_session_brings_roles_and_seats():
    actor = recognised("session")

    assert actor.roles == (Role.AUTHOR, Role.OPERATOR)
    assert actor.seats == ("product",)
    assert actor.in_person


def test_a_token_brings_no_seat():
    actor = recognised("token:1")

    assert actor.seats == ()
    assert not actor.in_person


def test_a_token_brings_no_more_roles_than_it_may_use():
    actor = recognised("token:1", frozenset({Role.AUTHOR, Role.ADMIN}))

    assert actor.roles == (Role.AUTHOR,)


def test_a_token_that_reads_brings_no_role():
    assert recognised("token:1", frozenset()).roles == ()


def test_somebody_with_the_files_in_their_hands_brings_no_seat():
    actor = recognised("local")

    assert actor.seats == ()
    assert actor.in_person


def test_an_inactive_person_is_not_recognised():
    gone = person("product", roles=(), seats=(), active=False)
    identity = Identity(handle="product", via="session", roles=None)

    with pytest.raises(NotSignedIn, match="product is not active here"):
        recognise(identity, {"product": gone})


def test_an_unknown_person_is_not_recognised():
    with pytest.raises(NotSignedIn):
        recognise(Identity(handle="nobody", via="session", roles=None), {})


def test_roles_and_seats_are_sorted_and_each_once():
    made = person(
        "board",
        roles=(Role.VIEWER, Role.AUTHOR, Role.VIEWER),
        seats=("risk", "board", "risk"),
        active=True,
    )

    assert made.roles == (Role.AUTHOR, Role.VIEWER)
    assert made.seats == ("board", "risk")


@pytest.mark.parametrize("handle", ["a", "product", "0x", "a.b_c-d", "x" * 64])
def test_handles_are_short_and_plain(handle):
    assert person(handle, roles=(), seats=(), active=True).handle == handle


@pytest.mark.parametrize(
    "handle", ["", "Product", "a b", "-a", ".a", "a/b", "a\n", "é", "x" * 65, "a@b"]
)
def test_anything_else_is_no_handle(handle):
    with pytest.raises(Invalid):
        person(handle, roles=(), seats=(), active=True)
    with pytest.raises(Invalid):
        person("product", roles=(), seats=(handle,), active=True)


def test_what_is_held_says_where():
    limit = Limit(held="risk", environments=("production",), names=("acme-air/**",))

    assert held_in_words(("legal", "risk"), [limit]) == (
        "legal, risk (in production for acme-air/**)"
    )
