"""YAML and JSON that other projects wrote, as plain values.

Laxer than `registry.yaml_text` about words that readers of YAML differ about, as
strict about everything that refers, constructs or hides:

 * One document.  Anchors, aliases, tags and merge keys are refused, and so is a
   key that is given twice.
 * `true`, `false`, `null` and JSON's numbers mean what they mean in JSON; nothing
   at all, `~` and `Null` are null, `True` is true.  Every other word is text, as it
   was typed: `no`, `1.10.2` and dates stay what somebody wrote.
 * At most 24 levels and 50,000 values.
"""

import json
from collections.abc import Iterator

import yaml

from registry.errors import Invalid
from registry.imports.results import refused
from registry.values import Json, quoted
from registry.yaml_scalars import NotPlain, read_plain

MAX_DEPTH = 24
MAX_VALUES = 50_000

_WORDS: dict[str, bool | None] = {
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    **dict.fromkeys(("null", "Null", "NULL", "~", ""), None),
}
_WRITE_OUT = "Write the value out where it is used, then import the file."


def parse(text: str) -> Json:
    """Raises:
    Invalid: It is not YAML, or refers, constructs or repeats something.
    """
    try:
        return _Reader(yaml.parse(text, Loader=yaml.CSafeLoader)).document()
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        said = str(getattr(error, "problem", None) or "it cannot be read")
        place = f"line {mark.line + 1}: " if mark is not None else ""
        hint = "Check indentation and quotes on this line and the one before it."
        raise refused(f"{place}not YAML: {said}", hint) from None


def parse_json(text: str) -> Json:
    """Raises:
    Invalid: It is not JSON, too deep, or names something twice.
    """
    try:
        value: Json = json.loads(text, object_pairs_hook=_once, parse_constant=_finite)
    except RecursionError:
        raise _too_deep() from None
    except ValueError as error:
        raise refused(f"not JSON: {error}", "Correct the file.") from None
    _measure(value, 0)
    return value


def parse_mapping(text: str) -> dict[str, Json]:
    """Raises:
    Invalid: It is not YAML, or no mapping.
    """
    value = parse(text)
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise refused("the YAML is no mapping", "Write `key: value` lines.")
    return value


class _Reader:
    def __init__(self, events: Iterator[yaml.Event]) -> None:
        self._events = events
        self._count = 0

    def document(self) -> Json:
        next(self._events)
        start = next(self._events)
        if not isinstance(start, yaml.DocumentStartEvent):
            return None
        if start.version or start.tags:
            raise refused("a line that begins with `%`", "Leave it out.")
        value = self._value(next(self._events), 0)
        next(self._events)
        if not isinstance(next(self._events), yaml.StreamEndEvent):
            raise refused("more than one YAML document", "Import them one by one.")
        return value

    def _value(self, event: yaml.Event, depth: int) -> Json:
        self._count += 1
        if self._count > MAX_VALUES:
            raise refused(f"more than {MAX_VALUES:,} values", "Split the file.")
        if depth > MAX_DEPTH:
            raise _too_deep()
        _refuse_extras(event)
        if isinstance(event, yaml.ScalarEvent):
            return _scalar(event)
        if isinstance(event, yaml.MappingStartEvent):
            return self._mapping(depth)
        values: list[Json] = []
        while not isinstance(event := next(self._events), yaml.SequenceEndEvent):
            values.append(self._value(event, depth + 1))
        return values

    def _mapping(self, depth: int) -> Json:
        values: dict[str, Json] = {}
        while not isinstance(event := next(self._events), yaml.MappingEndEvent):
            _refuse_extras(event)
            if not isinstance(event, yaml.ScalarEvent):
                hint = "Put quotes around text that begins with `{` or `[`."
                raise refused(f"line {_line(event)}: a key that is not text", hint)
            key = event.value
            if key in values or (key == "<<" and event.implicit[0]):
                message = f"line {_line(event)}: {quoted(key)} is given twice or merges"
                raise refused(message, "Keep one of them, written out.")
            values[key] = self._value(next(self._events), depth + 1)
        return values


def _refuse_extras(event: yaml.Event) -> None:
    anchor, tag = getattr(event, "anchor", None), getattr(event, "tag", None)
    if isinstance(event, yaml.AliasEvent) or anchor is not None:
        message = f"line {_line(event)}: {quoted(str(anchor))} is an anchor or an alias"
        raise refused(message, _WRITE_OUT)
    if tag is not None:
        shown = quoted(str(tag).replace("tag:yaml.org,2002:", "!!"))
        raise refused(f"line {_line(event)}: {shown} is a tag", _WRITE_OUT)


def _scalar(event: yaml.ScalarEvent) -> Json:
    text: str = event.value
    if not event.implicit[0]:
        return text
    if text in _WORDS:
        return _WORDS[text]
    try:
        return read_plain(text)
    except NotPlain:
        return text


def _once(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise refused("a JSON object names something twice", "Keep one of them.")
    return found


def _finite(word: str) -> Json:
    raise refused(f"{word} is no number that JSON knows", "Correct the file.")


def _measure(value: Json, depth: int) -> int:
    if depth > MAX_DEPTH:
        raise _too_deep()
    inner: list[Json] = []
    if isinstance(value, (dict, list)):
        inner = list(value.values()) if isinstance(value, dict) else value
    count = 1 + sum(_measure(each, depth + 1) for each in inner)
    if count > MAX_VALUES:
        raise refused(f"more than {MAX_VALUES:,} values", "Split the file.")
    return count


def _too_deep() -> Invalid:
    return refused(f"more than {MAX_DEPTH} levels deep", "Flatten it.")


def _line(event: yaml.Event) -> int:
    mark = event.start_mark
    return mark.line + 1 if mark is not None else 0
