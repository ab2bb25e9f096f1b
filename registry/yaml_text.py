"""YAML text to values, so strictly that no two readers can differ about it.

YAML has many ways of saying one thing, and readers that disagree on what some of
them say.  What a board agreed to must be what it read, so:

 * UTF-8 without a byte order mark, and without the characters that
   `registry.yaml_scalars` forbids.  Text in double quotes can carry them as
   escapes, all but NUL.
 * One document, no directives, no anchors or aliases, no tags, no merge keys.
 * Keys are text of at most 128 characters, and none is given twice.
 * Text without quotes means what `registry.yaml_scalars` says, or is refused.
   Whether `1.10` may be a number in its place, the schema says.
 * At most 32 levels and 20,000 values.

Everything that is wrong is found, not the first alone, unless the text stops
being YAML.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import yaml

from registry.findings import MAX_FINDINGS, Place
from registry.mistakes import Finding
from registry.values import Json, pointer, quoted
from registry.yaml_scalars import (
    FORBIDDEN,
    NotPlain,
    is_plain_text,
    read_plain,
    told_character,
)

MAX_DEPTH = 32
MAX_VALUES = 20_000
MAX_KEY_CHARS = 128

_SYNTAX = {
    "mapping values are not allowed": (
        "a `:` where none can be, or a line that is indented too far",
        "Put quotes around text that contains `: `, and line up the keys.",
    ),
    "found character that cannot start any token": (
        "a character that cannot begin a value",
        "Indent with spaces, not tabs; put quotes around text that begins with "
        "`@`, `%` or a backtick.",
    ),
    "found unexpected end of stream": (
        "a quotation mark that is never closed",
        "Close it; in a text in single quotes, write ' twice.",
    ),
    "could not find expected ':'": (
        "a line that is no `key: value`",
        "Write `key: value`, or indent the line so that it belongs to the text above.",
    ),
    "did not find expected key": (
        "something after the end of a value, or a line that is not lined up",
        "Line up the keys; in a text in single quotes, write ' twice.",
    ),
    "did not find expected ',' or": (
        "a `[` or `{` that is never closed",
        "Close it, or put quotes around text that begins with `[` or `{`.",
    ),
    "escape c": (
        "a backslash that begins no escape in a text in double quotes",
        "Write \\\\ for a backslash, or use single quotes or a `|` block.",
    ),
}
_SYNTAX_HINT = "Check indentation and quotes on this line and the one before it."
_ONE_DOCUMENT = "Keep one document in a file, and leave out `%` and `---` lines."

_Node = yaml.ScalarEvent | yaml.CollectionStartEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a text says.

    Attributes:
        whole: The text was read to its end; otherwise `value` means nothing.
    """

    value: Json
    place: Place
    findings: tuple[Finding, ...]
    whole: bool


def parse(source: bytes) -> Reading:
    """Read YAML text.  What is wrong with it is in `findings`, never raised."""
    reader = _Reader()
    value: Json = None
    place = Place(1)
    whole = False
    try:
        events = yaml.parse(reader.decoded(source), Loader=yaml.CSafeLoader)
        value, place = reader.document(events)
        whole = True
    except yaml.YAMLError as error:
        reader.findings.append(_syntax_finding(error))
    except _Stopped:
        pass  # the finding that says why is there
    return Reading(
        value=value, place=place, findings=tuple(reader.findings), whole=whole
    )


class _Stopped(Exception):
    """Reading on would tell nothing more."""


