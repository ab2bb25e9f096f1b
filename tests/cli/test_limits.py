"""Limits of roles and seats, as people type them."""

import pytest

from registry.cli.limits import parse_limits
from registry.errors import Invalid
from registry.remote.people import Limit


@pytest.mark.parametrize(
    ("text", "environments", "names"),
    [
        ("risk:production:", ("production",), ()),
        ("risk:production", ("production",), ()),
        ("risk::acme-air/**", (), ("acme-air/**",)),
        (
            "risk:staging, production:a/**,b/*",
            ("staging", "production"),
            ("a/**", "b/*"),
        ),
    ],
)
def test_a_limit_says_what_is_held_where(text, environments, names):
    (limit,) = parse_limits([text])

    assert limit == Limit(held="risk", environments=environments, names=names)


@pytest.mark.parametrize("text", ["risk", "risk::", ":production:", "a:b:c:d", "a,b:c"])
def test_what_is_no_limit_is_refused_and_shown_how_to_write(text):
    with pytest.raises(Invalid, match="is no limit") as refused:
        parse_limits([text])

    assert "HELD:ENVIRONMENTS:NAMES" in refused.value.hint
    assert "risk:production:acme-air/**" in refused.value.hint


def test_nothing_typed_is_no_limit():
    assert parse_limits([""]) == ()
