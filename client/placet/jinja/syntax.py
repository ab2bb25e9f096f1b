"""Templates of the kind `jinja`, understood before MiniJinja sees them.

They are a part of Jinja that says texts and cannot compute them.  Whatever is not in
it is refused here, with its line.  What MiniJinja is given is written anew from what
was understood, so that it does not matter whether it would read the text alike.

 * Statements are `if` with `elif` and `else`, and `for` with `else`.
 * Expressions are names and their parts, literals, lists of literals, comparisons,
   `and`, `or`, `not`, `in`, `a if b else c`, the filters and the tests below.
   Nothing can be called, assigned or included.
 * Text goes out as a constant, so that it is counted like everything else.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from placet.jinja.expressions import (
    Bound,
    Part,
    Steps,
    bound_name,
    entries_of,
    names_in,
)
from placet.jinja.tokens import STATEMENTS, Tag, Text, Token, parts
from placet.templates import Name

MAX_NESTING = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Syntax:
    """A template that was understood.

    Attributes:
        source: What MiniJinja is given, line for line.
        names: What it takes from the values, in order, repeated ones as well.
        parts: What it takes out of entries of lists, as far as that is plain.
    """

    source: str
    names: tuple[Name, ...]
    parts: tuple[Part, ...]


def read(text: str, *, includes: bool = False) -> Syntax:
    """Read a template.

    Args:
        includes: `{{> fragments/NAME }}` is passed over, where it may stand.

    Raises:
        TemplateInvalid: It has something in it that is not taken.
    """
    reading = _Reading()
    for part in parts(text, includes=includes):
        if isinstance(part, Text):
            reading.say(part)
        elif part.opening == "{{":
            reading.take(part, part.tokens)
            reading.write(part)
        else:
            reading.statement(part)
            reading.write(part)
    return reading.whole()


def escape(text: str) -> str:
    """Return a template that renders to *text*, whatever stands around it.

    The empty constants keep a `-` beside it from trimming its white space.
    """
    escaped = re.sub(r"\{(?=[{%#]|\Z)", '{{ "{" }}', text)
    first = '{{ "" }}' if text[:1].isspace() else ""
    last = '{{ "" }}' if text[-1:].isspace() else ""
    return first + escaped + last


@dataclass(frozen=True, slots=True, kw_only=True)
class _Block:
    """An `if` or `for` that is open.

    Attributes:
        names: What the loop gives; nothing after its `else`.
    """

    tag: Tag
    names: Bound
    has_else: bool


class _Reading:
    """One reading of a template, as far as it has come."""

    def __init__(self) -> None:
        self._written: list[str] = []
        self._line = 1
        self._blocks: list[_Block] = []
        self._names: list[Name] = []

    def whole(self) -> Syntax:
        if self._blocks:
            tag = self._blocks[-1].tag
            raise tag.wrong(f"`{tag.word}` has no end{tag.word}")
        return Syntax(
            source="".join(self._written),
            names=tuple(n for n in self._names if not isinstance(n, Part)),
            parts=tuple(n for n in self._names if isinstance(n, Part)),
        )

    def say(self, part: Text) -> None:
        escaped = part.text.replace("\\", "\\\\").replace('"', '\\"')
        self._put("{{", part.line, f'"{escaped}"')

    def write(self, tag: Tag) -> None:
        inner: list[str] = []
        line = tag.tokens[0].line
        for token in tag.tokens:
            inner.append("\n" * (token.line - line) + token.text)
            line = token.line + token.text.count("\n")
        self._put(tag.opening, tag.tokens[0].line, " ".join(inner))

    def statement(self, tag: Tag) -> None:
        if tag.opening == "{%" and tag.word in {"if", "elif"}:
            self._branch(tag)
        elif tag.word == "for":
            self._loop(tag)
        elif tag.word in {"else", "endif", "endfor"} and len(tag.tokens) == 1:
            self._turn(tag)
        else:
            raise tag.wrong(
                f"{tag.word[:40]!r} begins no statement: there are {STATEMENTS}"
            )

    def take(self, tag: Tag, tokens: Sequence[Token]) -> None:
        """Check an expression, and note the names that it takes."""
        if not tokens:
            raise tag.wrong(f"`{tag.word}` of what?")
        self._names += names_in(tokens, self._bound())

    def _bound(self) -> Bound:
        """What the loops around give; an inner one's names hide an outer one's."""
        bound: dict[str, Steps | None] = {}
        for block in self._blocks:
            bound |= block.names
        return bound

    def _branch(self, tag: Tag) -> None:
        if tag.word == "elif":
            last = self._blocks[-1] if self._blocks else None
            if last is None or last.tag.word != "if" or last.has_else:
                raise tag.wrong("there is no `if` for this `elif`")
        self.take(tag, tag.tokens[1:])
        if tag.word == "if":
            self._open(tag, {})

    def _loop(self, tag: Tag) -> None:
        middle = next((i for i, t in enumerate(tag.tokens) if t.text == "in"), 0)
        targets, commas = tag.tokens[1:middle:2], tag.tokens[2:middle:2]
        fits = len(targets) == len(commas) + 1 and len(targets) <= 2
        if not fits or any(token.text != "," for token in commas):
            raise tag.wrong("a loop is written `for name in list`")
        given = [bound_name(token) for token in targets]
        rest = tag.tokens[middle + 1 :]
        if any(token.text == "if" for token in rest):
            raise tag.wrong("a loop has no `if`: put one inside of it")
        self.take(tag, rest)
        entry = entries_of(rest, self._bound()) if len(given) == 1 else None
        self._open(tag, {"loop": None, **dict.fromkeys(given, entry)})

    def _open(self, tag: Tag, names: Bound) -> None:
        if len(self._blocks) == MAX_NESTING:
            raise tag.wrong(f"blocks go at most {MAX_NESTING} deep")
        self._blocks.append(_Block(tag=tag, names=names, has_else=False))

    def _turn(self, tag: Tag) -> None:
        block = self._blocks.pop() if self._blocks else None
        if block is None or tag.word not in {"else", f"end{block.tag.word}"}:
            raise tag.wrong(f"`{tag.word}` ends nothing that is open")
        if tag.word == "else":
            if block.has_else:
                raise tag.wrong("there is an `else` already")
            self._blocks.append(_Block(tag=block.tag, names={}, has_else=True))

    def _put(self, opening: str, line: int, inner: str) -> None:
        closing = "}}" if opening == "{{" else "%}"
        pad = "\n" * (line - self._line)
        self._written.append(f"{opening}{pad} {inner} {closing}")
        self._line = max(line, self._line) + inner.count("\n")
