"""The connection: one registry's address, and the way in which it is asked.

* A write carries an idempotency key.  If the answer is lost on the way it is
  sent again with the same key, so that it happens once or not at all.
* What the registry keeps no keys for (signing in, tokens, passwords) is sent
  once: a second token would be one that nobody knows of.
* Nothing is read from the process's environment, and no redirection is
  followed: a token goes to the address that it was given for, or nowhere.
* Members that this version does not know are left alone.
"""

import ssl
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar
from urllib.parse import quote, urlsplit
from uuid import uuid4

import httpx2
import msgspec

from registry.errors import Invalid, Unavailable
from registry.remote.problems import parse_problem

T = TypeVar("T")

Query = str | int | None
"""`None` leaves a parameter out."""

PAGE = 200
PAUSES_S = (0.2, 1.0)
_JSON = {"Content-Type": "application/json"}
_IDLE = {"Placet-Idle": "true"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Page(Generic[T]):
    """Part of a list; `next` is the cursor of the rest, `None` at its end."""

    items: tuple[T, ...]
    next: str | None = None


class Connection:
    """Args:
    url: Where the registry is, without a path.
    token: Of a session or a machine; without one only signing in works.
    timeout_s: Seconds to wait for each answer.
    tls: What certificates to trust; `None` for what the system trusts.

    Raises:
        Invalid: The address is none.
    """

    def __init__(
        self,
        url: str,
        token: str | None,
        timeout_s: float,
        tls: ssl.SSLContext | None,
    ) -> None:
        self.url = check_address(url)
        headers = {"User-Agent": "placet", "Accept": "application/json"}
        if token is not None:
            headers["Authorization"] = f"Bearer {_printable(token)}"
        is_secure = self.url.startswith("https:")
        self._client = httpx2.Client(
            base_url=self.url,
            headers=headers,
            timeout=timeout_s,
            verify=(tls or ssl.create_default_context()) if is_secure else False,
            trust_env=False,
        )

    def close(self) -> None:
        self._client.close()

    def read(self, path: str, **query: Query) -> bytes:
        """The bytes of an answer, as they came."""
        return self._send("GET", path, query=query)

    def get(self, path: str, answer: type[T], **query: Query) -> T:
        return self._decoded(self.read(path, **query), answer)

    def get_idly(self, path: str, answer: type[T]) -> T:
        """The same without anybody who asks: it is no use of a session."""
        return self._decoded(self._send("GET", path, headers=_IDLE), answer)

    def items(
        self, path: str, item: type[T], *, limit: int | None, **query: Query
    ) -> Iterator[T]:
        """Each of a list, page after page; at most *limit* of them."""
        cursor: str | None = None
        left = limit
        while left is None or left > 0:
            size = PAGE if left is None else min(left, PAGE)
            page = self.get(
                path,
                Page[item],  # type: ignore[valid-type] # a type as a value
                limit=size,
                cursor=cursor,
                **query,
            )
            yield from page.items
            cursor = page.next
            if cursor is None:
                return
            left = None if left is None else left - len(page.items)

    def post(
        self, path: str, body: object, answer: type[T], *, key: str | None = None
    ) -> T:
        return self._decoded(self._write("POST", path, body, key), answer)

    def post_once(
        self,
        path: str,
        body: object,
        answer: type[T],
        *,
        timeout_s: float | None = None,
        **query: Query,
    ) -> T:
        """A `POST` for which the registry keeps no key.

        Args:
            timeout_s: Instead of the usual one, for what takes its time.
        """
        said = self._send_once(path, body, timeout_s=timeout_s, query=query)
        return self._decoded(said, answer)

    def command_once(self, path: str, body: object) -> None:
        """The same, if its answer says nothing."""
        self._send_once(path, body)

    def put(
        self, path: str, body: object, answer: type[T], *, key: str | None = None
    ) -> T:
        return self._decoded(self._write("PUT", path, body, key), answer)

    def delete(self, path: str) -> None:
        self._write("DELETE", path, None, None)

    def _write(self, method: str, path: str, body: object, key: str | None) -> bytes:
        content = None if body is None else msgspec.json.encode(body)
        headers = {"Idempotency-Key": key or uuid4().hex}
        if content is not None:
            headers |= _JSON
        return self._send(method, path, content=content, headers=headers)

    def _send_once(
        self,
        path: str,
        body: object,
        *,
        timeout_s: float | None = None,
        query: Mapping[str, Query] | None = None,
    ) -> bytes:
        content = msgspec.json.encode(body)
        return self._send(
            "POST",
            path,
            query=query,
            content=content,
            headers=_JSON,
            pauses_s=(),
            timeout_s=timeout_s,
        )

    def _send(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, Query] | None = None,
        content: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        pauses_s: tuple[float, ...] = PAUSES_S,
        timeout_s: float | None = None,
    ) -> bytes:
        timeout = httpx2.USE_CLIENT_DEFAULT if timeout_s is None else timeout_s
        for pause_s in (*pauses_s, None):
            try:
                answer = self._client.request(
                    method,
                    path,
                    params={k: v for k, v in (query or {}).items() if v is not None},
                    content=content,
                    headers=headers,
                    timeout=timeout,
                )
            except (httpx2.ConnectError, httpx2.ConnectTimeout) as error:
                raise self._nobody(error) from error
            except httpx2.TransportError as error:
                if pause_s is None:
                    raise self._lost(error) from error
                time.sleep(pause_s)
            else:
                return _body(answer)
        raise AssertionError("unreachable")

    def _nobody(self, error: Exception) -> Unavailable:
        return Unavailable(
            f"no registry answers at {self.url}: {str(error) or 'no connection'}",
            hint="Check the address, and that the registry is running.",
        )

    def _lost(self, error: Exception) -> Unavailable:
        return Unavailable(
            f"{self.url} did not answer: {str(error) or type(error).__name__}",
            hint="Look whether it happened before you send it again.",
        )

    def _decoded(self, body: bytes, answer: type[T]) -> T:
        try:
            return msgspec.json.decode(body, type=answer)
        except (msgspec.MsgspecError, UnicodeDecodeError) as error:
            raise Unavailable(
                f"{self.url} answered something else than expected: {error}",
                hint="Check that it is a registry, of about the version used here.",
            ) from error


