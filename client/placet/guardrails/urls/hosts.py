"""Which host a link leads to, if everybody agrees about it.

Browsers and libraries differ in what they do with an `@`, a backslash or a percent
sign before the path; a link with one of these leads nowhere here, so that it is
never taken for one that is allowed.
"""

import ipaddress
import re
import unicodedata
from dataclasses import dataclass

MAX_HOST_CHARS = 253
MAX_LABEL_CHARS = 63

_AUTHORITY = re.compile(r"/*([^/\\?#]*)")
_PARTS = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[^:\[\]@%]+)(?::([0-9]{0,5}))?")
_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?")
_DOTS = str.maketrans("\u3002\uff0e\uff61", "...")
_IGNORED = dict.fromkeys((0xAD, 0x200B, 0x2060, 0xFEFF))
_PORTS = {"http": 80, "ws": 80, "https": 443, "wss": 443, "ftp": 21}


@dataclass(frozen=True, slots=True, kw_only=True)
class Host:
    """A host as it is compared, in ASCII and lower case.

    Attributes:
        port: None, if it is the one of the scheme.
        numeric: An IP address: it has no subdomains.
    """

    name: str
    port: int | None
    numeric: bool


def host_of(rest: str, scheme: str | None) -> Host | None:
    """Return the host in what follows a scheme's colon; None if that is unclear."""
    authority = _AUTHORITY.match(rest)
    if authority is None or "\\" in rest[: authority.end() + 1]:
        return None
    return parse_host(authority[1], scheme)


def parse_host(written: str, scheme: str | None = None) -> Host | None:
    """Read `host`, `host:port`, `[v6]` or `[v6]:port`."""
    if len(written) > 4 * MAX_HOST_CHARS:
        return None
    parts = _PARTS.fullmatch(written)
    if parts is None:
        return None
    name, port = parts[1], int(parts[2]) if parts[2] else None
    if port == _PORTS.get(scheme or "https"):
        port = None
    if name.startswith("["):
        return _v6(name[1:-1], port)
    plain = _ascii(name)
    if plain is None:
        return None
    last = plain.rpartition(".")[2]
    if not (last.isdigit() or re.fullmatch("0x[0-9a-f]*", last)):
        return Host(name=plain, port=port, numeric=False)
    return _v4(plain, port)


def is_within(host: Host, domain: Host, *, subdomains: bool) -> bool:
    if host.port != domain.port:
        return False
    if host.name == domain.name:
        return True
    below = subdomains and not (host.numeric or domain.numeric)
    return below and host.name.endswith("." + domain.name)


def _ascii(name: str) -> str | None:
    """The name as the DNS knows it: labels in Punycode, in lower case."""
    plain = name.translate(_IGNORED)
    if not plain.isascii():
        plain = unicodedata.normalize("NFKC", plain).translate(_DOTS)
        plain = unicodedata.normalize("NFKC", plain.lower())
    labels = [_label(each) for each in plain.lower().removesuffix(".").split(".")]
    known = [label for label in labels if label is not None]
    whole = ".".join(known)
    return whole if known == labels and len(whole) <= MAX_HOST_CHARS else None


def _label(label: str) -> str | None:
    if not label.isascii():
        label = "xn--" + label[:MAX_LABEL_CHARS].encode("punycode").decode("ascii")
    fits = len(label) <= MAX_LABEL_CHARS and _LABEL.fullmatch(label) is not None
    return label if fits else None


def _v4(name: str, port: int | None) -> Host | None:
    """Only the plain form: `0x7f.1` and `2130706433` are read in many ways."""
    try:
        ipaddress.IPv4Address(name)
    except ValueError:
        return None
    return Host(name=name, port=port, numeric=True)


def _v6(name: str, port: int | None) -> Host | None:
    try:
        address = ipaddress.IPv6Address(name)
    except ValueError:
        return None
    return Host(name=address.compressed, port=port, numeric=True)
