"""Where links stand in running text.

What a browser or a chat window would make a link of, and a little more:

 * a scheme and `//`, with backslashes for slashes, too; the schemes of the web also
   with one slash or none;
 * what runs or carries something by itself: `javascript:`, `data:` and their like;
 * `//host`, where nothing but a quote, a bracket or a space is before it;
 * a host without a scheme, from `www.` on, or under one of the large generic
   top-level domains, or under any with a path, a port or a query after it.

A link ends at a space, a quote or a bracket of `<>[]{}`, and before the punctuation
that ends a sentence; a `)` belongs to it if a `(` does.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from placet.guardrails.patterns import compiled
from placet.guardrails.texts import Span

_WEB = "https?|ftp|wss?|file"
_SLASHES = r"[/\\]"
_WITH_SCHEME = (
    rf"[A-Za-z][A-Za-z0-9+.-]{{1,30}}:{_SLASHES}{{2,}}"
    rf"|\b(?i:{_WEB}):{_SLASHES}?[^\s/\\<>\"]"
)
_ALONE = re.compile(
    r"\b(?:(?:javascript|vbscript|livescript):\s{0,8}(?=\S{1,80}[(=`]|(?<=:)\S)"
    r"|data:(?=[\w.+-]{0,60}/?[\w.+-]{0,60}(?:;[\w.+=\"-]{0,60}){0,5},)"
    r"|(?:mailto|blob|about|intent|sms|tel|view-source):(?=[^\s:]))",
    re.IGNORECASE | re.ASCII,
)
_RELATIVE = re.compile(r"(?:(?<=[\s\"'`(\[<>=,])|\A)[/\\]{2,}(?=[^\s/\\.]+\.[^\s.])")
_GENERIC = (
    "com|net|org|info|biz|edu|gov|mil|int|app|dev|online|site|website|shop|store|xyz"
    "|top|club|live|link|click|tech|cloud|page|web|pro|mobi|name|io|ai|me|tv|cc|ly"
)
_TOP = re.compile(
    rf"\.(?:(?:{_GENERIC})(?![\w-])|(?:[a-z]{{2,24}}|xn--[a-z0-9-]{{2,59}})(?=[/?:#]))",
    re.IGNORECASE | re.ASCII,
)
_IP_WITH_MORE = re.compile(r"(?<![\w.])[0-9]{1,3}(?:\.[0-9]{1,3}){3}(?=[/?#]|:[0-9])")
_WWW = re.compile(r"(?<![\w.@-])www\.(?=\w)", re.IGNORECASE)

_BODY = re.compile(
    r"(?:[/\\]*(?:[^\s/\\?#<>\"`\[\]]*@)?\[[0-9A-Fa-f:.%]{2,60}\])?"
    r"[^\s<>\"`\[\]{}|^\x00-\x20\x7f]*"
)
_NEXT = re.compile(r"[,;()](?=[A-Za-z][A-Za-z0-9+.-]{1,30}:[/\\]{2})")
_HOST_CHARS = re.compile("[\\w.\u3002\uff0e\uff61-]")
_LAST = (
    ".,;:!?'\"*_~\u3001\u3002\u2026\u00bb\u2018\u2019\u201c\u201d"
    "\uff01\uff0c\uff0e\uff1a\uff1b\uff1f\uff61"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A link as it stands in the text.

    Attributes:
        scheme: In lower case; None if there is none.
        rest: What follows the scheme's colon, or all of it without a scheme.
    """

    span: Span
    scheme: str | None
    rest: str


def find_links(text: str) -> Iterator[Link]:
    """Args:
    text: Without halves of surrogate pairs.
    """
    end = 0
    for start, begin in sorted(_starts(text)):
        if start < end:
            continue
        end = _end(text, begin)
        if end > begin:
            scheme = text[start:begin].partition(":")[0].lower() or None
            yield Link(span=(start, end), scheme=scheme, rest=text[begin:end])


def _starts(text: str) -> Iterator[tuple[int, int]]:
    """Where a link begins, and where that of it which follows its scheme does."""
    if ":" in text:
        for found in compiled(_WITH_SCHEME).finditer(text):
            start = found.span()[0]
            yield start, text.index(":", start) + 1
        for alone in _ALONE.finditer(text):
            yield alone.start(), alone.end()
    for pattern in (_RELATIVE, _WWW, _IP_WITH_MORE):
        for other in pattern.finditer(text):
            yield other.start(), other.start()
    yield from _bare_hosts(text)


def _bare_hosts(text: str) -> Iterator[tuple[int, int]]:
    end = 0
    for top in _TOP.finditer(text):
        if top.start() < end:
            continue
        start, lowest = top.start(), end
        while start > lowest and _HOST_CHARS.match(text[start - 1]):
            start -= 1
        end = top.end()
        while end < len(text) and _HOST_CHARS.match(text[end]):
            end += 1
        start += len(text[start:end]) - len(text[start:end].lstrip("._-"))
        beside = {text[start - 1 : start], text[end : end + 1]}
        if start < top.start() and not beside & {"@", "\\"}:
            yield start, start


def _end(text: str, start: int) -> int:
    found = _BODY.match(text, start)
    body = "" if found is None else found[0]
    other = _NEXT.search(body)
    if other is not None:
        body = body[: other.start()]
    open_left = body.count("(") - body.count(")")
    while body:
        if body[-1] == ")" and open_left < 0:
            open_left += 1
        elif body[-1] not in _LAST:
            break
        body = body[:-1]
    return start + len(body)
