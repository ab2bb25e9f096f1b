"""Handlebars templates, as far as Jinja or plain replacing says exactly the same.

 * `{{ name }}`, `{{ a.b }}`, `{{ this.a }}` and `{{ @root.a }}` are names, and
   `{{ list.length }}` is how long a list is.
 * `if`, `unless`, `each`, `with`, `else`, and dotprompt's `ifEquals` and
   `unlessEquals` are read; in `each` also `this`, `@index`, `@first`, `@last`, `../`.
 * Every other helper computes something: a text that calls it is refused, but for
   those that the reader of a format takes over itself.

Nothing is ever rendered here.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypeAlias

from registry.errors import Invalid
from registry.imports.handlebars_tags import Tag, taken_apart
from registry.imports.naming import input_name
from registry.imports.pieces import Each, If, Name, Piece, Pieces, merged
from registry.imports.results import refused
from registry.values import quoted

MAX_NESTING = 12

_PATH = re.compile(r"(?P<up>(?:\.\./)*)(?P<path>@?[\w-]+(?:\.[\w-]+)*|\.)\Z")
_LITERAL = re.compile(r"\"[^\"\\{}]*\"|'[^'\\{}\"]*'|-?[0-9]+(?:\.[0-9]+)?\Z")
_OF_LOOP = {"@index": "index0", "@first": "first", "@last": "last"}
_HINT = "Write it without this, or make it an input that the chatbot fills."


@dataclass(frozen=True, slots=True)
class Mark:
    """A helper that the reader of a format takes over: its words."""

    words: tuple[str, ...]


Marked: TypeAlias = Piece | Mark
TakesOver = Callable[[Tag], tuple[Marked, ...] | None]
"""What a tag comes to, if the format knows it."""


@dataclass(frozen=True, slots=True)
class _Context:
    """What names mean in a block: the path to it, and the blocks around it."""

    path: tuple[str, ...] = ()
    local: bool = False
    looping: bool = False
    around: "_Context | None" = None
    depth: int = 0


def parse(text: str, takes_over: TakesOver) -> tuple[Marked, ...]:
    """Raises:
    Invalid: It has something that is not read here; the message shows it.
    """
    reader = _Reader(taken_apart(text), takes_over)
    found, end = reader.body(_Context())
    if end is not None:
        raise refused(f"{{{{{_shown(end)}}}}} ends nothing", "Mend the template.")
    return tuple(found)


class _Reader:
    """Goes through the tags once, from the first to the last."""

    def __init__(self, tags: list[str | Tag], takes_over: TakesOver) -> None:
        self._tags = tags
        self._takes_over = takes_over
        self._at = 0
        self._loops = 0

    def body(self, context: _Context) -> tuple[list[Marked], Tag | None]:
        """What stands up to a tag that ends or turns a block, and that tag."""
        found: list[Marked] = []
        while self._at < len(self._tags):
            tag = self._tags[self._at]
            self._at += 1
            if isinstance(tag, str):
                found.append(tag)
                continue
            taken = self._takes_over(tag)
            if taken is not None:
                found += taken
            elif tag.sign in {"/", "^"} or tag.words[:1] == ("else",):
                return found, tag
            else:
                found += self._piece(tag, context)
        return found, None

    def _piece(self, tag: Tag, context: _Context) -> Pieces:
        if tag.sign == "#":
            return self._block(tag, context)
        if tag.sign == ">":
            raise _partial(tag)
        if tag.sign not in {"", "!"}:
            raise _not_taken(tag)
        return (_value(tag, context),) if tag.sign == "" else ()

    def _block(self, tag: Tag, context: _Context) -> Pieces:
        if context.depth >= MAX_NESTING:
            raise refused("blocks are nested too deep", _HINT)
        if not tag.words:
            raise _not_taken(tag)
        made, end = self._opened(tag, context)
        if end is None or end.sign != "/" or end.words != tag.words[:1]:
            raise refused(f"{{{{{_shown(tag)}}}}} never ends", "Mend the template.")
        return made

    def _opened(self, tag: Tag, context: _Context) -> tuple[Pieces, Tag | None]:
        """The block of a tag, and the tag that ends it."""
        word, arguments = tag.words[0], tag.words[1:]
        inner = replace(context, depth=context.depth + 1)
        if word in {"if", "unless"} and len(arguments) == 1:
            name = _name(arguments[0], context)
            return self._if(word, str(name), (name,), inner)
        if word in {"ifEquals", "unlessEquals"} and len(arguments) == 2:
            sides = [_side(argument, context) for argument in arguments]
            names = tuple(side for side in sides if isinstance(side, Name))
            sign = "==" if word == "ifEquals" else "!="
            return self._if("if", f"{sides[0]} {sign} {sides[1]}", names, inner)
        if word == "each" and len(arguments) == 1:
            return self._each(_name(arguments[0], context), inner)
        if word == "with" and len(arguments) == 1:
            return self._with(_name(arguments[0], context), inner)
        raise _not_taken(tag)

    def _if(
        self, word: str, test: str, names: tuple[Name, ...], inner: _Context
    ) -> tuple[Pieces, Tag | None]:
        then, end = self._pieces(inner)
        other: Pieces = ()
        if end is not None and end.sign != "/":
            other, end = self._else(end, inner)
        test = test if word == "if" else f"not {test}"
        return (If(test, names, then, other),), end

    def _else(self, tag: Tag, inner: _Context) -> tuple[Pieces, Tag | None]:
        if len(tag.words) <= 1:
            return self._pieces(inner)
        if inner.depth >= MAX_NESTING:
            raise refused("a condition has too many branches", _HINT)
        return self._opened(replace(tag, sign="#", words=tag.words[1:]), inner)

    def _each(self, over: Name, inner: _Context) -> tuple[Pieces, Tag | None]:
        self._loops += 1
        variable = f"item{self._loops}" if self._loops > 1 else "item"
        within = replace(
            inner,
            path=(variable,),
            local=True,
            looping=True,
            around=replace(inner, depth=inner.depth - 1),
        )
        body, end = self._pieces(within)
        other: Pieces = ()
        if end is not None and end.sign != "/":
            other, end = self._else(end, inner)
        return (Each(over, variable, body, other),), end

    def _with(self, name: Name, inner: _Context) -> tuple[Pieces, Tag | None]:
        """A mapping that has to be there is always entered."""
        around = replace(inner, depth=inner.depth - 1)
        within = replace(inner, path=name.path, local=name.local, around=around)
        body, end = self._pieces(within)
        if end is not None and end.sign != "/":
            raise _not_taken(end)
        return body, end

    def _pieces(self, context: _Context) -> tuple[Pieces, Tag | None]:
        found, end = self.body(context)
        if any(isinstance(piece, Mark) for piece in found):
            raise refused("a message begins within a block", _HINT)
        return merged(piece for piece in found if not isinstance(piece, Mark)), end


def _value(tag: Tag, context: _Context) -> Name:
    if len(tag.words) != 1:
        raise _not_taken(tag)
    return _name(tag.words[0], context)


def _name(word: str, context: _Context) -> Name:
    said = _PATH.match(word)
    if said is None:
        raise refused(f"{quoted(word)} is more than a name", _HINT)
    for _ in range(said["up"].count("../")):
        if context.around is None:
            raise refused(f"{quoted(word)} leads out of the template", _HINT)
        context = context.around
    parts = [part for part in said["path"].split(".") if part]
    if len(parts) == 1 and parts[0] in _OF_LOOP and context.looping:
        return Name(("loop", _OF_LOOP[parts[0]]), local=True)
    if parts[:1] == ["@root"]:
        context = _Context()
    if parts[:1] in (["@root"], ["this"]):
        parts = parts[1:]
    return _path(word, parts, context)


def _path(word: str, parts: list[str], context: _Context) -> Name:
    if any(p.startswith("@") for p in parts) or "length" in parts[:-1]:
        raise refused(f"{quoted(word)} is nothing that a caller gives", _HINT)
    filters = " | length" if parts[-1:] == ["length"] else ""
    path = (*context.path, *map(input_name, parts[:-1] if filters else parts))
    if not path:
        raise refused(f"{quoted(word)} stands for all inputs at once", _HINT)
    return Name(path, local=context.local, filters=filters)


def _side(word: str, context: _Context) -> Name | str:
    if _LITERAL.fullmatch(word) or word in {"true", "false"}:
        return word
    return _name(word, context)


def _partial(tag: Tag) -> Invalid:
    shown = quoted(" ".join(tag.words)[:60])
    hint = "Import that file too, as a fragment, and include it by hand."
    return refused(f"it includes {shown}, and no other file is read", hint)


def _not_taken(tag: Tag) -> Invalid:
    return refused(f"{{{{{_shown(tag)}}}}} computes something", _HINT)


def _shown(tag: Tag) -> str:
    return f"{tag.sign}{' '.join(tag.words)}"[:60]
