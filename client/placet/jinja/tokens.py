"""A text of the kind `jinja`, taken apart: what is text, and what stands in tags.

Tags are `{{ }}` and `{% %}`; a `-` at either end trims the white space beside it.
Comments are left out, what stands between `{% raw %}` and `{% endraw %}` is text.
In a tag are names, numbers, texts in quotes and a few signs: nothing that
calculates, so that no expression makes a text longer than what it was given.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from placet.templates import TemplateInvalid

MAX_CHARS = 2**16
MAX_TAGS = 2_000
MAX_TAG_CHARS = 2_000
MAX_TAG_TOKENS = 200

STATEMENTS = "if, elif, else, endif, for, endfor and raw"

_NOT_THERE = frozenset(
    {
        *("autoescape", "block", "break", "call", "continue", "do", "extends"),
        *("filter", "from", "import", "include", "macro", "set", "trans", "with"),
    }
)
"""What Jinja has in a `{% %}` and this part of it has not."""

_OPENING = re.compile(r"\{\{|\{%|\{#")
_WORD = re.compile(r"\s*([A-Za-z_]{1,20})\b")
_ENDRAW = re.compile(r"\{%(-?)\s*endraw\s*(-?)%\}")
_TOKEN = re.compile(
    r"(?P<space>\s+)"
    r"|(?P<end>-?(?:\}\}|%\}))"
    r"|(?P<name>[A-Za-z_][A-Za-z0-9_]*)"
    r"|(?P<number>[0-9]{1,18}(?:\.[0-9]{1,18})?)"
    r"|(?P<string>\"(?:[^\"\\]|\\[\"\\nrt])*\"|'(?:[^'\\]|\\['\\nrt])*')"
    r"|(?P<sign>==|!=|<=|>=|[.|()\[\],<>-])"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """Attributes:
    kind: `name`, `number`, `string` or `sign`.
    line: 1-based, within the text; *at* is its position there.
    """

    kind: str
    text: str
    line: int
    at: int

    def wrong(self, message: str) -> TemplateInvalid:
        return TemplateInvalid(message, line=self.line, at=self.at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tag:
    """A tag with at least one token; *opening* is `{{` or `{%`."""

    opening: str
    tokens: tuple[Token, ...]
    line: int
    at: int

    @property
    def word(self) -> str:
        return self.tokens[0].text

    def wrong(self, message: str) -> TemplateInvalid:
        return TemplateInvalid(message, line=self.line, at=self.at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """What is said as it stands, trimmed already; *line* is where it begins."""

    text: str
    line: int


def parts(text: str, *, includes: bool) -> Iterator[Text | Tag]:
    """Take *text* apart.

    Args:
        includes: `{{> fragments/NAME }}` is passed over, where it may stand.

    Raises:
        TemplateInvalid: A tag does not end, or has something in it that is not taken.
    """
    if len(text) > MAX_CHARS:
        raise TemplateInvalid(
            f"a jinja template has at most {MAX_CHARS:,} characters", line=1, at=0
        )
    return _Scan(text, includes=includes).parts()


class _Scan:
    """One pass over a text, as far as it has come."""

    def __init__(self, text: str, *, includes: bool) -> None:
        self._text = text
        self._includes = includes
        self._line = 1
        self._at = 0
        self._trims = False
        self._tags = 0

    def parts(self) -> Iterator[Text | Tag]:
        while opening := _OPENING.search(self._text, self._at):
            start, inside = opening.start(), opening.end()
            trims = self._text.startswith("-", inside)
            yield from self._said(start, trims=trims)
            if self._includes and self._text.startswith("{{>", start):
                self._include()
            elif opening[0] == "{#":
                self._comment(inside)
            else:
                tag = self._tag(opening[0], inside + 1 if trims else inside)
                is_raw = tag.word == "raw" and opening[0] == "{%"
                yield from self._raw(tag) if is_raw else (tag,)
        yield from self._said(len(self._text), trims=False)

    def _said(self, end: int, *, trims: bool) -> Iterator[Text]:
        text, line = self._text[self._at : end], self._line
        if self._trims:
            rest = text.lstrip()
            line += text.count("\n", 0, len(text) - len(rest))
            text = rest
        if trims:
            text = text.rstrip()
        self._pass(end)
        if text:
            yield Text(text=text, line=line)

    def _include(self) -> None:
        end = self._text.find("}}", self._at)
        if end < 0:
            raise self._wrong("the include does not end")
        self._pass(end + 2)

    def _comment(self, inside: int) -> None:
        end = self._text.find("#}", inside)
        if end < 0:
            raise self._wrong("the comment has no `#}`")
        self._refuse_includes(inside, end)
        self._pass(end + 2, trims=end > inside and self._text[end - 1] == "-")

    def _raw(self, tag: Tag) -> Iterator[Text]:
        if len(tag.tokens) > 1:
            raise tag.wrong("`raw` stands alone in its tag")
        end = _ENDRAW.search(self._text, self._at)
        if end is None:
            raise tag.wrong("`raw` has no endraw")
        self._refuse_includes(self._at, end.start())
        yield from self._said(end.start(), trims=end[1] == "-")
        self._pass(end.end(), trims=end[2] == "-")

    def _tag(self, opening: str, inside: int) -> Tag:
        closing = "}}" if opening == "{{" else "%}"
        if opening == "{%":
            self._refuse_statement(inside)
        tokens: list[Token] = []
        line, at = self._line, inside
        while (found := self._next(inside, at)).lastgroup != "end":
            kind = str(found.lastgroup)
            self._refuse_includes(at, found.end())
            if kind != "space":
                tokens.append(Token(kind=kind, text=found[0], line=line, at=at))
            line += found[0].count("\n")
            at = found.end()
        if not found[0].endswith(closing):
            raise self._wrong(f"a tag that begins with {opening} ends with {closing}")
        if len(tokens) > MAX_TAG_TOKENS:
            raise self._wrong(f"a tag has at most {MAX_TAG_TOKENS} words and signs")
        if not tokens:
            raise self._wrong("the tag is empty")
        self._tags += 1
        if self._tags > MAX_TAGS:
            raise self._wrong(f"a jinja template has at most {MAX_TAGS:,} tags")
        tag = Tag(opening=opening, tokens=tuple(tokens), line=self._line, at=self._at)
        self._pass(found.end(), trims=found[0].startswith("-"))
        return tag

    def _next(self, inside: int, at: int) -> re.Match[str]:
        found = _TOKEN.match(self._text, at)
        if at - inside > MAX_TAG_CHARS:
            raise self._wrong(f"a tag has at most {MAX_TAG_CHARS:,} characters")
        if found is not None:
            return found
        self._refuse_includes(at, at + 3)
        sign = self._text[at : at + 1]
        if not sign:
            raise self._wrong("the tag does not end")
        if sign in "+*/%~":
            raise self._wrong(f"a template does not calculate: there is no `{sign}`")
        raise self._wrong(f"{sign!r} means nothing in a tag")

    def _refuse_statement(self, inside: int) -> None:
        """Before what stands in it is looked at, which may mean nothing here."""
        word = _WORD.match(self._text, inside)
        if word is None or word[1].removeprefix("end") not in _NOT_THERE:
            return
        does = (
            "include a fragment by {{> fragments/NAME }}"
            if word[1] in {"include", "import", "extends", "from"}
            else f"there are {STATEMENTS}"
        )
        raise self._wrong(f"there is no `{word[1]}`; {does}")

    def _refuse_includes(self, start: int, end: int) -> None:
        if self._text.find("{{>", start, end) >= 0:
            raise self._wrong("an include stands in the text, not in a tag or comment")

    def _pass(self, end: int, *, trims: bool = False) -> None:
        self._line += self._text.count("\n", self._at, end)
        self._at, self._trims = end, trims

    def _wrong(self, message: str) -> TemplateInvalid:
        return TemplateInvalid(message, line=self._line, at=self._at)
