"""Links that lead outside the hosts that a rule allows.

The rules:

 * Hosts are compared whole: `example.com` allows `https://example.com/any/path`,
   not `https://example.com.evil.net` and not `https://evil.net/example.com`.  With
   `allow_subdomains` it allows what ends with `.example.com` as well.
 * Case does not matter, nor whether a name is written in Punycode.
 * A port that is not the scheme's own must be in the domain: `example.com:8443`.
 * The scheme must be one of `schemes`, unless the link has none.
 * What has no host (`javascript:`, `data:`, `mailto:`) is outside, unless its
   scheme is one of `schemes`.
 * A link that is read in more than one way is outside: with a user name, with a
   backslash or percent sign before the path, with an IP address in an unusual form.
"""

from collections.abc import Iterator, Mapping
from functools import lru_cache

from placet.guardrails.errors import CannotCheck
from placet.guardrails.texts import Span, merged, readable
from placet.guardrails.urls.hosts import Host, host_of, is_within, parse_host
from placet.guardrails.urls.links import Link, find_links

DEFAULT_SCHEMES = ("https",)

_WITHOUT_HOST = {
    "javascript", "vbscript", "livescript", "data", "mailto", "blob", "about",
    "intent", "sms", "tel", "view-source",
}  # fmt: skip


def find(text: str, check: Mapping[str, object]) -> tuple[Span, ...]:
    """Where a link stands that leads outside.

    Raises:
        CannotCheck: One of the domains is none.
    """
    domains = _domains(_strings(check, "domains", ()))
    schemes = {each.lower() for each in _strings(check, "schemes", DEFAULT_SCHEMES)}
    subdomains = check.get("allow_subdomains", False) is True
    return merged(
        link.span
        for link in find_links(readable(text))
        if not _is_inside(link, domains, schemes, subdomains=subdomains)
    )


def find_urls(text: str) -> Iterator[Span]:
    """Where any link stands, for those who look for links as such."""
    return (link.span for link in find_links(text))


def is_domain(written: str) -> bool:
    """Whether *written* can be one of a rule's domains."""
    return parse_host(written) is not None or parse_host(f"[{written}]") is not None


def _is_inside(
    link: Link, domains: tuple[Host, ...], schemes: set[str], *, subdomains: bool
) -> bool:
    if link.scheme is not None and link.scheme not in schemes:
        return False
    if link.scheme in _WITHOUT_HOST:
        return True
    host = host_of(link.rest, link.scheme)
    return host is not None and any(
        is_within(host, domain, subdomains=subdomains) for domain in domains
    )


@lru_cache(maxsize=64)
def _domains(written: tuple[str, ...]) -> tuple[Host, ...]:
    hosts = [parse_host(each) or parse_host(f"[{each}]") for each in written]
    known = [host for host in hosts if host is not None]
    if len(known) < len(hosts):
        raise CannotCheck("one of the domains is no name of a host")
    return tuple(known)


def _strings(
    check: Mapping[str, object], key: str, otherwise: tuple[str, ...]
) -> tuple[str, ...]:
    value = check.get(key, otherwise)
    if not isinstance(value, (list, tuple)):
        raise CannotCheck(f"`{key}` is no list")
    return tuple(each for each in value if isinstance(each, str))
