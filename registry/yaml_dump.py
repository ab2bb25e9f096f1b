"""Values to YAML text that `registry.yaml_text` reads back as the same values.

One way of writing each value, so that a change of one value is a change of one
place in the text:

 * Mappings and lists in block style, two spaces a level, keys in the order given.
 * Text of several lines as a `|` block wherever such a block can carry it.
 * What hides (see `registry.hidden_text`) as an escape, in double quotes.
 * Other text without quotes if every reader takes it for text, else in double
   quotes, on one line however long.
"""

import json
import math
import re
from collections.abc import Iterator, Mapping

from registry.errors import Invalid
from registry.hidden_text import Severity, blocked, visible
from registry.values import Json, count, quoted
from registry.yaml_scalars import FORBIDDEN, MAX_INTEGER, is_plain_text
from registry.yaml_text import MAX_DEPTH, MAX_KEY_CHARS, MAX_VALUES

_SAFE = re.compile(r"[^\W\d_](?:[\w ./;()'@+=*!?$^~,-]*[\w./;()'@+=*!?$^~,-])?\Z")
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_ESCAPED = re.compile(r'[\\"\n\r\t]|' + FORBIDDEN.pattern)
_MAX_SHORT = 0xFFFF
_SURROGATE = re.compile("[\ud800-\udfff]")


def dump(value: Mapping[str, Json]) -> bytes:
    """Return YAML text that reads back as *value*.

    Raises:
        Invalid: It holds something that a document cannot: NUL or half a
            character in a text, a number that JSON does not keep, a long key, or
            more levels or values than are read.
    """
    if not value:
        return b"{}\n"
    text = "\n".join(_mapping(value, 0)) + "\n"
    if count(dict(value)) > MAX_VALUES:
        hint = "Split it into several documents."
        raise Invalid(f"more than {MAX_VALUES:,} values", hint=hint)
    return text.encode()


def _mapping(value: Mapping[str, Json], depth: int) -> Iterator[str]:
    for key, inner in value.items():
        if len(key) > MAX_KEY_CHARS:
            hint = f"A key has at most {MAX_KEY_CHARS} characters."
            raise Invalid(f"the key {quoted(key)} is too long", hint=hint)
        yield from _entry(f"{_inline(key)}:", inner, depth)


def _list(value: list[Json], depth: int) -> Iterator[str]:
    for inner in value:
        if isinstance(inner, dict) and inner and depth + 1 < MAX_DEPTH:
            lines = list(_inside(inner, depth + 1))
            yield f"{'  ' * depth}- {lines[0].lstrip(' ')}"
            yield from lines[1:]
        else:
            yield from _entry("-", inner, depth)


def _entry(head: str, value: Json, depth: int) -> Iterator[str]:
    indent = "  " * depth
    if isinstance(value, (dict, list)) and depth + 1 >= MAX_DEPTH:
        hint = f"At most {MAX_DEPTH} levels are read."
        raise Invalid("the value has too many levels", hint=hint)
    if isinstance(value, (dict, list)) and value:
        yield indent + head
        yield from _inside(value, depth + 1)
    elif isinstance(value, str) and _fits_block(value):
        body, end = _block(value)
        yield f"{indent}{head} |{end}"
        yield from (f"{indent}  {line}" if line else "" for line in body)
    else:
        yield f"{indent}{head} {_inline(value)}"


def _inside(value: dict[str, Json] | list[Json], depth: int) -> Iterator[str]:
    return _list(value, depth) if isinstance(value, list) else _mapping(value, depth)


def _fits_block(text: str) -> bool:
    words = text.lstrip("\n")
    return (
        "\n" in text
        and words != ""
        and words[0] not in " \t"
        and "\r" not in text
        and not FORBIDDEN.search(text)
        and not blocked(text)
        and not _SURROGATE.search(text)
    )


def _block(text: str) -> tuple[list[str], str]:
    """The lines of a `|` block, and the sign for how it ends."""
    if not text.endswith("\n"):
        return text.split("\n"), "-"
    return text[:-1].split("\n"), "+" if text.endswith("\n\n") else ""


def _inline(value: Json) -> str:
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, (dict, list)):
        return "{}" if isinstance(value, dict) else "[]"
    if isinstance(value, int) and abs(value) > MAX_INTEGER:
        hint = "Write it as text."
        raise Invalid("an integer of more than 53 bits", hint=hint)
    if isinstance(value, float) and not math.isfinite(value):
        raise Invalid("a number that is not finite", hint="Leave it out.")
    return json.dumps(value)


def _text(text: str) -> str:
    if _SAFE.match(text) and is_plain_text(text) and not blocked(text):
        return text
    if "\0" in text or _SURROGATE.search(text):
        hint = "Leave it out; no text needs it."
        raise Invalid("a text with NUL or half a character", hint=hint)
    escaped = visible(_ESCAPED.sub(_escape, text), _by_number, only=Severity.BLOCK)
    return f'"{escaped}"'


def _escape(found: re.Match[str]) -> str:
    return _ESCAPES.get(found[0]) or _by_number(found[0])


def _by_number(character: str) -> str:
    number = ord(character)
    return f"\\u{number:04x}" if number <= _MAX_SHORT else f"\\U{number:08x}"
