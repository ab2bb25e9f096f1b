"""The pages on which people sign in and out: plain HTML, without any script.

They stand on their own: nothing comes from another host, and their policy lets a
browser do nothing but show them, send their form to the registry, and go on from
there to the console.
"""

import hashlib
from base64 import b64encode
from collections.abc import Mapping
from datetime import datetime
from html import escape
from urllib.parse import quote

from fastapi import Response
from fastapi.responses import HTMLResponse

from registry.api.passwords import MAX_CHARS

_STYLE = """
:root { color-scheme: light dark; --ink: #1c2430; --soft: #566272; --page: #f6f7f9;
  --card: #fff; --line: #d5dbe2; --field: #8a95a3; --main: #1f5f8b; --on: #fff;
  --over: #184c70; --bad: #a3271b; --bad-card: #fdf0ee; }
@media (prefers-color-scheme: dark) { :root { --ink: #e3e9f0; --soft: #a3b0bf;
  --page: #0f1720; --card: #17212c; --line: #2b3846; --field: #6f7f90;
  --main: #7cc0ec; --on: #0f1720; --over: #a5d5f5; --bad: #ff9d91;
  --bad-card: #2e1c1d; } }
* { box-sizing: border-box; }
body { margin: 0; min-height: 100vh; display: flex; flex-direction: column;
  align-items: center; padding: clamp(1.5rem, 10vh, 6rem) 1rem 2rem; color: var(--ink);
  background: var(--page); font: 1rem/1.5 "Source Sans", system-ui, sans-serif; }
header { width: 100%; max-width: 25rem; margin-bottom: 1.25rem; }
header b { font-size: 1.25rem; font-weight: 600; color: var(--main);
  letter-spacing: .01em; }
header span { display: block; color: var(--soft); font-size: .9375rem; }
main { width: 100%; max-width: 25rem; padding: 1.75rem; background: var(--card);
  border: 1px solid var(--line); border-radius: .5rem; }
h1 { margin: 0 0 1.25rem; font-size: 1.5rem; line-height: 1.25; font-weight: 600; }
h1 + p { margin-top: -.5rem; }
p, form { margin: 0 0 1rem; overflow-wrap: anywhere; }
main > :last-child, form > :last-child { margin-bottom: 0; }
label { display: block; margin-bottom: .25rem; font-weight: 600; }
input { display: block; width: 100%; margin-bottom: 1.125rem; padding: .5rem .75rem;
  min-height: 2.75rem; color: inherit; background: var(--card); font: inherit;
  border: 1px solid var(--field); border-radius: .375rem; }
button, .button { display: block; width: 100%; margin: 0 0 1rem; padding: .5rem 1rem;
  min-height: 2.75rem; border: 1px solid var(--main); border-radius: .375rem;
  color: var(--on); background: var(--main); font: inherit; font-weight: 600;
  line-height: 1.6; text-align: center; text-decoration: none; cursor: pointer; }
button:hover, .button:hover { background: var(--over); border-color: var(--over); }
:focus-visible { outline: 3px solid var(--main); outline-offset: 2px; }
a { color: var(--main); }
.bad { margin: 0 0 1.25rem; padding: .75rem 1rem; background: var(--bad-card);
  border-left: 4px solid var(--bad); border-radius: .25rem; }
.bad b { color: var(--bad); } .bad span { display: block; }
.soft { color: var(--soft); font-size: .9375rem; }
.links a { margin-right: 1.25rem; white-space: nowrap; }
footer { width: 100%; max-width: 25rem; margin-top: 1.25rem; color: var(--soft);
  font-size: .9375rem; }
"""
_HASH = b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
_ICON = quote(
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><rect width="16" '
    'height="16" rx="3" fill="#1f5f8b"/><path d="M4 8.5l3 3 5-7" fill="none" '
    'stroke="#fff" stroke-width="2"/></svg>'
)
_HELP = (
    "<footer>No account yet, or the password is lost? An administrator of this "
    "registry helps with both.</footer>"
)