class _Reader:
    """Builds values from events, and keeps what it finds on the way."""

    def __init__(self) -> None:
        self.findings: list[Finding] = []
        self._path: list[str | int] = []
        self._count = 0

    def decoded(self, source: bytes) -> str:
        try:
            text = source.decode()
        except UnicodeDecodeError as error:
            line = source.count(b"\n", 0, error.start) + 1
            hint = "Save the file as UTF-8."
            raise self._stop(line, "bytes that are not UTF-8", hint) from None
        if text.startswith("\ufeff"):
            hint = "Save it as UTF-8 without a byte order mark (BOM)."
            raise self._stop(1, "the file begins with a byte order mark", hint)
        for found in FORBIDDEN.finditer(text):
            line = text.count("\n", 0, found.start()) + 1
            self._add(line, *told_character(found[0]))
            if len(self.findings) > MAX_FINDINGS:
                break
        if self.findings:
            raise _Stopped
        return text

    def document(self, events: Iterator[yaml.Event]) -> tuple[Json, Place]:
        next(events)
        start = next(events)
        if not isinstance(start, yaml.DocumentStartEvent):
            raise self._stop(0, "the file is empty", "Write a document into it.")
        if start.version or start.tags:
            self._add(1, "a line that begins with `%`", _ONE_DOCUMENT)
        value, place = self._value(next(events), events)
        next(events)
        after = next(events)
        if not isinstance(after, yaml.StreamEndEvent):
            raise self._stop(
                _line(after), "a second document begins here", _ONE_DOCUMENT
            )
        return value, place

    def _add(self, line: int, message: str, hint: str) -> None:
        where = pointer(tuple(self._path))
        self.findings.append(
            Finding(line=line, where=where, message=message, hint=hint)
        )

    def _stop(self, line: int, message: str, hint: str) -> _Stopped:
        self._add(line, message, hint)
        return _Stopped()

    def _value(
        self, event: yaml.Event, events: Iterator[yaml.Event], key_line: int = 0
    ) -> tuple[Json, Place]:
        line = _line(event)
        self._count += 1
        if self._count > MAX_VALUES:
            hint = "Split it into several documents."
            raise self._stop(line, f"more than {MAX_VALUES:,} values", hint)
        if isinstance(event, yaml.AliasEvent):
            hint = "Write the value out again; text that begins with `*` needs quotes."
            self._add(
                line, f"`*{str(event.anchor)[:60]}` refers to another value", hint
            )
            return None, Place(key_line or line)
        assert isinstance(event, _Node)  # noqa: S101 (narrows; there is no other)
        self._refuse_extras(event, line)
        if isinstance(event, yaml.ScalarEvent):
            return self._scalar(event, line, key_line or line)
        if len(self._path) >= MAX_DEPTH:
            hint = "Flatten it; nobody can review this."
            raise self._stop(line, f"more than {MAX_DEPTH} levels deep", hint)
        if isinstance(event, yaml.MappingStartEvent):
            return self._mapping(events, key_line or line)
        return self._sequence(events, key_line or line)

    def _refuse_extras(self, event: _Node, line: int) -> None:
        if event.anchor is not None:
            hint = "Leave the anchor out; text that begins with `&` needs quotes."
            self._add(line, f"`&{event.anchor[:60]}` names a value", hint)
        if event.tag is not None:
            hint = "Leave the tag out; text that begins with `!` needs quotes."
            tag = event.tag.replace("tag:yaml.org,2002:", "!!")
            self._add(line, f"`{tag[:60]}` is a tag", hint)

    def _scalar(
        self, event: yaml.ScalarEvent, line: int, shown_line: int
    ) -> tuple[Json, Place]:
        text = event.value
        if not event.implicit[0]:
            if "\0" in text:
                self._add(line, "the character NUL", "Leave it out; no text needs it.")
            first_line = line + 1 if event.style == "|" else 0
            return text, Place(shown_line, first_line)
        try:
            return read_plain(text), Place(shown_line, 0, text)
        except NotPlain as error:
            self._add(line, str(error), error.hint)
            return text, Place(shown_line)

    def _sequence(self, events: Iterator[yaml.Event], line: int) -> tuple[Json, Place]:
        values: list[Json] = []
        places: list[Place] = []
        while not isinstance(event := next(events), yaml.SequenceEndEvent):
            self._path.append(len(values))
            value, place = self._value(event, events)
            self._path.pop()
            values.append(value)
            places.append(place)
        return values, Place(line, 0, None, places)

    def _mapping(self, events: Iterator[yaml.Event], line: int) -> tuple[Json, Place]:
        values: dict[str, Json] = {}
        places: dict[str, Place] = {}
        while not isinstance(event := next(events), yaml.MappingEndEvent):
            key = self._key(event)
            self._path.append(key)
            value, place = self._value(next(events), events, _line(event))
            self._path.pop()
            if key in values:
                message = f"{key!r} is given on line {places[key].line} already"
                self._add(_line(event), message, "Keep one of them.")
                continue
            values[key] = value
            places[key] = place
        return values, Place(line, 0, None, places)

    def _key(self, event: yaml.Event) -> str:
        line = _line(event)
        if not isinstance(event, yaml.ScalarEvent):
            hint = "Put quotes around text that begins with `{`, `[`, `*` or `?`."
            raise self._stop(line, "a key that is not text", hint)
        self._refuse_extras(event, line)
        key = event.value
        if len(key) > MAX_KEY_CHARS or "\0" in key:
            hint = f"Use a name of at most {MAX_KEY_CHARS} characters, without NUL."
            raise self._stop(line, f"{quoted(key)} cannot be a key", hint)
        if event.implicit[0] and not is_plain_text(key):
            hint = f"Put quotes around it: {quoted(key)}."
            self._add(line, f"the key {key or '(nothing)'} is not text", hint)
        return key


def _line(event: yaml.Event) -> int:
    mark = event.start_mark
    return mark.line + 1 if mark is not None else 0


def _syntax_finding(error: yaml.YAMLError) -> Finding:
    mark = getattr(error, "problem_mark", None)
    said = str(getattr(error, "problem", None) or "it cannot be read")
    if "quoted scalar" in str(getattr(error, "context", None)):
        mark = getattr(error, "context_mark", None) or mark
    message, hint = next(
        (told for part, told in _SYNTAX.items() if part in said), (said, _SYNTAX_HINT)
    )
    line = mark.line + 1 if mark is not None else 0
    return Finding(line=line, where="", message=f"not YAML: {message}", hint=hint)
