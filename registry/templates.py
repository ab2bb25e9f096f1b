"""Texts in documents: what they include, and what their engine makes of them.

* `{{> fragments/acme-air/tone }}` stands for a fragment's text, under every
  engine, and `{{> glossaries/acme-air/fares }}` for a glossary's.  Any other
  `{{>` is an error; under `jinja` so is one inside of a tag or a comment.
* Under `none` everything else is literal, under `simple` it is a template as
  `placet.templates` reads it, under `jinja` one as `placet.jinja` does.
* The text of a glossary, or of a fragment with the engine `none`, stays literal
  wherever it is included.  A `simple` text says the same under `jinja`.  Braces that
  meet where two texts meet never become a tag.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import islice

from placet import jinja
from placet import templates as simple
from placet.jinja import rendering
from registry.errors import Invalid
from registry.findings import MAX_FINDINGS, Problem
from registry.names import Kind, Ref, kind_of, parse_ref
from registry.values import Path


class Engine(StrEnum):
    """What `template` can say."""

    NONE = "none"
    SIMPLE = "simple"
    JINJA = "jinja"


INCLUDED = (Kind.FRAGMENT, Kind.GLOSSARY)
"""What a text can include."""

_TAG = re.compile(r"\{\{>[ \t]*([^\s{}]{1,220})[ \t]*\}\}")
_LIKE_JINJA = re.compile(
    r"\{%-?[ \t]*(?:if|elif|else|endif|for|endfor|raw|endraw|set|macro|include)\b"
    r"[^{}\n]{0,500}%\}"
    r"|\{\{-?[ \t]*[A-Za-z_][\w.]{0,100}[ \t]*\|[ \t]*[a-z]"
    r"|\{\{-?[ \t]*loop\."
)
_HINT = "Write {{> fragments/NAME }} or {{> glossaries/NAME }}."
_LITERAL = 'for literal braces, {{ "{{" }}.'


@dataclass(frozen=True, slots=True, kw_only=True)
class Include:
    """A place where another's text goes; `line` is 1-based, within the text."""

    ref: Ref
    line: int


def pieces(text: str) -> tuple[str | Include, ...]:
    """Split *text*, which must have no problems, at its includes."""
    if "{{>" not in text:
        return (text,)
    return tuple(piece for _, piece in _scan(text) if not isinstance(piece, Invalid))


def includes(text: str) -> tuple[Include, ...]:
    return tuple(piece for piece in pieces(text) if isinstance(piece, Include))


def names(text: str, engine: Engine) -> Iterator[simple.Name]:
    """Yield the names that *text*, which must have no problems, takes its values by.

    Of a `jinja` text also the parts of entries of lists, each as a `jinja.Part`.
    """
    if engine is Engine.JINJA:
        syntax = jinja.read(text, includes=True)
        yield from syntax.names
        yield from syntax.parts
    elif engine is Engine.SIMPLE:
        for line, piece in _scan(text):
            if isinstance(piece, str):
                for name in simple.parse(piece).names:
                    yield replace(name, line=line + name.line - 1)


def problems(text: str, engine: Engine, path: Path) -> Iterator[Problem]:
    """Tell the tags in *text*, which stands at *path*, that mean nothing."""
    return islice(_problems(text, engine, path), MAX_FINDINGS + 1)


def find_jinja(text: str) -> int | None:
    """The first line of a `simple` text that has a tag of `jinja`, if there is one."""
    found = _LIKE_JINJA.search(text)
    return None if found is None else text.count("\n", 0, found.start()) + 1


def takes(engine: Engine, included: Engine) -> bool:
    """Whether a text of one engine can include a text of another."""
    order = list(Engine)
    return order.index(included) <= order.index(engine)


def converted(text: str, engine: Engine, *, to: Engine) -> str:
    """Return *text*, a piece of one engine, as one of another that takes it."""
    if engine is to:
        return text
    if to is Engine.SIMPLE:
        return simple.escape(text)
    if engine is Engine.NONE:
        return jinja.escape(text)
    return "".join(
        jinja.escape(piece) if isinstance(piece, str) else f"{{{{ {piece} }}}}"
        for piece in simple.parse(text).pieces
    )


def joined(texts: Iterable[str], engine: Engine) -> str:
    """Put texts of one engine together so that each keeps its meaning."""
    parts = [text for text in texts if text]
    opening = _SECOND[engine]
    for index, following in enumerate(parts[1:]):
        if parts[index].endswith("{") and following.startswith(opening):
            parts[index] = parts[index][:-1] + simple.escape("{")
    return "".join(parts)


_SECOND = {Engine.NONE: (), Engine.SIMPLE: ("{",), Engine.JINJA: ("{", "%", "#")}
"""What makes a tag of a `{` before it."""


def _scan(text: str) -> Iterator[tuple[int, str | Include | Invalid]]:
    """Yield the pieces of *text*, each with the line on which it begins."""
    line, at = 1, 0
    while (start := text.find("{{>", at)) >= 0:
        if start > at:
            yield line, text[at:start]
        line += text.count("\n", at, start)
        tag = _TAG.match(text, start)
        yield line, _included(tag[1], line) if tag else _no_include(text, start)
        at = tag.end() if tag else start + 3
    if at < len(text):
        yield line, text[at:]


def _included(name: str, line: int) -> Include | Invalid:
    try:
        ref = parse_ref(name)
    except Invalid as error:
        return error
    kind = kind_of(ref)
    if kind not in INCLUDED:
        return Invalid(f"a text cannot include a {kind}", hint=_HINT)
    return Include(ref=ref, line=line)


def _no_include(text: str, start: int) -> Invalid:
    shown = text[start : start + 40].split("\n", 1)[0]
    return Invalid(f"{shown!r} includes nothing", hint=_HINT)


def _problems(text: str, engine: Engine, path: Path) -> Iterator[Problem]:
    if engine is Engine.JINJA and all(
        not isinstance(piece, Invalid) for _, piece in _scan(text)
    ):
        yield from _jinja_problems(text, path)
        return
    for line, piece in _scan(text):
        if isinstance(piece, Invalid):
            yield Problem(
                path=path, message=str(piece), hint=piece.hint, text_line=line
            )
        elif isinstance(piece, str) and engine is Engine.SIMPLE:
            yield from _tag_problems(piece, line, path)


def _jinja_problems(text: str, path: Path) -> Iterator[Problem]:
    """The first thing that is wrong; what follows depends on it."""
    try:
        rendering.parse(text, includes=True)
    except simple.TemplateInvalid as error:
        hint = f"docs/templates.md lists what a template can say; {_LITERAL}"
        yield Problem(path=path, message=str(error), hint=hint, text_line=error.line)


def _tag_problems(text: str, line: int, path: Path) -> Iterator[Problem]:
    while True:
        try:
            simple.parse(text)
        except simple.TemplateInvalid as error:
            line += error.line - 1
            hint = f"Write {{{{ name }}}} for a declared input; {_LITERAL}"
            if _LIKE_JINJA.match(text, error.at):
                hint = "This looks like jinja: say `template: jinja`."
            text = text[error.at + 2 :]
            message = str(error)
            yield Problem(path=path, message=message, hint=hint, text_line=line)
        else:
            return
