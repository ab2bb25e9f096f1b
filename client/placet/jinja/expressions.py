"""Expressions of the kind `jinja`: what may stand in a tag.

Names and their parts, literals, lists of literals, comparisons, `and`, `or`, `not`,
`in`, `a if b else c`, the filters and the tests below.  Nothing can be called but a
filter, and nothing joins or calculates.

MiniJinja checks the grammar; here only what an expression could do is looked at.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from placet.jinja.tokens import Token
from placet.templates import Name

Steps = tuple[str | None, ...]
"""Leads from the values to one within them; None is any entry of a list."""

FILTERS = frozenset(
    {
        *("capitalize", "default", "first", "join", "last", "length", "lower"),
        *("title", "tojson", "trim", "upper"),
    }
)
TESTS = frozenset(
    {
        *("boolean", "defined", "even", "iterable", "mapping", "none", "number"),
        *("odd", "sequence", "string", "undefined"),
    }
)
OF_LOOP = frozenset(
    {"first", "index", "index0", "last", "length", "revindex", "revindex0"}
)

_TAKING = frozenset({"default", "join"})
_NAMING = frozenset({"==", "!=", "<=", ">=", "<", ">", "in"})
"""After these the engine reads `not` as the name of a variable."""
_OPERATORS = frozenset({"and", "or", "not", "in", "is", "if", "else"})
_CONSTANTS = frozenset({"true", "false", "none", "True", "False", "None"})
NO_NAMES = _OPERATORS | _CONSTANTS
_RESERVED = NO_NAMES | {"loop", "elif", "for", "recursive", "self"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Part(Name):
    """What a template takes out of an entry of a list, or by `a["b"]`.

    Attributes:
        path: As it is written: of `bag.weight` in a loop over `bags`, these two.
        steps: Where it is in the values: `bags`, any entry, `weight`.
    """

    steps: Steps

    def __str__(self) -> str:
        shown = (f"[{step}]" if step.isdigit() else f".{step}" for step in self.path)
        return "".join(shown)[1:]


Bound = Mapping[str, Steps | None]
"""The names that loops give; of some it is known what they stand for."""


def names_in(tokens: Sequence[Token], bound: Bound) -> Iterator[Name]:
    """Yield what an expression takes from the values, repeated names as well.

    A `Part` comes after the name that it begins with, unless a loop gives that.

    Args:
        bound: The names that loops around it give.

    Raises:
        TemplateInvalid: It could do something that a template shall not.
    """
    return _Expression(tokens, bound).names()


def entries_of(tokens: Sequence[Token], bound: Bound) -> Steps | None:
    """Return what a loop over an expression gives, if it is plain to see."""
    if not tokens or tokens[0].kind != "name" or tokens[0].text in _RESERVED:
        return None
    steps, taken = _steps(tokens)
    around = _unbound(steps, bound)
    return (*around, None) if taken == len(tokens) and around is not None else None


def bound_name(token: Token) -> str:
    """Return what *token* is called, if something may be called so.

    Raises:
        TemplateInvalid: It is reserved, or no name.
    """
    if token.kind != "name" or token.text in _RESERVED:
        raise token.wrong(f"{token.text[:40]!r} cannot be a name here")
    _check_part(token)
    return token.text


class _Expression:
    """One expression, looked at token by token."""

    def __init__(self, tokens: Sequence[Token], bound: Bound) -> None:
        self._tokens = tokens
        self._bound = bound
        self._open: list[str] = []

    def names(self) -> Iterator[Name]:
        texts = [token.text for token in self._tokens]
        if texts.count("if") != texts.count("else"):
            raise self._tokens[0].wrong("an `if` in an expression needs its `else`")
        for index, token in enumerate(self._tokens):
            if token.kind == "sign":
                self._sign(index, token)
            elif token.kind == "name":
                yield from self._name(index, token)

    def _name(self, index: int, token: Token) -> Iterator[Name]:
        before = self._before(index)
        if before == ".":
            _check_part(token)
        elif before == "|":
            self._check_listed(token, "filter", FILTERS)
        elif self._is_test(index, token):
            self._check_listed(token, "test", TESTS)
        elif token.text in _OPERATORS:
            self._check_literal(token, False)
            if token.text != "not" and not self._ends_operand(index - 1):
                raise token.wrong(f"`{token.text}` follows nothing")
            if token.text == "not" and before in _NAMING:
                raise token.wrong(f"`not` cannot follow `{before}`")
        elif token.text in _CONSTANTS:
            pass
        else:
            self._check_literal(token, False)
            yield from self._variable(index, token)

    def _is_test(self, index: int, token: Token) -> bool:
        before = self._before(index)
        if before == "not":
            return self._before(index - 1) == "is"
        return before == "is" and token.text != "not"

    def _variable(self, index: int, token: Token) -> Iterator[Name]:
        path = [token.text]
        rest = iter(self._tokens[index + 1 :])
        for sign, part in zip(rest, rest, strict=False):
            if sign.text != "." or part.kind != "name":
                break
            path.append(part.text)
        if token.text == "loop" and "loop" in self._bound:
            if len(path) != 2 or path[1] not in OF_LOOP:
                listed = ", ".join(f"loop.{part}" for part in sorted(OF_LOOP))
                raise token.wrong(f"of the loop there are {listed}")
            return
        bound_name(token)
        if token.text not in self._bound:
            yield Name(path=tuple(path), line=token.line)
        yield from self._part(index, len(path))

    def _part(self, index: int, named: int) -> Iterator[Part]:
        """What the name at *index* leads to, if that is more than a dotted name."""
        token = self._tokens[index]
        written, _ = _steps(self._tokens[index:])
        steps = _unbound(written, self._bound)
        if steps and len(written) > (1 if token.text in self._bound else named):
            path = tuple("0" if step is None else step for step in written)
            yield Part(path=path, line=token.line, steps=steps)

    def _sign(self, index: int, token: Token) -> None:
        follows = self._ends_operand(index - 1)
        if token.text == "(":
            called = self._before(index - 1) == "|"
            if follows and not (called and self._before(index) in _TAKING):
                raise token.wrong("nothing can be called but `default` and `join`")
            self._open.append("filter" if called else "group")
        elif token.text == "[":
            self._open.append("part" if follows else "list")
        elif token.text in ")]":
            if not self._open:
                raise token.wrong(f"`{token.text}` closes nothing")
            self._open.pop()
        elif token.text == "," and self._open[-1:] not in (["filter"], ["list"]):
            raise token.wrong("`,` stands between literals in a list")
        elif token.text == "-":
            self._minus(index, token, follows=follows)

    def _minus(self, index: int, token: Token, *, follows: bool) -> None:
        following = self._tokens[index + 1 : index + 2]
        if follows or not following or following[0].kind != "number":
            raise token.wrong("a template does not calculate: there is no `-`")

    def _check_literal(self, token: Token, is_literal: bool) -> None:
        if "list" in self._open and not is_literal:
            raise token.wrong("a list in a template is of literals")

    @staticmethod
    def _check_listed(token: Token, what: str, listed: frozenset[str]) -> None:
        if token.text not in listed:
            known = ", ".join(sorted(listed))
            raise token.wrong(
                f"there is no {what} {token.text[:40]!r}: there are {known}"
            )

    def _before(self, index: int) -> str:
        token = self._tokens[index - 1] if index > 0 else None
        return token.text if token is not None and token.kind != "string" else ""

    def _ends_operand(self, index: int) -> bool:
        if index < 0:
            return False
        token = self._tokens[index]
        if token.kind == "sign":
            return token.text in ")]"
        return token.kind != "name" or token.text not in _OPERATORS


def _check_part(token: Token) -> None:
    if token.text.startswith("__"):
        raise token.wrong(f"{token.text[:40]!r} is no name: it begins with `__`")


def _steps(tokens: Sequence[Token]) -> tuple[Steps, int]:
    """Where `a.b["c"][0]` leads that *tokens* begin with, and how many it takes."""
    steps: list[str | None] = [tokens[0].text]
    at = 1
    while at + 1 < len(tokens):
        sign, inner = tokens[at], tokens[at + 1]
        closes = tokens[at + 2].text == "]" if at + 2 < len(tokens) else False
        if sign.text == "." and inner.kind == "name":
            steps.append(inner.text)
            at += 2
        elif sign.text == "[" and closes and inner.kind in {"number", "string"}:
            if "\\" in inner.text:
                break
            steps.append(inner.text[1:-1] if inner.kind == "string" else None)
            at += 3
        else:
            break
    return tuple(steps), at


def _unbound(steps: Steps, bound: Bound) -> Steps | None:
    """The same from the values on; None if it is not known what a loop gives."""
    first = str(steps[0])
    if first not in bound:
        return steps
    around = bound[first]
    return None if around is None else (*around, *steps[1:])