def answer(
    body: str,
    *,
    status: int = 200,
    console: str | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """A page as it is sent.

    A browser that says nothing of where it comes from says nothing of where a form
    does either, so these pages let it say that to the registry itself.

    Args:
        console: Where its form may lead to, after the registry.
    """
    led = "'self'" if console is None else f"'self' {console}"
    policy = (
        f"default-src 'none'; style-src 'sha256-{_HASH}'; img-src data:; "
        f"form-action {led}; "
        "base-uri 'none'; frame-ancestors 'none'"
    )
    more = {
        "Content-Security-Policy": policy,
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "same-origin",
        **(headers or {}),
    }
    return HTMLResponse(body, status_code=status, headers=more)


def form(
    *, handle: str, after: str | None, wrong: str | None = None, hint: str = ""
) -> str:
    """The page to sign in on.

    Args:
        handle: What stands in its field.
        after: The path of the console to go on to.
        wrong: Why the last try did not do, as a sentence.
    """
    told = invalid = ""
    if wrong is not None:
        told = _wrong(wrong, hint)
        invalid = ' aria-describedby="wrong"'
    on_handle, on_password = ("", " autofocus") if handle else (" autofocus", "")
    hidden = ""
    if after is not None:
        hidden = f'<input type="hidden" name="next" value="{escape(after)}">'
    return _page(
        "Sign in",
        f'{told}<form method="post" action="sign-in">{hidden}'
        '<label for="handle">Handle</label>'
        f'<input id="handle" name="handle" value="{escape(handle)}" required '
        'maxlength="64" autocomplete="username" autocapitalize="none" '
        f'spellcheck="false"{on_handle}{invalid}>'
        '<label for="password">Password</label>'
        '<input id="password" name="password" type="password" required '
        f'maxlength="{MAX_CHARS}" autocomplete="current-password"'
        f"{on_password}{invalid}>"
        '<button type="submit">Sign in</button></form>',
        failed=wrong is not None,
        foot=_HELP,
    )


def signed_in(
    *, handle: str, ends: datetime, onward: str | None, after: str | None
) -> str:
    """Args:
    onward: The page of the console to go on to; `None` if there is no console.
    after: Its path.
    """
    go = "" if onward is None else _button(onward, "Go on to the console")
    again = "sign-in?again=true"
    if after is not None:
        again += f"&next={quote(after, safe='')}"
    return _page(
        "You are signed in",
        f"<p>As <b>{escape(handle)}</b>, until {_moment(ends)} at most. After half an "
        f"hour without use the session ends by itself.</p>{go}"
        '<p class="links"><a href="sign-out">Sign out</a>'
        f'<a href="{escape(again)}">Sign in again, or as somebody else</a></p>',
    )


def ask_sign_out(handle: str | None) -> str:
    """Args:
    handle: Who is signed in; `None` if nobody is.
    """
    if handle is None:
        return _page(
            "You are not signed in",
            "<p>There is no session to end in this browser.</p>"
            + _button("sign-in", "Sign in"),
        )
    return _page(
        "Sign out?",
        f"<p>You are signed in as <b>{escape(handle)}</b>. Signing out ends the "
        "session in every tab of this browser.</p>"
        '<form method="post" action="sign-out">'
        '<button type="submit">Sign out</button></form>'
        '<p class="links"><a href="sign-in">Stay signed in</a></p>',
    )


def signed_out() -> str:
    return _page(
        "You are signed out",
        "<p>The session has ended at the registry: what this browser kept of it "
        "opens nothing any more.</p>" + _button("sign-in", "Sign in again"),
    )


def refusal(wrong: str, hint: str) -> str:
    """Why something else than a try to sign in did not do."""
    return _page(
        "That was not taken",
        _wrong(wrong, hint) + _button("sign-in", "Go to the sign-in page"),
        failed=True,
    )


def _page(title: str, body: str, *, failed: bool = False, foot: str = "") -> str:
    mark = "Not done: " if failed else ""
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{mark}{title} · Placet</title>"
        f'<link rel="icon" href="data:image/svg+xml,{_ICON}">'
        f"<style>{_STYLE}</style></head><body>"
        "<header><b>Placet</b><span>The registry for what chatbots are told</span>"
        f"</header><main><h1>{title}</h1>{body}</main>{foot}</body></html>"
    )


def _wrong(wrong: str, hint: str) -> str:
    more = f"<span>{escape(hint)}</span>" if hint else ""
    return (
        f'<div class="bad" id="wrong" role="alert"><b>{escape(wrong)}</b>{more}</div>'
    )


def _button(address: str, words: str) -> str:
    return f'<a class="button" href="{escape(address)}">{words}</a>'


def _moment(at: datetime) -> str:
    return f'<time datetime="{at.isoformat()}">{at:%Y-%m-%d %H:%M} UTC</time>'
