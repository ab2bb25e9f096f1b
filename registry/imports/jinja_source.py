"""Jinja templates of other projects, as far as they mean the same everywhere.

Read are names, parts of names, `if`, `elif`, `else` and `for`, comments, `-` that
takes white space away, the conditions `and`, `or`, `not`, `==` and `!=`, and the
filters `trim`, `lower`, `upper` and `join`.  Everything else calls code,
reads files, or differs between engines: a text with it is refused.

Nothing is ever rendered here.
"""

import re
from dataclasses import dataclass

from registry.errors import Invalid
from registry.imports.naming import input_name
from registry.imports.pieces import Each, If, Name, Piece, Pieces, merged
from registry.imports.results import refused
from registry.values import quoted

MAX_NESTING = 16

_TAG = re.compile(r"\{(?P<kind>[{%#])(?P<left>[-+]?)")
_ENDS = {"{": "}}", "%": "%}", "#": "#}"}
_TOKEN = re.compile(
    r"""\s*(?:
        (?P<name>[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)*)
      | (?P<text>"[^"\\\n]*"|'[^'\\\n]*')
      | (?P<number>[0-9]+(?:\.[0-9]+)?)
      | (?P<sign>==|!=|[|()])
    )""",
    re.VERBOSE,
)
_FILTERS = {"trim", "lower", "upper"}
_WORDS = {"and", "or", "not", "in", "is", "if", "else"}
_CONSTANTS = {"true", "false", "none", "True", "False", "None"}
_HINT = "Import it without this, or write the document by hand."


@dataclass(frozen=True, slots=True)
class _Tag:
    """A tag; `kind` is `{` for a value, `%` for a statement."""

    kind: str
    inner: str


@dataclass(frozen=True, slots=True)
class _Scope:
    """Which names belong to a loop, and what their variables are called here."""

    variables: tuple[tuple[str, str], ...] = ()
    depth: int = 0

    def name(self, path: tuple[str, ...], filters: str = "") -> Name:
        called = dict(self.variables)
        if path[0] in called:
            return Name((called[path[0]], *path[1:]), local=True, filters=filters)
        return Name((input_name(path[0]), *path[1:]), filters=filters)


def parse(text: str) -> Pieces:
    """Raises:
    Invalid: It has something that is not read here; the message shows it.
    """
    reader = _Reader(_tags(text))
    pieces, end = reader.body(_Scope())
    if end:
        raise refused(f"{{% {end} %}} ends nothing", "Mend the template.")
    return pieces


def _tags(text: str) -> list[str | _Tag]:
    found: list[str | _Tag] = []
    at, strip_next = 0, False
    while tag := _TAG.search(text, at):
        before = text[at : tag.start()]
        before = before.lstrip() if strip_next else before
        end = text.find(_ENDS[tag["kind"]], tag.end())
        if end < 0:
            shown = quoted(text[tag.start() : tag.start() + 40])
            raise refused(f"the tag {shown} never ends", "Close it.")
        found.append(before.rstrip() if tag["left"] == "-" else before)
        inner = text[tag.end() : end]
        strip_next = inner.endswith("-")
        if tag["kind"] != "#":
            found.append(_Tag(tag["kind"], inner.rstrip("-+").strip()))
        at = end + 2
    rest = text[at:]
    found.append(rest.lstrip() if strip_next else rest)
    return found


