"""JSON from outside, read into values of the types that were promised.

Whatever is not as promised is a `BadAnswer` that names the key and never shows
the value. Keys that nobody asks for are left alone, so that a registry can say
more to newer clients.
"""

import json
from collections.abc import Mapping, Sequence

from placet.errors import BadAnswer
from placet.names import is_digest

Object = Mapping[str, object]


def parse_object(data: bytes, *, what: str) -> Object:
    """Raises:
    BadAnswer: *data* is not the JSON text of an object.
    """
    try:
        value: object = json.loads(data)
    except (ValueError, RecursionError):  # from None: the error holds the text
        raise BadAnswer(f"{what} is not JSON") from None
    if not isinstance(value, dict):
        raise BadAnswer(f"{what} is not a JSON object")
    return value


def text(of: Object, key: str) -> str:
    value = of.get(key)
    if not isinstance(value, str):
        raise BadAnswer(f"{key!r} is missing or not text")
    return value


def number(of: Object, key: str) -> int:
    """A whole number from 0; `true` is none, although Python counts with it."""
    value = of.get(key)
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise BadAnswer(f"{key!r} is missing or not a number from 0")
    return value


def digest(of: Object, key: str) -> str:
    value = text(of, key)
    if not is_digest(value):
        raise BadAnswer(f"{key!r} is not a digest")
    return value


def mapping(of: Object, key: str) -> Object:
    value = of.get(key)
    if not isinstance(value, dict):
        raise BadAnswer(f"{key!r} is missing or not an object")
    return value


def sequence(of: Object, key: str) -> Sequence[object]:
    value = of.get(key)
    if not isinstance(value, list):
        raise BadAnswer(f"{key!r} is missing or not a list")
    return value
