"""A served registry and its console, people of it, and browsers that they sit at."""

import os
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    TimeoutError,
)
from streamlit.testing.v1 import AppTest

from registry.api.bearer import Scope, hash_of, make_token
from registry.cli.console import running
from registry.db.engine import disposing
from registry.db.operations import Operations, Session
from registry.errors import NotSignedIn
from registry.remote import Remote
from registry.writer import Home
from tests.cli.conftest import address_said
from tests.cli.worlds import PLACET
from ui.parts.session import REMOTE
from ui.settings import PUBLIC, REGISTRY, settings

ROOT = Path(__file__).parents[2]
APP = ROOT / "ui" / "app.py"
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
CHROMIUM_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
LOOKED_FOR = re.compile(r"/[a-z]+/_stcore/(health|host-config)$")
DRAWN = "[data-testid=stApp][data-test-script-state=notRunning]"
"""A page that is still being drawn closes what somebody has opened in it."""
PATIENCE_MS = 30_000
"""For what a page shows; the machine may be busy."""
SIGN_IN_S = 600
"""Sooner than the policy of production asks for a new one."""


@dataclass(slots=True)
class World:
    """Attributes:
    url: The registry's.
    console: The console's, once somebody opens it.
    passwords: By handle.
    """

    url: str
    console: str
    home: Path
    passwords: Mapping[str, str]
    _start_console: Callable[[], object] = lambda: None
    _secrets: dict[str, str] = field(default_factory=dict)
    _began: dict[str, float] = field(default_factory=dict)
    _remotes: dict[str, Remote] = field(default_factory=dict)

    def starts_console(self) -> None:
        """Start its process, once: pages without a browser need none."""
        start, self._start_console = self._start_console, lambda: None
        start()

    def secret(self, handle: str) -> str:
        """Of a session that is new enough to agree to tier high."""
        if time.monotonic() - self._began.get(handle, -SIGN_IN_S) >= SIGN_IN_S:
            with Remote(self.url) as door:
                session = door.sessions.begin(handle, self.passwords[handle])
            self._secrets[handle] = session.token
            self._began[handle] = time.monotonic()
        return self._secrets[handle]

    def __getitem__(self, handle: str) -> Remote:
        """The registry as somebody."""
        secret = self.secret(handle)
        if secret not in self._remotes:
            self._remotes[secret] = Remote(self.url, secret)
        return self._remotes[secret]

    def signs_out(self, handle: str) -> None:
        self[handle].sessions.end()
        self._remotes.pop(self._secrets.pop(handle)).close()
        del self._began[handle]

    @contextmanager
    def long_signed_in(
        self, handle: str, *, left: timedelta = timedelta(hours=11)
    ) -> Iterator[None]:
        """Within it *handle* has a session that began 20 minutes ago, and was used."""
        secret, now = make_token(Scope.SESSION), datetime.now(UTC)
        with disposing(Home(path=self.home).open_operations()) as engine:
            Operations(engine).begin_session(
                Session(
                    token_hash=hash_of(secret),
                    handle=handle,
                    began=now - timedelta(minutes=20),
                    last_used=now,
                    ends=now + left,
                    reset_at=None,
                )
            )
        self._secrets[handle], self._began[handle] = secret, time.monotonic()
        while not self._is_known(secret):
            time.sleep(0.2)
        try:
            yield
        finally:
            del self._secrets[handle], self._began[handle]

    def _is_known(self, secret: str) -> bool:
        """The server looks about every second for what others have written."""
        with Remote(self.url, secret) as door:
            try:
                door.sessions.current()
            except NotSignedIn:
                return False
        return True

    def close(self) -> None:
        for remote in self._remotes.values():
            remote.close()

    @contextmanager
    def page(self, handle: str, name: str = "inbox", **query: str) -> Iterator[AppTest]:
        """A page as its script sees it, without a browser, once run."""
        before = dict(os.environ)
        os.environ |= {REGISTRY: self.url, PUBLIC: self.url}
        test = AppTest.from_file(str(APP), default_timeout=60)
        try:
            test.session_state[REMOTE] = Remote(self.url, self.secret(handle))
            for key, value in query.items():
                test.query_params[key] = value
            if name != "inbox":  # where one is without saying so
                test.switch_page(f"views/{name}.py")
            yield test.run()
        finally:
            if REMOTE in test.session_state:
                test.session_state[REMOTE].close()
            os.environ.clear()
            os.environ.update(before)


