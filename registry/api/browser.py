"""Browsers: where a form came from, and the cookie that a session is kept in.

* A form is taken from the registry's own pages and from nowhere else, or a page
  elsewhere could sign somebody in as whom it likes.  Browsers say where it came from
  in `Sec-Fetch-Site`, which no page can write; over plain http some say only `Origin`,
  which then has to be the registry's.  What says neither is no browser of today.
* A form is small, is said to be one, and has each of its fields once and no other.
* The cookie is for this host alone, is never shown to a page, does not come along
  with what other sites send, and ends with the session at the latest.  Where people
  come by https its name begins with `__Host-`: browsers take such a one only from
  the host itself, over https.
* Nothing under `/v1/` looks at it: there a secret is a bearer token or nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit

from fastapi import Request, Response

from registry.console_pages import is_here, origin_of
from registry.db.operations import Session
from registry.errors import Invalid, NotAllowed

COOKIE = "placet_session"
SECURE_COOKIE = "__Host-placet_session"

_FORM = "application/x-www-form-urlencoded"
_OURS = {"same-origin", "none"}
"""`none` is what a person does themselves, like loading a page again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    """Where people find things; `None` for what nobody has said.

    Attributes:
        url: The registry, as browsers outside call it.
        console: The console.
    """

    url: str | None
    console: str | None

    def is_secure(self, request: Request) -> bool:
        address = self.url or str(request.base_url)
        return address.startswith("https:")

    def cookie(self, request: Request) -> str:
        """The secret that came along in the cookie; empty if none did."""
        name = SECURE_COOKIE if self.is_secure(request) else COOKIE
        return request.cookies.get(name, "")

    def elsewhere(self, request: Request) -> str | None:
        """Where to ask instead, if a cookie from here would not reach the console.

        `localhost` and `127.0.0.1` are one machine, and two to a browser.
        """
        own = origin_of(str(request.base_url))
        if self.url is not None or self.console is None or own is None:
            return None
        scheme, host, port = own
        name = urlsplit(self.console).hostname or ""
        if name == host or not is_here(host):
            return None
        shown = f"[{name}]" if ":" in name else name
        query = f"?{request.url.query}" if request.url.query else ""
        return f"{scheme}://{shown}:{port}{request.url.path}{query}"

    def check_own(self, request: Request) -> None:
        """Raises:
        NotAllowed: The request does not come from a page of the registry.
        """
        site = request.headers.get("sec-fetch-site")
        if site is not None:
            if site not in _OURS:
                raise _not_ours("Nothing was done.")
            return
        own = origin_of(self.url or str(request.base_url))
        if own is None or origin_of(request.headers.get("origin", "")) != own:
            raise _not_ours(
                "Nothing was done. If you did use that page, tell whoever operates the "
                "registry: behind a reverse proxy it is started with --public-url."
            )


def keep_session(
    response: Response, secret: str, session: Session, *, secure: bool
) -> None:
    """Have the browser keep *secret* for as long as the session can last."""
    longest = session.ends - session.began
    _set_cookie(response, secret, int(longest.total_seconds()), secure=secure)


def forget_session(response: Response, *, secure: bool) -> None:
    _set_cookie(response, "", 0, secure=secure)


async def read_form(request: Request, fields: Sequence[str]) -> Mapping[str, str]:
    """What the form says; a field that was left out is not in it.

    Raises:
        Invalid: It is none, or has other fields, or one twice.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    body = await request.body()
    if not body:
        return {}
    if kind != _FORM:
        raise _no_form(f"It is sent as {_FORM}.")
    try:
        pairs = parse_qsl(
            body.decode("ascii"),
            keep_blank_values=True,
            strict_parsing=True,
            errors="strict",
            max_num_fields=len(fields),
        )
    except ValueError:
        raise _no_form(
            "It cannot be read, or has more fields than there are."
        ) from None
    form = dict(pairs)
    if len(form) < len(pairs) or not set(form) <= set(fields):
        raise _no_form("It has a field twice, or one that is not asked for.")
    return form


def _set_cookie(
    response: Response, value: str, max_age_s: int, *, secure: bool
) -> None:
    response.set_cookie(
        SECURE_COOKIE if secure else COOKIE,
        value,
        max_age=max_age_s,
        path="/",
        secure=secure,
        httponly=True,
        samesite="lax",
    )


def _not_ours(hint: str) -> NotAllowed:
    return NotAllowed("this form was not sent from the registry's own page", hint=hint)


def _no_form(why: str) -> Invalid:
    return Invalid("this form is not what the page sends", hint=why)
