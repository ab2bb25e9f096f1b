"""A template of any language as pieces, and the pieces as a template of ours.

A text is a sequence of pieces: literal text, names, conditions and loops.  Of
pieces it is written

 * without a template, if all of it is literal,
 * as a `simple` template, if all of it is literal or names,
 * as a `jinja` template, if it has conditions or loops.

What is literal stays literal whatever it looks like: braces, and tags of our own.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Name:
    """Where a value goes.

    Attributes:
        path: An input, or what a loop goes through, and the parts within it.
        local: The path begins with the variable of a loop.
        filters: Written after the name, `| upper`; only in a `jinja` template.
    """

    path: tuple[str, ...]
    local: bool = False
    filters: str = ""

    def __str__(self) -> str:
        return ".".join(self.path) + self.filters


@dataclass(frozen=True, slots=True)
class If:
    """*then* or *other*.

    Attributes:
        test: A condition that Jinja reads.
        names: The names in it.
    """

    test: str
    names: tuple[Name, ...]
    then: "Pieces"
    other: "Pieces"


@dataclass(frozen=True, slots=True)
class Each:
    """*body* for each value of a list, *other* if there is none."""

    over: Name
    variable: str
    body: "Pieces"
    other: "Pieces"


Piece: TypeAlias = str | Name | If | Each
Pieces: TypeAlias = tuple[Piece, ...]

_LISTING = re.compile(r"\| (?:join|length)\b")
_OPENING = re.compile(r"\{\{+|\{(?=[%#])|\{\Z")


def merged(pieces: Iterable[Piece]) -> Pieces:
    """The same pieces, literal text that meets joined, none of it empty."""
    found: list[Piece] = []
    for piece in pieces:
        if isinstance(piece, str) and found and isinstance(found[-1], str):
            found[-1] += piece
        elif piece != "":
            found.append(piece)
    return tuple(found)


def stripped(pieces: Pieces, characters: str | None) -> Pieces:
    """Take *characters* away from both ends, as far as the ends are literal."""
    parts = list(pieces)
    if parts and isinstance(parts[0], str):
        parts[0] = parts[0].lstrip(characters)
    if parts and isinstance(parts[-1], str):
        parts[-1] = parts[-1].rstrip(characters)
    return merged(parts)


def is_blank(pieces: Pieces) -> bool:
    return all(isinstance(piece, str) and not piece.strip() for piece in pieces)


def engine_of(texts: Iterable[Pieces]) -> str:
    """The engine that all of *texts* can be written for."""
    found = "none"
    for pieces in texts:
        if not all(isinstance(piece, (str, Name)) for piece in pieces) or any(
            isinstance(piece, Name) and piece.filters for piece in pieces
        ):
            return "jinja"
        literal = "".join(piece for piece in pieces if isinstance(piece, str))
        if any(isinstance(piece, Name) for piece in pieces) or "{{>" in literal:
            found = "simple"
    return found


def written(pieces: Pieces, engine: str) -> str:
    """The text of *pieces* as a template for *engine*."""
    if engine == "none":
        return "".join(map(str, pieces))
    return "".join(_written(pieces, engine))


def names_in(pieces: Pieces) -> Iterator[tuple[Name, str]]:
    """Yield each name with how it is used: `text`, `test` or `list`."""
    for piece in pieces:
        if isinstance(piece, Name):
            yield piece, "list" if _LISTING.search(piece.filters) else "text"
        elif isinstance(piece, If):
            yield from ((name, "test") for name in piece.names)
            yield from names_in(piece.then)
            yield from names_in(piece.other)
        elif isinstance(piece, Each):
            yield piece.over, "list"
            yield from names_in(piece.body)
            yield from names_in(piece.other)


def loops_in(pieces: Pieces) -> Iterator[Each]:
    """Yield every loop, outer ones first."""
    for piece in pieces:
        if isinstance(piece, Each):
            yield piece
            yield from loops_in(piece.body)
            yield from loops_in(piece.other)
        elif isinstance(piece, If):
            yield from loops_in(piece.then)
            yield from loops_in(piece.other)


def _written(pieces: Pieces, engine: str) -> Iterator[str]:
    for piece in pieces:
        if isinstance(piece, str):
            yield _literal(piece, engine)
        elif isinstance(piece, Name):
            yield f"{{{{ {piece} }}}}"
        elif isinstance(piece, If):
            yield f"{{% if {piece.test} %}}"
            yield from _written(piece.then, engine)
            if piece.other:
                yield "{% else %}"
                yield from _written(piece.other, engine)
            yield "{% endif %}"
        else:
            yield f"{{% for {piece.variable} in {piece.over} %}}"
            yield from _written(piece.body, engine)
            if piece.other:
                yield "{% else %}"
                yield from _written(piece.other, engine)
            yield "{% endfor %}"


def _literal(text: str, engine: str) -> str:
    """*text* so that no tag begins in it, or with its last brace."""

    def safe(found: re.Match[str]) -> str:
        if engine == "simple" and found[0] == "{" and found.end() < len(text):
            return found[0]
        return f'{{{{ "{found[0]}" }}}}'

    return _OPENING.sub(safe, text)
