"""Expressions of the kind `jinja`: what may stand in a tag.

Names and their parts, literals, lists of literals, comparisons, `and`, `or`, `not`,
`in`, `a if b else c`, the filters and the tests below.  Nothing can be called but a
filter, and nothing joins or calculates.

MiniJinja checks the grammar; here only what an expression could do is looked at.
"""

from collections.abc import Iterator, Sequence

from placet.jinja.tokens import Token
from placet.templates import Name

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
_OPERATORS = frozenset({"and", "or", "not", "in", "is", "if", "else"})
_CONSTANTS = frozenset({"true", "false", "none", "True", "False", "None"})
_RESERVED = _OPERATORS | _CONSTANTS | {"loop", "elif", "for", "recursive", "self"}


def names_in(tokens: Sequence[Token], bound: frozenset[str]) -> Iterator[Name]:
    """Yield what an expression takes from the values, repeated names as well.

    Args:
        bound: The names that loops around it give.

    Raises:
        TemplateInvalid: It could do something that a template shall not.
    """
    return _Expression(tokens, bound).names()


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

    def __init__(self, tokens: Sequence[Token], bound: frozenset[str]) -> None:
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
