"""Addresses: where the registry calls, and where it never does.

An administrator types an address, and the server calls it from where it stands:
inside a network that the administrator may not reach.  So:

 * `https://` only, a host, a port, a path and a query; no user, no fragment, and no
   character that readers of addresses differ about.
 * A host is a name of letters, digits and hyphens, or an address as it is usually
   written.  `2130706433`, `0177.0.0.1`, `127.1` and `0x7f.1` are neither.
 * What the name stands for has to be reachable from anywhere.  Addresses of this
   machine, of private networks, of one link, of groups, reserved ones, and those in
   which another address is wrapped are refused; so is a name of which only one of
   several addresses is like that.
 * Whoever operates the server may allow named hosts or networks beyond this, when
   the server is started and nowhere else.
"""

import ipaddress
import re
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

from registry.errors import Invalid, NotAllowed

Ip = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

MAX_CHARS = 2_000
HTTPS_PORT = 443
HTTP_PORT = 80

_ADDRESS = re.compile(
    r"(?P<scheme>https?)://"
    r"(?P<host>[A-Za-z0-9.-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])"
    r"(?::(?P<port>[0-9]{1,5}))?"
    r"(?P<target>(?:[/?][A-Za-z0-9/?%&=+;:,.@~!$'()*_-]*)?)"
)
_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")

# Not told by `ipaddress`, or not by that of every release.
_REFUSED_4 = [
    IPv4Network(text)
    for text in (
        "0.0.0.0/8",
        "100.64.0.0/10",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/3",
    )
]
_GLOBAL_6 = IPv6Network("2000::/3")
_REFUSED_6 = [
    IPv6Network(text)
    for text in ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")
]


@dataclass(frozen=True, slots=True, kw_only=True)
class WebAddress:
    """Attributes:
    host: In lower case; an IPv6 address without its brackets.
    target: Path and query.
    """

    scheme: str
    host: str
    port: int
    target: str

    @property
    def origin(self) -> str:
        return f"{self.scheme}://{self.authority}"

    @property
    def authority(self) -> str:
        """What a request calls the host."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        usual = {"https": HTTPS_PORT, "http": HTTP_PORT}[self.scheme]
        return host if self.port == usual else f"{host}:{self.port}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowed:
    """What the operator of this server allows beyond the rules.

    Attributes:
        networks: Their addresses.
        hosts: Names, whatever they stand for, with a port or without.
        plain: Origins that may be called without TLS.
    """

    networks: tuple[Network, ...]
    hosts: tuple[str, ...]
    plain: tuple[str, ...]


NOTHING_MORE = Allowed(networks=(), hosts=(), plain=())


def parse_address(text: str, allowed: Allowed) -> WebAddress:
    """The address that *text* is, if it may be called as far as it tells itself.

    Raises:
        Invalid: It is no address, or is not https.
        NotAllowed: It names an address that is never called.
    """
    address = _parse(text)
    if address.scheme != "https" and address.origin not in allowed.plain:
        raise Invalid(
            f"{address.origin} is not https",
            hint="Notices go out over TLS only; whoever operates the server may "
            "allow one plain address with --allow-webhooks-to.",
        )
    literal = _literal(address.host)
    if literal is not None:
        check_ip(literal, address, allowed)
    return address


def check_ip(ip: Ip, address: WebAddress, allowed: Allowed) -> None:
    """Raises:
    NotAllowed: *ip*, for which the host of *address* stands, is never called.
    """
    named = {address.host, address.authority, f"{address.host}:{address.port}"}
    if (
        address.origin in allowed.plain
        or not named.isdisjoint(allowed.hosts)
        or any(ip in network for network in allowed.networks)
        or _is_public(ip)
    ):
        return
    raise NotAllowed(
        f"{address.host} is not an address that is reachable from anywhere",
        hint="Notices do not go into private networks, unless whoever operates the "
        "server allows it with --allow-webhooks-to.",
    )


def parse_allowed(texts: Iterable[str]) -> Allowed:
    """Args:
    texts: Networks (`10.2.0.0/16`), hosts (`hooks.internal`, `hooks.internal:8443`)
        and plain origins (`http://127.0.0.1:9000`).

    Raises:
        Invalid: One is none of these.
    """
    networks: list[Network] = []
    hosts: list[str] = []
    plain: list[str] = []
    for text in texts:
        if text.startswith("http://"):
            plain.append(_origin(text))
        elif (network := _network(text)) is not None:
            networks.append(network)
        else:
            hosts.append(_host(text))
    return Allowed(networks=tuple(networks), hosts=tuple(hosts), plain=tuple(plain))


def _parse(text: str) -> WebAddress:
    found = _ADDRESS.fullmatch(text) if len(text) <= MAX_CHARS else None
    if found is None:
        raise _no_address()
    host = found["host"].lower().removeprefix("[").removesuffix("]")
    literal = _literal(host)
    is_bracketed = found["host"].startswith("[")
    if is_bracketed != isinstance(literal, IPv6Address):
        raise _no_address()
    usual = HTTPS_PORT if found["scheme"] == "https" else HTTP_PORT
    port = int(found["port"] or usual)
    if not 0 < port < 65536 or (literal is None and not _is_name(host)):
        raise _no_address()
    target = found["target"]
    return WebAddress(
        scheme=found["scheme"],
        host=host if literal is None else str(literal),
        port=port,
        target=target if target.startswith("/") else f"/{target}",
    )


def _no_address() -> Invalid:
    return Invalid(
        "this is not an address that can be called",
        hint="Write it as https://hooks.example.com/path, in plain ASCII, without a "
        "user, a fragment or a dot at the end of the host.",
    )


def _literal(host: str) -> Ip | None:
    """The address that *host* is; only as addresses are usually written."""
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def _is_name(host: str) -> bool:
    """Whether no reader takes it for a number: `127.1`, `0x7f000001`."""
    labels = host.split(".")
    return all(map(_LABEL.fullmatch, labels)) and not _NUMBER.fullmatch(labels[-1])


def _is_public(ip: Ip) -> bool:
    if (
        ip.is_private
        or ip.is_loopback
        or ip.is_link_local
        or ip.is_multicast
        or ip.is_reserved
        or ip.is_unspecified
    ):
        return False
    if isinstance(ip, IPv4Address):
        return not any(ip in network for network in _REFUSED_4)
    # Outside of this are mapped addresses, NAT64 and whatever comes to be.
    return ip in _GLOBAL_6 and not any(ip in network for network in _REFUSED_6)


def _origin(text: str) -> str:
    address = _parse(text)
    if address.target != "/":
        raise _cannot_allow(text)
    return address.origin


def _network(text: str) -> Network | None:
    try:
        return ipaddress.ip_network(text)
    except ValueError:
        return None


def _host(text: str) -> str:
    name, colon, port = text.lower().partition(":")
    if not _is_name(name) or (colon and not (port.isdecimal() and port.isascii())):
        raise _cannot_allow(text)
    return text.lower()


def _cannot_allow(text: str) -> Invalid:
    return Invalid(
        f"{text[:80]!r} is nothing that can be allowed",
        hint="Name a network (10.2.0.0/16), a host (hooks.internal) or an address "
        "without TLS (http://127.0.0.1:9000).",
    )
