"""Texts in documents: what they include, and what their engine makes of them.

* `{{> fragments/acme-air/tone }}` stands for a fragment's text, under every
  engine.  Any other `{{>` is an error.
* Under `none` everything else is literal, under `simple` it is a template as
  `placet.templates` reads it.  `jinja` is not rendered yet.
* The text of a fragment with the engine `none` stays literal wherever it is
  included, and braces that meet where two texts meet never become a tag.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import islice

from placet import templates as simple
from registry.errors import Invalid
from registry.findings import MAX_FINDINGS, Problem
from registry.names import Kind, Ref, kind_of, parse_ref
from registry.values import Path


class Engine(StrEnum):
    """What `template` can say."""

    NONE = "none"
    SIMPLE = "simple"


_TAG = re.compile(r"\{\{>[ \t]*([^\s{}]{1,220})[ \t]*\}\}")
_HINT = "Write {{> fragments/NAME }}."


@dataclass(frozen=True, slots=True, kw_only=True)
class Include:
    """A place where a fragment's text goes; `line` is 1-based, within the text."""

    ref: Ref
    line: int


def pieces(text: str) -> tuple[str | Include, ...]:
    """Split *text*, which must have no problems, at its includes."""
    if "{{>" not in text:
        return (text,)
    return tuple(piece for _, piece in _scan(text) if not isinstance(piece, Invalid))


def includes(text: str) -> tuple[Include, ...]:
    return tuple(piece for piece in pieces(text) if isinstance(piece, Include))


def names(text: str) -> Iterator[simple.Name]:
    """Yield the names that *text*, a `simple` template without problems, uses."""
    for line, piece in _scan(text):
        if isinstance(piece, str):
            for name in simple.parse(piece).names:
                yield replace(name, line=line + name.line - 1)


def problems(text: str, engine: Engine, path: Path) -> Iterator[Problem]:
    """Tell the tags in *text*, which stands at *path*, that mean nothing."""
    return islice(_problems(text, engine, path), MAX_FINDINGS + 1)


def joined(texts: Iterable[str], engine: Engine) -> str:
    """Put texts of one engine together so that each keeps its meaning."""
    parts = [text for text in texts if text]
    if engine is Engine.SIMPLE:
        for index, following in enumerate(parts[1:]):
            if parts[index].endswith("{") and following.startswith("{"):
                parts[index] = parts[index][:-1] + simple.escape("{")
    return "".join(parts)


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
    if kind is Kind.GLOSSARY:
        hint = "Write what it says into the text, or into a fragment."
        return Invalid("this registry does not take glossaries yet", hint=hint)
    if kind is not Kind.FRAGMENT:
        return Invalid(f"a text cannot include a {kind}", hint=_HINT)
    return Include(ref=ref, line=line)


def _no_include(text: str, start: int) -> Invalid:
    shown = text[start : start + 40].split("\n", 1)[0]
    return Invalid(f"{shown!r} includes nothing", hint=_HINT)


def _problems(text: str, engine: Engine, path: Path) -> Iterator[Problem]:
    for line, piece in _scan(text):
        if isinstance(piece, Invalid):
            yield Problem(
                path=path, message=str(piece), hint=piece.hint, text_line=line
            )
        elif isinstance(piece, str) and engine is Engine.SIMPLE:
            yield from _tag_problems(piece, line, path)


def _tag_problems(text: str, line: int, path: Path) -> Iterator[Problem]:
    hint = 'Write {{ name }} for a declared input; for literal braces, {{ "{{" }}.'
    while True:
        try:
            simple.parse(text)
        except simple.TemplateInvalid as error:
            line += error.line - 1
            text = text[error.at + 2 :]
            message = str(error)
            yield Problem(path=path, message=message, hint=hint, text_line=line)
        else:
            return
