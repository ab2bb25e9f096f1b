"""Bearer tokens: what the secret of a session or of a machine looks like.

`plc_<scope>_`, then 43 characters that hold 256 random bits, then 6 that hold
the CRC-32 of everything before them.  So a scanner can find one that leaked, and
one that was copied wrong is told apart from one that is not known.  Only the
SHA-256 of a token is ever stored.
"""

import hashlib
import re
import secrets
import string
from enum import StrEnum
from functools import lru_cache

from starlette.types import Scope as ASGIScope

from registry.leaks import check_digits

_DIGITS = string.digits + string.ascii_uppercase + string.ascii_lowercase
MAX_CHARS = 100
"""More than any secret has; what is longer is not even hashed."""

_RANDOM = 43

_FORM = re.compile(
    r"(plc_(?:session|read|clone|check|submit|operate)_[0-9A-Za-z]{43})(.{6})\Z"
)


class Scope(StrEnum):
    """What a token is for; `session` is a person who signed in."""

    SESSION = "session"
    READ = "read"
    CLONE = "clone"
    CHECK = "check"
    SUBMIT = "submit"
    OPERATE = "operate"


def make_token(scope: Scope) -> str:
    """A new secret that nobody else has."""
    begin = f"plc_{scope}_" + "".join(secrets.choice(_DIGITS) for _ in range(_RANDOM))
    return begin + check_digits(begin)


@lru_cache(maxsize=1024)
def hash_of(token: str) -> str:
    """What is stored of *token*; random enough to need no slow hash.

    A chatbot sends the same one with every read, so the last ones are kept.
    """
    return hashlib.sha256(token.encode("utf-8", "surrogateescape")).hexdigest()


def bearer_of(scope: ASGIScope) -> str | None:
    """What a request came with, before anybody looks whether it is known."""
    for name, value in scope["headers"]:
        if name == b"authorization" and value[:7].lower() == b"bearer ":
            return str(value[7:].decode("ascii", "replace").strip())
    return None


def is_whole(token: str) -> bool:
    """Whether *token* was copied without a mistake, as far as can be told."""
    parts = _FORM.match(token)
    return parts is not None and check_digits(parts[1]) == parts[2]