@contextmanager
def served(home: Path, passwords: Mapping[str, str]) -> Iterator[World]:
    """A registry and its console, each a process of its own."""
    with free_socket() as listening:
        words = ["--home", home, "--port", "0", "--console", address_of(listening)]
        server = subprocess.Popen(
            [PLACET, "serve", *words],
            stderr=subprocess.PIPE,
            text=True,
        )
        try:
            url = address_said(server.stderr)
            with ExitStack() as consoles:

                def start() -> None:
                    consoles.enter_context(console_of(url, listening))

                world = World(url, address_of(listening), home, passwords, start)
                yield world
                world.close()
        finally:
            server.terminate()
            server.wait()
            server.stderr.close()


def free_socket() -> socket.socket:
    """One that listens on a free port of this machine alone."""
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listening.bind(("127.0.0.1", 0))
    listening.listen(128)
    return listening


def address_of(listening: socket.socket) -> str:
    return f"http://127.0.0.1:{listening.getsockname()[1]}"


@contextmanager
def console_of(registry: str, listening: socket.socket) -> Iterator[str]:
    """A console's process; its address."""
    url = address_of(listening)
    with running(listening, registry, url, None):
        yield url


def find_chromium() -> str | None:
    """One that is installed; `None` for Playwright's own."""
    return next(filter(None, map(shutil.which, CHROMIUM)), None)


def overflow(page: Page) -> int:
    """By how much a page is wider than its screen.

    Streamlit scrolls its main part, and never the document.
    """
    wider = "one => one.scrollWidth - one.clientWidth"
    widths = [page.locator("html"), page.locator("[data-testid=stMain]")]
    return max(int(one.evaluate(wider)) for one in widths)


def choose(page: Page, name: str, option: str) -> None:
    """Choose from a list, as people do: one that closes again is opened again."""
    box = page.get_by_role("combobox", name=name, exact=True)
    found = page.get_by_role("option", name=option).first
    for _ in range(10):
        box.click()
        try:
            found.click(timeout=PATIENCE_MS / 10)
        except TimeoutError:
            page.keyboard.press("Escape")
        else:
            return
    raise AssertionError(f"{name} has no {option}")


def drawn(page: Page) -> None:
    """Wait until a page of the console has come to its end."""
    page.wait_for_load_state("networkidle")
    page.locator(DRAWN).wait_for(state="attached")


def sign_in(page: Page, handle: str, password: str) -> None:
    """On the registry's own page."""
    page.get_by_label("Handle").fill(handle)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()


class Seat:
    """A browser of its own in which somebody signed in.

    Whatever goes wrong in a page is kept: scripts that fail, refused requests, and
    everything that the Content-Security-Policy blocks.
    """

    def __init__(self, world: World, browser: Browser, **context: object) -> None:
        world.starts_console()
        self.world = world
        self.wrong: list[str] = []
        self.context: BrowserContext = browser.new_context(
            **{"viewport": {"width": 1280, "height": 800}, **context}
        )
        self.context.set_default_timeout(PATIENCE_MS)

    def signs_in(self, handle: str) -> "Seat":
        """By the session's cookie, as the sign-in page leaves it."""
        cookie = {"name": settings().cookie, "value": self.world.secret(handle)}
        self.context.add_cookies(
            [{**cookie, "url": self.world.console, "httpOnly": True}]
        )
        return self

    def comes_in(self, handle: str, path: str = "/") -> Page:
        """Types a handle and password on the registry's page, and goes on to *path*."""
        page = self.opens(path)
        sign_in(page, handle, self.world.passwords[handle])
        page.wait_for_url(self.world.console + path)
        drawn(page)
        return page

    def opens(self, path: str = "/") -> Page:
        """A new tab with a page of the console, once its title stands there."""
        page = self.context.new_page()
        page.on("console", self._said)
        page.on("pageerror", lambda error: self.wrong.append(f"error: {error}"))
        page.goto(self.world.console + path)
        page.get_by_role("heading", level=1).first.wait_for()
        if page.locator("[data-testid=stApp]").count():
            drawn(page)
        return page

    def _said(self, message: ConsoleMessage) -> None:
        # Streamlit looks for its server below the page's own path first.
        if LOOKED_FOR.search(message.location["url"]):
            return
        if message.type == "error" or "Content Security Policy" in message.text:
            self.wrong.append(f"{message.type}: {message.text}")
