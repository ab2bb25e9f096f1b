"""A registry over real HTTP, a client of it, and patience for background threads.

The tests of this folder say what the client promises. They run against
`placet.testing.FakeRegistry`, which is thereby shown to behave as they expect.
"""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import placet
from placet.testing import FakeRegistry

BOT = "acme-air/support"
PROMPT = "acme-air/refunds"


@pytest.fixture
def registry() -> Iterator[FakeRegistry]:
    """It has one prompt, which says "first", and one bot that uses it."""
    with FakeRegistry() as registry:
        registry.put_prompt(PROMPT, "first: {{ question }}")
        registry.put_bot(BOT, {"refunds": PROMPT}, fallback="Please call us.")
        yield registry


@pytest.fixture
def client(registry: FakeRegistry) -> Iterator[placet.Client]:
    """It refreshes only when it is told to."""
    with registry.client(timeout_s=2.0) as client:
        yield client


@pytest.fixture
def kept(registry: FakeRegistry, tmp_path: Path) -> Path:
    """A folder that holds the bot and the prompt."""
    with registry.client(cache_dir=tmp_path) as client:
        client.bot(BOT)
        client.prompt(PROMPT)
    return tmp_path


@pytest.fixture
def eventually() -> Callable[[Callable[[], bool]], None]:
    """Wait until something is true; a test that waits for too long fails."""

    def wait(is_true: Callable[[], bool]) -> None:
        deadline = time.monotonic() + 10
        while not is_true():
            assert time.monotonic() < deadline, "it never happened"
            time.sleep(0.005)

    return wait


@pytest.fixture
def said() -> Callable[[placet.Bundle], str]:
    """The text of the prompt `refunds` of a bundle."""

    def text(bundle: placet.Bundle) -> str:
        return bundle.prompt("refunds").render(question="?")[0]["content"]

    return text