class _Reader:
    """Goes through the tags once, from the first to the last."""

    def __init__(self, tags: list[str | _Tag]) -> None:
        self._tags = tags
        self._at = 0
        self._loops = 0

    def body(self, scope: _Scope) -> tuple[Pieces, str]:
        """The pieces up to a statement that ends or goes on, and that statement."""
        found: list[Piece] = []
        while self._at < len(self._tags):
            tag = self._tags[self._at]
            self._at += 1
            if isinstance(tag, str):
                found.append(tag)
            elif tag.kind == "{":
                found.append(_value(tag.inner, scope))
            elif tag.inner.split(" ")[0] in {"else", "elif", "endif", "endfor"}:
                return merged(found), tag.inner
            else:
                found.append(self._block(tag.inner, scope))
        return merged(found), ""

    def _block(self, inner: str, scope: _Scope) -> Piece:
        word = inner.split(" ")[0]
        if word not in {"if", "for"}:
            raise refused(f"{{% {inner[:60]} %}} is not taken over", _HINT)
        if scope.depth >= MAX_NESTING:
            raise refused("conditions and loops are nested too deep", _HINT)
        deeper = _Scope(scope.variables, scope.depth + 1)
        return self._if(inner[2:], deeper) if word == "if" else self._for(inner, deeper)

    def _if(self, test: str, scope: _Scope) -> If:
        condition = _Condition(test, scope)
        then, end = self.body(scope)
        other: Pieces = ()
        if end.startswith("elif "):
            deeper = _Scope(scope.variables, scope.depth + 1)
            if deeper.depth > MAX_NESTING:
                raise refused("a condition has too many branches", _HINT)
            other = (self._if(end[4:], deeper),)
        else:
            if end == "else":
                other, end = self.body(scope)
            _closed("if", end, "endif")
        return If(condition.text, condition.names, then, other)

    def _for(self, inner: str, scope: _Scope) -> Each:
        said = re.fullmatch(
            r"for\s+([A-Za-z_]\w*)\s+in\s+([A-Za-z_][\w.]*)", inner, re.ASCII
        )
        if said is None or said[2].endswith("."):
            raise refused(f"{{% {inner[:60]} %}} is not taken over", _HINT)
        self._loops += 1
        variable = said[1] if self._loops == 1 else f"{said[1]}_{self._loops}"
        over = scope.name(tuple(said[2].split(".")))
        within = _Scope(
            (*scope.variables, (said[1], variable), ("loop", "loop")), scope.depth
        )
        body, end = self.body(within)
        other: Pieces = ()
        if end == "else":
            other, end = self.body(scope)
        _closed("for", end, "endfor")
        return Each(over, variable, body, other)


def _closed(word: str, end: str, wanted: str) -> None:
    if end != wanted:
        raise refused(f"{{% {word} %}} never ends", "Mend the template.")


def _value(inner: str, scope: _Scope) -> Name:
    condition = _Condition(inner, scope)
    if len(condition.names) != 1 or condition.text != str(condition.names[0]):
        raise _not_taken(inner)
    return condition.names[0]


class _Condition:
    """A condition, read and written again.

    Attributes:
        text: What Jinja reads.
        names: The names in it.
    """

    def __init__(self, source: str, scope: _Scope) -> None:
        self._source, self._scope = source, scope
        self._tokens = self._split()
        self._at = 0
        self._names: list[Name] = []
        self.text = self._any(0)
        if self._at < len(self._tokens):
            raise _not_taken(source)
        self.names = tuple(self._names)

    def _split(self) -> list[tuple[str, str]]:
        found: list[tuple[str, str]] = []
        at, source = 0, self._source.strip()
        while at < len(source):
            token = _TOKEN.match(source, at)
            if token is None or token.lastgroup is None:
                raise _not_taken(source)
            found.append((token.lastgroup, token[token.lastgroup]))
            at = token.end()
        return found

    def _next(self, *wanted: str) -> str:
        """The next token if it is one of *wanted*, which is then gone; else ""."""
        if self._at < len(self._tokens) and self._tokens[self._at][1] in wanted:
            self._at += 1
            return self._tokens[self._at - 1][1]
        return ""

    def _any(self, depth: int) -> str:
        if depth > MAX_NESTING:
            raise _not_taken(self._source)
        text = self._not(depth)
        while sign := self._next("and", "or", "==", "!="):
            text = f"{text} {sign} {self._not(depth)}"
        return text

    def _not(self, depth: int) -> str:
        if self._next("not"):
            return f"not {self._not(depth + 1)}" if depth < MAX_NESTING else "not "
        if self._next("("):
            text = f"({self._any(depth + 1)})"
            if not self._next(")"):
                raise _not_taken(self._source)
            return text
        return self._atom()

    def _atom(self) -> str:
        if self._at >= len(self._tokens):
            raise _not_taken(self._source)
        kind, text = self._tokens[self._at]
        self._at += 1
        if kind == "sign" or text in _WORDS:
            raise _not_taken(self._source)
        if kind != "name" or text in _CONSTANTS:
            return text.lower() if text in _CONSTANTS else text
        name = self._scope.name(tuple(text.split(".")), self._filters())
        self._names.append(name)
        return str(name)

    def _filters(self) -> str:
        text = ""
        while self._next("|"):
            if found := self._next(*_FILTERS):
                text += f" | {found}"
            elif self._next("join") and self._next("("):
                kind, between = self._tokens[self._at] if self._more() else ("", "")
                self._at += 1
                if kind != "text" or not self._next(")"):
                    raise _not_taken(self._source)
                text += f" | join({between})"
            else:
                raise _not_taken(self._source)
        return text

    def _more(self) -> bool:
        return self._at < len(self._tokens)


def _not_taken(source: str) -> Invalid:
    return refused(f"{quoted(source.strip())} is more than a name", _HINT)