def check_address(url: str) -> str:
    """Return *url* without a trailing slash if a registry can be there.

    Raises:
        Invalid: It is not `http://` or `https://` with a host and no path.
    """
    try:
        parts = urlsplit(url)
        named = bool(parts.hostname) and parts.port != 0
    except ValueError:
        named = False
    if (
        not named
        or not url.isprintable()
        or parts.scheme not in {"http", "https"}
        or parts.path not in {"", "/"}
        or parts.query
        or parts.fragment
        or parts.username is not None
    ):
        raise Invalid(
            f"{url[:80]!r} is not the address of a registry",
            hint="Write it as https://registry.internal, without a path.",
        )
    return f"{parts.scheme}://{parts.netloc}"


def place(*segments: str) -> str:
    """A path of *segments*; a slash within one, as in names, stays one.

    Raises:
        Invalid: A segment would lead to another place, such as `a/../b`.
    """
    for segment in segments:
        if not {"", ".", ".."}.isdisjoint(segment.split("/")):
            raise Invalid(
                f"{segment[:80]!r} cannot be a name",
                hint="Names have letters and digits between their slashes.",
            )
    return "/" + "/".join(quote(segment, safe="/") for segment in segments)


def _body(answer: httpx2.Response) -> bytes:
    if answer.is_success:
        return answer.content
    raise parse_problem(answer.status_code, answer.content)


def _printable(token: str) -> str:
    if not token.isascii() or not token.isprintable() or " " in token:
        raise Invalid(
            "the token has characters that no token has",
            hint="Copy it again, without spaces or line ends.",
        )
    return token
