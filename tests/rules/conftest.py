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


@pytest.fixture
def moved(furnished: Registry) -> Registry:
    """Seq 1 as `furnished`; 2: another prompt; 3: other words in everything."""
    furnished.wait(days=1)
    furnished.put(make_prompt("1.0.0", name="acme/other"))
    furnished.wait(days=1)
    furnished.put(
        make_fragment("1.1.0", "Be calm."),
        make_prompt("1.1.0", including(text="Be brief.")),
        make_bot("1.1.0", purpose="Everything"),
    )
    furnished.wait(days=1)
    return furnished


@pytest.fixture
def developed(registry: Registry) -> Registry:
    """In development, and only there, a bot with a prompt and a fragment."""
    registry.put(
        *(make_fragment("1.0.0"), make_prompt("1.0.0", including()), make_bot("1.0.0")),
        to="development",
    )
    return registry
