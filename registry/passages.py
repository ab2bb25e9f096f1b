"""Passages that say something which is not read where the text is shown.

* A comment of HTML or Markdown: gone once the text is formatted.
* An element of HTML that is styled so as not to be seen.
* A link without words, or whose words are an address that it does not lead to.
* Base64 or hexadecimal digits that spell readable text.
* A code that steers a terminal, written as an escape: `\\x1b[31m`.
"""

import base64
import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from registry.smuggling import readable

Span = tuple[int, int]

_OPEN_COMMENT, _CLOSE_COMMENT = "<!--", "-->"
_MARKDOWN_COMMENT = re.compile(
    r"^[ ]{0,3}\[(?://|comment|_metadata_[^\]\n]{0,60})\]:[ ]*(?:#|<>)[ ]+(\S.*)$",
    re.MULTILINE | re.IGNORECASE,
)
_UNSEEN_ELEMENT = re.compile(
    r"<[a-z][a-z0-9]{0,20}\s[^<>]{0,300}(?:display\s*:\s*none|visibility\s*:\s*hidden"
    r"|font-size\s*:\s*0(?![.\d])|opacity\s*:\s*0(?![.\d])|(?<=\s)hidden(?=[\s>=]))[^<>]{0,300}>"
    r"([^<]{0,2000})",
    re.IGNORECASE,
)
_LINK = re.compile(
    r"(!?)\[([^\[\]\n]{0,300})\]\(\s*<?([^\s()<>]{1,2000})>?[^()\n]{0,200}\)"
)
_ADDRESS = re.compile(
    r"(?:https?://)?(?:[a-z0-9-]+\.)+[a-z]{2,}(?:[/?#:]\S*)?", re.IGNORECASE
)
_BASE64 = re.compile(
    r"(?<![A-Za-z0-9+/_=-])[A-Za-z0-9+/_-]{20,}={0,2}(?![A-Za-z0-9+/_=-])"
)
_HEX = re.compile(
    r"(?<![0-9A-Za-z\\])(?:(?:[0-9a-fA-F]{2}){12,}"
    r"|(?:(?:\\x|0x)[0-9a-fA-F]{2}[ ,]{0,2}){8,}"
    r"|(?:[0-9a-fA-F]{2}[ :]){11,}[0-9a-fA-F]{2})(?![0-9A-Za-z])"
)
_HEX_PAIR = re.compile(r"(?:\\x|0x)?([0-9a-fA-F]{2})")
_ESCAPE = re.compile(
    r"(?:\\(?:x1b|u001b|u\{1b\}|033|e)|\\N\{ESC\})"
    r"(?:\[[0-?]{0,20}[ -/]{0,4}[@-~]|\](?:[^\\\n]{0,200})(?:\\(?:a|x07|007|e\\\\))?)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """Attributes:
    of_class: `comments`, `unseen_elements`, `links`, `encoded` or `terminal_codes`.
    says: What is read only by those who look behind it.
    """

    span: Span
    of_class: str
    sentence: str
    says: str


def passages(text: str) -> Iterator[Passage]:
    """Everything of this kind in *text*, one kind after the other."""
    yield from _comments(text)
    yield from _links(text)
    yield from _encoded(text)
    for found in _ESCAPE.finditer(text) if "\\" in text else ():
        yield Passage(
            span=found.span(),
            of_class="terminal_codes",
            sentence="a code that steers a terminal, written as an escape",
            says="",
        )


def _comments(text: str) -> Iterator[Passage]:
    start = text.find(_OPEN_COMMENT)
    while start >= 0:
        inner = start + len(_OPEN_COMMENT)
        close = text.find(_CLOSE_COMMENT, inner)
        end = len(text) if close < 0 else close + len(_CLOSE_COMMENT)
        yield _comment((start, end), text[inner : end if close < 0 else close])
        start = text.find(_OPEN_COMMENT, end)
    for found in _MARKDOWN_COMMENT.finditer(text):
        yield _comment(found.span(), found[1])
    for found in _UNSEEN_ELEMENT.finditer(text):
        sentence = "an element of HTML that is styled so as not to be seen"
        yield Passage(
            span=found.span(),
            of_class="unseen_elements",
            sentence=sentence,
            says=found[1].strip(),
        )


def _comment(span: Span, says: str) -> Passage:
    sentence = "a comment, which is gone where the text is formatted"
    return Passage(span=span, of_class="comments", sentence=sentence, says=says.strip())


def _links(text: str) -> Iterator[Passage]:
    for found in _LINK.finditer(text) if "](" in text else ():
        image, words, target = found[1], found[2].strip(), found[3]
        if not words and not image:
            sentence = "a link without words, which nobody sees"
        elif not image and _leads_elsewhere(words, target):
            sentence = "a link that leads elsewhere than the address that it shows"
        else:
            continue
        yield Passage(
            span=found.span(), of_class="links", sentence=sentence, says=target
        )


def _leads_elsewhere(words: str, target: str) -> bool:
    """Names of files look like addresses, so that both have to be addresses."""
    if not _ADDRESS.fullmatch(words) or "://" not in target:
        return False
    said, real = _host(words), _host(target)
    return said != real and not real.endswith(f".{said}")


def _host(address: str) -> str:
    whole = address if "://" in address else f"//{address}"
    try:
        host = urlsplit(whole).hostname or ""
    except ValueError:
        return ""
    return host.removeprefix("www.")


def _encoded(text: str) -> Iterator[Passage]:
    for found in _BASE64.finditer(text):
        says = _from_base64(found[0])
        if says:
            yield _spelled(found.span(), "Base64 that spells text", says)
    for found in _HEX.finditer(text):
        pairs = "".join(_HEX_PAIR.findall(found[0]))
        says = readable(bytes.fromhex(pairs))
        if says:
            yield _spelled(found.span(), "hexadecimal digits that spell text", says)


def _from_base64(digits: str) -> str:
    plain = digits.rstrip("=").replace("-", "+").replace("_", "/")
    padded = plain + "=" * (-len(plain) % 4)
    try:
        return readable(base64.b64decode(padded, validate=True))
    except binascii.Error:
        return ""


def _spelled(span: Span, sentence: str, says: str) -> Passage:
    return Passage(span=span, of_class="encoded", sentence=sentence, says=says)
