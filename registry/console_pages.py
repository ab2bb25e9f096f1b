"""The console's pages: where they are, and which of them tells of what.

* A browser keeps the cookie of a session for a host, whatever the port, and one
  that is secure for https alone.  So the console is on the host of the registry, by
  the same scheme.  Where nobody has said what the registry is called outside, both
  are on this machine.
* Where somebody goes on after signing in is a path of the console, and never
  another address: one slash, and then nothing that a browser takes for a host,
  drops or turns round.
* What is about a change is read on the page of that change, everything else from
  the first page on.
"""

import re
from urllib.parse import urlsplit

from registry.errors import Invalid

MAX_PATH_CHARS = 1000

_PATH = re.compile(r"/(?!/)[A-Za-z0-9._~!$&'()*+,;=:@%/?-]*")
_PORTS = {"http": 80, "https": 443}
_HERE = re.compile(r"localhost|127(?:\.[0-9]{1,3}){3}|::1")

Origin = tuple[str, str, int | None]
"""Scheme, host and port, by which browsers tell what belongs together."""


def origin_of(address: str) -> Origin | None:
    """The origin of an address, however it is written; `None` if it has none."""
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        return None
    if not parts.hostname or parts.scheme not in _PORTS:
        return None
    return parts.scheme, parts.hostname, port or _PORTS[parts.scheme]


def is_here(host: str | None) -> bool:
    """Whether *host* is a name of this machine that is the same on every machine."""
    return host is not None and _HERE.fullmatch(host) is not None


def check_console(console: str, registry: str | None) -> None:
    """Args:
    console: Its address.
    registry: Where people reach the registry; `None` if nobody has said so.

    Raises:
        Invalid: A session that begins at the registry would not reach it.
    """
    its = urlsplit(console)
    if registry is None:
        if not is_here(its.hostname):
            raise Invalid(
                f"nobody has said where people reach the registry, and {console} is "
                "another machine for them",
                hint="Say it with --public-url; it has the same host as --console.",
            )
        return
    ours = urlsplit(registry)
    if (its.scheme, its.hostname) != (ours.scheme, ours.hostname):
        raise Invalid(
            f"no session reaches a console at {console} from {registry}",
            hint="Both have the same host and the same http or https; only the port "
            "may differ.",
        )


def check_path(text: str) -> str:
    """Return *text* if it is a path of the console, perhaps with a query.

    Raises:
        Invalid: It is not, or could be read as something else.
    """
    if len(text) > MAX_PATH_CHARS or not _PATH.fullmatch(text):
        raise Invalid(
            "this is no page of the console",
            hint="Write `next` as a path, /change?id=7; no other address is gone to.",
        )
    return text


def page_of(console: str, change: int | None) -> str:
    """The page to read about *change*; the first page for everything else."""
    return f"{console}/" if change is None else f"{console}/change?id={change}"
