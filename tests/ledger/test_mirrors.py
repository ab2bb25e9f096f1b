"""Addresses of mirrors: what may be one, and that no password is ever shown."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.errors import Invalid
from registry.ledger import parse_mirror
from registry.ledger.mirrors import Scheme, _settings


@pytest.mark.parametrize(
    ("text", "address", "scheme"),
    [
        ("https://git.example/placet.git", None, Scheme.HTTPS),
        ("https://git.example:8443/a/placet.git", None, Scheme.HTTPS),
        ("ssh://git@git.example/placet.git", None, Scheme.SSH),
        ("ssh://git@git.example:2222/a/placet.git", None, Scheme.SSH),
        ("ssh://git@[::1]:22/placet.git", None, Scheme.SSH),
        ("/srv/mirror.git", None, Scheme.FILE),
        ("file:///srv/mirror.git", "/srv/mirror.git", Scheme.FILE),
        ("/srv/../srv/mirror.git", "/srv/mirror.git", Scheme.FILE),
    ],
)
def test_an_address_that_may_be_one(text, address, scheme):
    mirror = parse_mirror(text)

    assert (mirror.address, mirror.scheme) == (address or text, scheme)
    assert mirror.password is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "http://git.example/placet.git",
        "git://git.example/placet.git",
        "ext::sh -c touch% /tmp/ran",
        "git@git.example:placet.git",
        "ssh://-oProxyCommand=touch/placet.git",
        "ssh://-l@git.example/placet.git",
        "ssh://git@git.example/-placet.git",
        "ssh://git@git.example/a b",
        "ssh://git@git.example/$(touch ran)",
        "ssh://git@git.example",
        "https://git.example/",
        "https://git.example/a?b=c",
        "https://git.example/a#b",
        "https://git.example:port/a",
        "https:///placet.git",
        "https://git.exa\nmple/a b",
        "file://elsewhere/srv/mirror.git",
        "/srv/mirror\n.git",
    ],
)
def test_an_address_that_may_not_be_one(text):
    with pytest.raises(Invalid):
        parse_mirror(text)


def test_a_password_is_taken_out_of_the_address():
    mirror = parse_mirror("https://deploy:s3cr%40t@git.example/placet.git")

    assert mirror.address == "https://git.example/placet.git"
    assert mirror.password == "deploy:s3cr@t"
    assert "s3cr" not in repr(mirror)
    assert _settings(mirror)["http.extraHeader"] == (
        "Authorization: Basic ZGVwbG95OnMzY3JAdA=="
    )


@pytest.mark.parametrize(
    "text",
    [
        "ssh://git:s3cret@git.example/placet.git",
        "http://git:s3cret@git.example/placet.git",
        "https://git:s3cret@git.example/a b",
        "https://git:s3cret@git.example:port/a",
    ],
)
def test_a_refusal_does_not_show_the_password(text):
    with pytest.raises(Invalid) as found:
        parse_mirror(text)

    assert "s3cret" not in f"{found.value} {found.value.hint}"


@given(st.text(max_size=60))
def test_nothing_is_taken_for_an_option(text):
    try:
        mirror = parse_mirror(text)
    except Invalid:
        return

    assert mirror.address.startswith(("/", "https://", "ssh://"))
    assert mirror.address.isprintable()
