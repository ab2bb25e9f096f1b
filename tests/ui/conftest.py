"""A real registry behind a real server, its console, and a real browser."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from registry.cli.demo.building import build
from registry.writer import Home
from tests.cli.worlds import begin
from tests.ui.world import (
    CHROMIUM_ARGUMENTS,
    PATIENCE_MS,
    Seat,
    World,
    find_chromium,
    served,
)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """With somebody in every role and seat, and nothing live.

    A module has one of its own, so that nobody else's documents are in its lists.
    """
    home = tmp_path_factory.mktemp("console") / "registry"
    with served(home, begin(home)) as world:
        yield world


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """The demonstration: half a year of two bots.  Tests leave it as it is."""
    home = Home(path=tmp_path_factory.mktemp("demo") / "registry")
    passwords = build(home, datetime.now(UTC)).demo.passwords
    with served(home.path, passwords) as world:
        yield world


expect.set_options(timeout=PATIENCE_MS)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=find_chromium(), args=CHROMIUM_ARGUMENTS
        )
        yield browser
        browser.close()


@pytest.fixture
def seat(
    request: pytest.FixtureRequest, browser: Browser
) -> Iterator[Callable[..., Seat]]:
    """Makes seats; after the test nothing may have gone wrong in any of them.

    They are in `world`, unless a test says `of=demo`.
    """
    seats: list[Seat] = []

    def make(
        handle: str | None = None, *, of: World | None = None, **context: object
    ) -> Seat:
        of = of or request.getfixturevalue("world")
        seats.append(Seat(of, browser, **context))
        return seats[-1] if handle is None else seats[-1].signs_in(handle)

    yield make
    for one in seats:
        one.context.close()
    assert [wrong for one in seats for wrong in one.wrong] == []
