"""The gate: who gets to see anything of the console, and what every answer carries.

* Without a session of the registry there is the sign-in page, and nothing else: no
  script, no health, no settings of the server.  The registry is asked each time
  somebody opens a page or connects, and never does asking keep a session alive.
* The console is called by one name.  On a loopback address its other names lead
  there, so that the session's cookie is found.  Only its own pages connect to it.
* A page may run only what this server sends.  Streamlit needs styles within the page
  and WebAssembly; it needs nothing from elsewhere.
"""

import asyncio
import base64
import hashlib
import html
import re
from collections.abc import Awaitable, Callable
from pathlib import Path
from string import Template
from urllib.parse import urlsplit

import streamlit
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from registry.errors import NotSignedIn, RegistryError, Unavailable
from registry.remote import Remote
from ui.settings import Settings

ASSETS = ("/static/", "/favicon.png", "/robots.txt")
"""The same for everybody, and known to everybody: the packaged frontend."""

INTERNALS = ("/_stcore/", "/media/", "/component/")
CLOSED = ("/_stcore/metrics", "/_stcore/script-health-check", "/_stcore/agent")
LOOPBACK = frozenset({"127.0.0.1", "localhost", "[::1]"})
MAX_PATH = 2000

_INLINE = re.compile(rb"<script>(.*?)</script>", re.DOTALL)
_PAGE = Template(
    "<!doctype html><html lang=en><meta charset=utf-8>"
    "<meta name=viewport content='width=device-width'><title>Placet</title>"
    "<main><h1>$title</h1><p>$sentence</p></main></html>"
)


class Gate:
    """Args:
    app: What is behind it.
    settings: Where the registry is.
    url: Where browsers find the console.
    """

    def __init__(self, app: ASGIApp, *, settings: Settings, url: str) -> None:
        self._app = app
        self._settings = settings
        self._host = urlsplit(url).netloc
        self._url = url.rstrip("/")
        self._headers = _headers(_policy(_inline_scripts()))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        path = scope["path"]
        if scope["type"] == "http":
            send = self._with_headers(send)
            if path == "/livez":
                await PlainTextResponse("ok")(scope, receive, send)
                return
            if any(path.startswith(one) for one in CLOSED):
                await PlainTextResponse("Not found", 404)(scope, receive, send)
                return
            if path.startswith(ASSETS):
                await self._app(scope, receive, send)
                return
        elsewhere = self._elsewhere(scope)
        refused = elsewhere or await self._refused(scope)
        if refused is None:
            await self._app(scope, receive, send)
        elif scope["type"] == "http":
            await refused(scope, receive, send)
        else:
            await receive()
            await send({"type": "websocket.close", "code": 1008})

    def _elsewhere(self, scope: Scope) -> ASGIApp | None:
        """The answer to who came by another name than the console's own."""
        headers = Headers(scope=scope)
        host, origin = headers.get("host", ""), headers.get("origin")
        if scope["type"] == "websocket" and origin != self._url:
            return PlainTextResponse("Connections come from the console's pages.", 403)
        if host == self._host:
            return None
        given, own = urlsplit(f"//{host}"), urlsplit(f"//{self._host}")
        names = {_bracketed(given.hostname), _bracketed(own.hostname)}
        if names <= LOOPBACK and scope["type"] == "http":
            return RedirectResponse(self._url + _path(scope))
        return PlainTextResponse(f"This is the console at {self._url}.", 421)

    async def _refused(self, scope: Scope) -> ASGIApp | None:
        """What somebody gets who did not sign in; `None` if they did."""
        secret = self._settings.secret_of(Headers(scope=scope).get("cookie", ""))
        try:
            if secret is not None:
                await asyncio.to_thread(check, self._settings.registry, secret)
                return None
        except NotSignedIn:
            pass
        except Unavailable as error:
            return _page("The registry does not answer", f"{error} {error.hint}", 503)
        except RegistryError as error:
            return _page("The registry does not let you in", str(error), 403)
        if _is_page(scope):
            return RedirectResponse(self._settings.sign_in(_path(scope)), 303)
        return PlainTextResponse("Sign in first.", 403)

    def _with_headers(self, send: Send) -> Callable[[Message], Awaitable[None]]:
        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(self._headers)
            await send(message)

        return sending


def check(registry: str, secret: str) -> None:
    """Raises:
    NotSignedIn: There is no such session any more.
    """
    with Remote(registry, secret, timeout_s=10) as remote:
        remote.sessions.current(keep_alive=False)


def _page(title: str, sentence: str, status: int) -> ASGIApp:
    text = _PAGE.substitute(title=html.escape(title), sentence=html.escape(sentence))
    return HTMLResponse(text, status)


def _is_page(scope: Scope) -> bool:
    headers = Headers(scope=scope)
    wants = "text/html" in headers.get("accept", "")
    own = scope["path"].startswith(INTERNALS)
    return scope["type"] == "http" and scope["method"] == "GET" and wants and not own


def _path(scope: Scope) -> str:
    query = scope["query_string"].decode("latin-1")
    path = "/" + scope["raw_path"].decode("latin-1").lstrip("/")
    return (f"{path}?{query}" if query else path)[:MAX_PATH]


def _bracketed(name: str | None) -> str:
    return f"[{name}]" if name and ":" in name else name or ""


def _inline_scripts() -> list[str]:
    """What the packaged page has between script tags, each by its hash."""
    index = Path(streamlit.__file__).parent / "static" / "index.html"
    return [
        "'sha256-" + base64.b64encode(hashlib.sha256(one).digest()).decode() + "'"
        for one in _INLINE.findall(index.read_bytes())
    ]


def _policy(scripts: list[str]) -> str:
    """The Content-Security-Policy (W3C CSP Level 3)."""
    return "; ".join(
        (
            "default-src 'self'",
            f"script-src 'self' 'wasm-unsafe-eval' {' '.join(scripts)}",
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "connect-src 'self'",
            "font-src 'self' data:",
            "worker-src 'self' blob:",
            "frame-ancestors 'none'",
            "form-action 'self'",
            "base-uri 'none'",
            "object-src 'none'",
        )
    )


def _headers(policy: str) -> dict[str, str]:
    return {
        "Content-Security-Policy": policy,
        "Cross-Origin-Opener-Policy": "same-origin",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
        "Referrer-Policy": "same-origin",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
    }
