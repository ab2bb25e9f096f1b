"""How long a page of the console takes in a browser, with a large registry behind it.

Usable means: the page's title stands there, and Streamlit says that its script has
come to its end.  A page is opened by its address in a browser that has been here
before, five times; the figure is the middle one of the slowest page.
"""

import statistics
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Page, sync_playwright

from benchmarks.worlds import World, name_of, prompt, world_with
from registry.api.passwords import Passwords
from registry.db.operations import Operations
from registry.writer import Home
from tests.ui.world import (
    CHROMIUM_ARGUMENTS,
    DRAWN,
    find_chromium,
    served,
)
from tests.ui.world import World as Console
from ui.settings import settings

PASSWORD = "a benchmark needs no secrets"  # noqa: S105
HANDLE = "product"
OPEN_OF = 10
"""One change of so many is left open."""

PAGES = {
    "Inbox": "/",
    "Changes": "/change",
    "Change": "/change?id={change}",
    "Live": "/live",
    "Time": "/time",
    "Catalogue": "/catalogue",
    "Ledger": "/ledger",
    "Propose": "/propose",
    "Playground": "/playground",
    "Policy": "/policy",
}


def measure(*, quick: bool) -> dict[str, float]:
    documents, changes, times = (1_000, 200, 3) if quick else (10_000, 5_000, 5)
    with TemporaryDirectory(prefix="placet-bench-") as folder:
        home, change = _registry(Path(folder) / "registry", documents, changes)
        with served(home.path, {HANDLE: PASSWORD}) as console:
            opened, switched = _timed(console, change, times)
    for name, took in opened.items():
        print(f"  {name:<12}{took:8.2f} s", file=sys.stderr)
    return {
        "console.page_s": max(opened.values()),
        "console.switch_s": max(switched.values()),
    }


def _registry(path: Path, documents: int, changes: int) -> tuple[Home, int]:
    """A registry on disk, and the number of a change that is open in it."""
    world = world_with(documents, datetime.now(UTC) - timedelta(hours=12))
    left = changes - len(world.state.changes)
    for number in range(left):
        source = prompt(name_of(number % documents), f"2.{number}.0")
        if number % OPEN_OF == 0:
            _propose(world, source)
        else:
            world.put_live(source)
    home = world.save(path)
    operations = Operations(home.open_operations())
    operations.save_password(HANDLE, Passwords().make_hash(PASSWORD))
    return home, max(world.state.open_changes)


def _propose(world: World, source: bytes) -> None:
    world.act(next(world.agreed(source)))


def _timed(
    console: Console, change: int, times: int
) -> tuple[dict[str, float], dict[str, float]]:
    console.starts_console()
    secret = console.secret(HANDLE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=find_chromium(), args=CHROMIUM_ARGUMENTS
        )
        context = browser.new_context(viewport={"width": 1280, "height": 800})
        cookie = {"name": settings().cookie, "value": secret, "url": console.console}
        context.add_cookies([cookie])
        page = context.new_page()
        opened, switched = {}, {}
        for name, path in PAGES.items():
            address = console.console + path.format(change=change)
            took = [_opened(page, address) for _ in range(times + 1)]
            opened[name] = statistics.median(took[1:])
        for name in ("Changes", "Live", "Time", "Catalogue", "Ledger", "Inbox"):
            switched[name] = _switched(page, name)
        browser.close()
    return opened, switched


def _opened(page: Page, address: str) -> float:
    page.goto("about:blank")
    began = time.perf_counter()
    page.goto(address)
    _wait(page)
    return time.perf_counter() - began


def _switched(page: Page, name: str) -> float:
    began = time.perf_counter()
    page.get_by_role("link", name=name, exact=True).first.click()
    page.get_by_role("heading", level=1, name=name).wait_for()
    _wait(page)
    return time.perf_counter() - began


def _wait(page: Page) -> None:
    page.get_by_role("heading", level=1).first.wait_for()
    page.locator(DRAWN).wait_for(state="attached")
