"""Addresses of people and machines: e-mail and IP.

An e-mail address has an `@` with a name before it and a domain with a top level of
letters after it; letters may be accented, Greek, Cyrillic and so on.  What is
written out (`jane at example dot com`) is not found.

An IP address is one of version 4 in four decimal parts, or one of version 6 with a
digit in it.  A version number of four parts looks the same and is found as well.
"""

import ipaddress
import re
from collections.abc import Iterator

from placet.guardrails.folding import stands_alone
from placet.guardrails.patterns import compiled
from placet.guardrails.texts import Span

MAX_LOCAL_CHARS = 64
MAX_IPV6_CHARS = 45

_LETTERS = r"A-Za-z\p{Latin}\p{Greek}\p{Cyrillic}\p{Armenian}\p{Hebrew}\p{Arabic}"
_EMAIL = (
    rf"[{_LETTERS}0-9\p{{M}}!#$%&'*+/=?^_{{|}}~.-]+@"
    r"(?:[\p{L}\p{N}\p{M}_-]+\.)+"
    rf"(?:xn--[A-Za-z0-9-]{{2,59}}|[{_LETTERS}\p{{M}}]{{2,63}})"
)
_IPV4 = re.compile(
    r"(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])"
    r"(?:\.(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])){3}"
)
_IPV6 = re.compile(r"[0-9A-Fa-f]{0,4}:[0-9A-Fa-f:.]+")


def find_emails(text: str) -> Iterator[Span]:
    if "@" not in text:
        return
    for found in compiled(_EMAIL).finditer(text):
        start, end = found.span()
        at = text.index("@", start, end)
        start = max(start, at - MAX_LOCAL_CHARS)
        while start < at and text[start] in ".'*/=|{}?&#!~^-":
            start += 1
        if start < at:
            yield start, end


def find_ips(text: str) -> Iterator[Span]:
    for found in _IPV4.finditer(text):
        if stands_alone(text, found.span()) and not _dotted_on(text, found.span()):
            yield found.span()
    for found in _IPV6.finditer(text):
        start, end = found.span()
        if end - start > MAX_IPV6_CHARS:
            continue
        while text[end - 1] in ".:" and text[end - 2 : end] != "::":
            end -= 1
        if stands_alone(text, (start, end)) and _is_ipv6(text[start:end]):
            yield start, end


def _dotted_on(text: str, span: Span) -> bool:
    """Whether it is a part of a longer number with dots."""
    before, after = text[max(0, span[0] - 2) : span[0]], text[span[1] : span[1] + 2]
    return (before[-1:] == "." and before[:1].isdigit()) or (
        after[:1] == "." and after[1:].isdigit()
    )


def _is_ipv6(characters: str) -> bool:
    if not any(char.isdigit() for char in characters):
        return False
    try:
        ipaddress.IPv6Address(characters)
    except ValueError:
        return False
    return True
