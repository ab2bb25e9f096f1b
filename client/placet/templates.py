"""Templates of the kind `simple`: text in which names are replaced by values.

The registry checks and previews with this module, a chatbot renders with it,
so that both read a template alike.  The rules:

 * `{{ name }}` and `{{ customer.name }}` are replaced by the value of that name.
   Names are letters, digits and `_`, no digit first, joined by dots; spaces and
   tabs around them do not count.
 * `{{ "{{" }}` stands for `{{`: braces in double quotes are those braces.
   Any other `{{` is an error; a `}}` outside of a tag is just text.
 * One pass.  What a value contains is never read as a template.
 * Text is inserted as it is, everything else as JSON.
 * A name without a value is an error.  Defaults are the business of `complete`.
"""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

MAX_NAME_CHARS = 200

_TAG = re.compile(
    r"\{\{[ \t]*(?:"
    r"(?P<name>[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)*)"
    r'|"(?P<braces>[{}]+)")[ \t]*\}\}'
)
_BRACES = re.compile(r"\A\{+|\{{2,}|\{+\Z")


class OverLimit(ValueError):
    """A `jinja` template would make too much text, or take too many steps.

    Attributes:
        text: In which text of a prompt, counted from 0, if several were rendered.
    """

    text: int | None = None


class TemplateInvalid(ValueError):
    """The text is no template: a `{{` begins nothing that can be replaced.

    `line` counts from 1, within the text; `at` is the position of the `{{`.
    """

    def __init__(self, message: str, *, line: int, at: int) -> None:
        super().__init__(message)
        self.line = line
        self.at = at


class MissingInput(ValueError):
    """A value is not there, or is nothing that can be written as text.

    Attributes:
        text: In which text of a prompt, counted from 0, if several were rendered.
    """

    text: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """A place in a template where a value goes.

    Attributes:
        path: The parts of a dotted name, at least one.
        line: 1-based, within the text.
    """

    path: tuple[str, ...]
    line: int

    def __str__(self) -> str:
        return ".".join(self.path)


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """A text that was read once and can be rendered many times."""

    pieces: tuple[str | Name, ...]

    @property
    def names(self) -> tuple[Name, ...]:
        """Every place where a value goes, in order, repeated ones as well."""
        return tuple(piece for piece in self.pieces if isinstance(piece, Name))

    def render(self, values: Mapping[str, object]) -> str:
        """Raises:
        MissingInput: A name has no value, or one that JSON does not know.
        """
        return "".join(
            piece if isinstance(piece, str) else _written(piece, values)
            for piece in self.pieces
        )


def parse(text: str) -> Template:
    """Raises:
    TemplateInvalid: A `{{` is neither a name nor quoted braces.
    """
    pieces: list[str | Name] = []
    line, at = 1, 0
    while (start := text.find("{{", at)) >= 0:
        pieces.append(text[at:start])
        line += text.count("\n", at, start)
        tag = _TAG.match(text, start)
        if tag is None or tag.end() - start > MAX_NAME_CHARS:
            raise _not_a_tag(text, start, line)
        name, braces = tag["name"], tag["braces"]
        pieces.append(braces or Name(path=tuple(name.split(".")), line=line))
        at = tag.end()
    pieces.append(text[at:])
    return Template(pieces=tuple(piece for piece in pieces if piece))


def render(text: str, values: Mapping[str, object]) -> str:
    """Raises:
    TemplateInvalid: *text* is no template.
    MissingInput: A name has no value, or one that JSON does not know.
    """
    return parse(text).render(values)


def complete(
    inputs: Mapping[str, object], values: Mapping[str, object]
) -> dict[str, object]:
    """Return *values* with the defaults that *inputs* gives to absent ones.

    Args:
        inputs: A prompt's `inputs`: the JSON Schema of an object.

    Raises:
        MissingInput: A required input is absent; the message names them all.
    """
    properties = inputs.get("properties")
    declared = properties if isinstance(properties, Mapping) else {}
    defaults = {
        name: schema["default"]
        for name, schema in declared.items()
        if isinstance(schema, Mapping) and "default" in schema
    }
    whole = {**defaults, **values}
    required = inputs.get("required")
    names = required if isinstance(required, Iterable) else ()
    missing = [str(name) for name in names if name not in whole]
    if missing:
        raise MissingInput("no value for " + ", ".join(map(repr, missing)))
    return whole


def escape(text: str) -> str:
    """Return a template that renders to *text* whatever the values are.

    It stays that also when other templates are put before and after it.
    """
    return _BRACES.sub(lambda braces: f'{{{{ "{braces[0]}" }}}}', text)


def _written(name: Name, values: Mapping[str, object]) -> str:
    value: object = values
    for part in name.path:
        if not isinstance(value, Mapping) or part not in value:
            raise MissingInput(f"no value for '{name}'")
        value = value[part]
    if isinstance(value, str):
        return value
    try:
        return json.dumps(value, ensure_ascii=False, allow_nan=False)
    except (TypeError, ValueError, RecursionError) as error:
        raise MissingInput(f"the value of '{name}' is not JSON: {error}") from error


def _not_a_tag(text: str, start: int, line: int) -> TemplateInvalid:
    shown = text[start : start + 40].split("\n", 1)[0]
    return TemplateInvalid(
        f"{shown!r} is neither a name to replace nor braces in quotes",
        line=line,
        at=start,
    )
