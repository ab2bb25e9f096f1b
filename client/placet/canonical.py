"""Canonical JSON (RFC 8785), as far as a registry's answers have it.

What is read here can be written again, byte for byte as the registry wrote it, so
that a part of an answer can be compared with the part's own digest, and a head with
its signature. Numbers with a fraction keep the digits that they came with: the
registry wrote them in the canonical form, and whoever wrote another one differs in
the digest.
"""

import json

from placet.errors import BadAnswer


class _Number(str):
    """A number with a fraction or an exponent, as it was written."""

    __slots__ = ()


def parse(data: bytes, *, what: str) -> object:
    """Raises:
    BadAnswer: *data* is not JSON.
    """
    try:
        value: object = json.loads(data, parse_float=_Number)
    except (ValueError, RecursionError):  # from None: the error holds the text
        raise BadAnswer(f"{what} is not JSON") from None
    return value


def dump(value: object, *, what: str) -> bytes:
    """The canonical bytes of *value*.

    Raises:
        BadAnswer: It has no canonical form, or is nested too deeply.
    """
    try:
        return _dumped(value, what).encode()
    except (RecursionError, UnicodeEncodeError):
        raise BadAnswer(f"{what} has no canonical form") from None


def _dumped(value: object, what: str) -> str:
    if isinstance(value, _Number):
        return str(value)
    if isinstance(value, dict):
        keys = sorted(value, key=_order)
        inner = (f"{_text(key)}:{_dumped(value[key], what)}" for key in keys)
        return "{" + ",".join(inner) + "}"
    if isinstance(value, list):
        return "[" + ",".join(_dumped(one, what) for one in value) + "]"
    if value is None or isinstance(value, str | int):
        return _text(value)
    raise BadAnswer(f"{what} has no canonical form")


def _order(key: str) -> bytes:
    return key.encode("utf-16-be", "surrogatepass")


def _text(value: str | int | None) -> str:
    return json.dumps(value, ensure_ascii=False)
