"""Registries to try the rules on."""

import pytest

from tests.rules.assembly import Registry
from tests.rules.texts import including, make_bot, make_fragment, make_prompt


@pytest.fixture
def registry() -> Registry:
    """Nothing is live in it."""
    return Registry()


@pytest.fixture
def furnished(registry: Registry) -> Registry:
    """In production a bot with a prompt that includes a fragment, at seq 1."""
    registry.put(
        make_fragment("1.0.0"), make_prompt("1.0.0", including()), make_bot("1.0.0")
    )
    return registry
