"""Leaks: credentials in a text that others will read, and that git keeps for ever.

The detectors are those of a chatbot's guardrails, `placet.guardrails.secrets`: makers'
own forms, no measure of randomness.  What a detector finds is told unless

 * its checksum is wrong, where the form has one (tokens of this registry, GitHub's and
   npm's), or its inside is not what it has to be (JSON in a JSON Web Token, a number
   in a Discord token, a key below the first line of a key block),
 * it is a placeholder: a maker's documented example, a word like `example` in it, one
   character over and over, the alphabet or the digits in order, a password that is
   the word `password` or the like.

A leak is never repeated whole: it begins with at most four characters of it, and at
most a quarter.
"""

import base64
import binascii
import json
import re
import string
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import pairwise

from placet.guardrails.folding import folded
from placet.guardrails.secrets import DETECTORS, named

Span = tuple[int, int]

MAX_SHOWN = 4

_DIGITS = string.digits + string.ascii_uppercase + string.ascii_lowercase
_CHECK_DIGITS = 6

_WORDS = re.compile(
    r"example|sample|placeholder|dummy|fake|redact|replace|insert|change[-_ ]?(?:me|it)"
    r"|your[-_]|j(?:ohn|ane) doe|xxxx|\.\.\.|(.)\1{5}",
    re.IGNORECASE,
)
_PASSWORDS = re.compile(
    r"(?:my|your|the|a|some|super|very|db|user|admin)?[-_]?(?:secret)?[-_]?"
    r"(?:pass(?:word|wd|phrase)?|pwd|pw|secret|token|key|credentials?|hunter2|test"
    r"|admin|root|user|guest|foo|bar|postgres|mysql)[0-9]{0,3}",
    re.IGNORECASE,
)
_EXAMPLE_HOST = re.compile(
    r"@(?:[\w.-]*\.)?(?:example(?:\.(?:com|org|net))?|invalid|test)(?:[:/?#\s\"'`]|$)"
    r"|@(?:host|hostname|server|your[\w.-]*)(?:[:/?#\s\"'`]|$)",
    re.IGNORECASE,
)
_PASSWORDS_OF = {"basic_auth_url", "connection_string"}
_LOOK_AHEAD = 500
_IN_ORDER = 8
_MIN_DISTINCT = 5
_MANY = 12
_KEY_BELOW = re.compile(
    r"(?:\s|\\[nr])*(?:[A-Za-z-]{1,30}: [^\n\\]{1,100}(?:\n|\\[nr])(?:\s|\\[nr])*)*"
    r"(?:[0-9A-Za-z+/=]{16,}(?:\s|\\[nr])*){2}"
)
_BEGIN_LINE = re.compile(r"-----BEGIN [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----")


@dataclass(frozen=True, slots=True, kw_only=True)
class Leak:
    """A credential that stands in a text.

    Attributes:
        detector: What found it, of `placet.guardrails.secrets.DETECTORS`.
        begins: Its first characters, to find it by.
    """

    span: Span
    detector: str
    begins: str

    @property
    def sentence(self) -> str:
        says = DETECTORS[self.detector].rstrip(".")
        what = says[0].lower() + says[1:] if says[1:2].islower() else says
        return f"this looks like a secret, {self.detector}: {what}; {self.begins}..."


HINT = (
    "Take it out, and revoke it where it was made if it is real. A prompt needs none; "
    "a binding says where its credential is found, as env:NAME; in an example write "
    "xxxx in the middle."
)


def leaks(text: str) -> tuple[Leak, ...]:
    """Every credential in *text*, in order; none within another one."""
    found: list[Leak] = []
    for detector, span in sorted(named(text), key=lambda one: (one[1][0], -one[1][1])):
        if found and span[0] < found[-1].span[1]:
            continue
        secret = folded(text[span[0] : span[1]]).text
        if _is_real(detector, secret, text[span[1] : span[1] + _LOOK_AHEAD]):
            shown = min(MAX_SHOWN, len(secret) // 4)
            found.append(Leak(span=span, detector=detector, begins=secret[:shown]))
    return tuple(found)


def check_digits(text: str) -> str:
    """Six digits of base 62 that hold the CRC-32 of *text*."""
    number, digits = zlib.crc32(text.encode()), ""
    for _ in range(_CHECK_DIGITS):
        number, digit = divmod(number, len(_DIGITS))
        digits = _DIGITS[digit] + digits
    return digits


def _is_real(detector: str, secret: str, after: str) -> bool:
    if detector == "private_key_block":
        return _is_key_block(secret, after)
    if detector in _PASSWORDS_OF and _PASSWORDS.fullmatch(secret):
        return False
    if detector == "basic_auth_url" and _EXAMPLE_HOST.match(after):
        return False
    if is_placeholder(secret):
        return False
    holds = _HOLDS.get(detector)
    return holds is None or holds(secret)


def is_placeholder(secret: str) -> bool:
    """Whether *secret* stands for one, and opens nothing."""
    if _WORDS.search(secret):
        return True
    body = secret.lower()
    if len(body) >= _MANY and len(set(body[len(body) // 4 :])) < _MIN_DISTINCT:
        return True
    run = 1
    for one, next_one in pairwise(body):
        run = run + 1 if ord(next_one) - ord(one) == 1 else 1
        if run >= _IN_ORDER:
            return True
    return False


def _is_key_block(secret: str, after: str) -> bool:
    begin = _BEGIN_LINE.match(secret)
    below = (secret + after)[begin.end() if begin else 0 :]
    return _KEY_BELOW.match(below) is not None and not _WORDS.search(secret[40:104])


def _is_checked_whole(secret: str) -> bool:
    return check_digits(secret[:-_CHECK_DIGITS]) == secret[-_CHECK_DIGITS:]


def _is_checked_github(secret: str) -> bool:
    """Only the tokens of 36 digits are known to have a checksum."""
    body = secret[4:]
    return not body.isalnum() or len(body) != 36 or _is_checked_whole(body)


def _is_web_token(secret: str) -> bool:
    header, payload, *_ = map(_decoded, secret.split("."))
    try:
        value = json.loads(header)
    except ValueError:
        return False
    return isinstance(value, dict) and "alg" in value and not is_placeholder(payload)


def _is_discord(secret: str) -> bool:
    return "webhooks" in secret or _decoded(secret.partition(".")[0]).isdigit()


def _decoded(part: str) -> str:
    try:
        data = base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
    except binascii.Error:
        return ""
    return data.decode("utf-8", "replace")


_HOLDS: Mapping[str, Callable[[str], bool]] = {
    "placet_token": _is_checked_whole,
    "github_token": _is_checked_github,
    "npm_token": lambda secret: _is_checked_whole(secret.removeprefix("npm_")),
    "jwt": _is_web_token,
    "discord_token": _is_discord,
}
"""What has to be true of what a detector finds, beside its form."""
