"""Includes: the texts of a prompt or fragment with others put into them.

* A fragment's text takes the place of `{{> fragments/NAME }}`, a glossary's that of
  `{{> glossaries/NAME }}`, at most five deep, never in a circle, and never more than
  a megabyte of text for one document; of `jinja`, which takes longer to read, 128 KiB.
* A text of engine `none` stays literal: in a template its braces are escaped.  A
  `simple` fragment needs a `simple` or `jinja` prompt around it, a `jinja` fragment
  a `jinja` one.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from registry import glossaries
from registry.document_rules import texts_of
from registry.documents import Document
from registry.errors import NotFound
from registry.findings import Problem
from registry.names import Kind, Ref, kind_of
from registry.templates import Engine, Include, converted, joined, pieces, takes
from registry.values import Path

MAX_DEPTH = 5
MAX_CHARS = 2**20
MAX_JINJA_CHARS = 2**17


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolved:
    """The texts of a document as they are served.

    Attributes:
        texts: By their path in the document.
        fragments: Every fragment and glossary in them, however deep, sorted.
        problems: What could not be put in; the texts then mean nothing.
    """

    texts: Mapping[Path, str]
    fragments: tuple[Document, ...]
    problems: tuple[Problem, ...]


def resolve(document: Document, get: Callable[[Ref], Document]) -> Resolved:
    """Put what they include into the texts of a prompt or fragment.

    Args:
        get: Gives documents of one set, and raises `NotFound` for what is not in it.
    """
    resolver = _Resolver(document, get)
    texts = {
        path: resolver.text_at(path, text) for path, text in texts_of(document.value)
    }
    found = resolver.fragments
    return Resolved(
        texts=texts,
        fragments=tuple(found[ref] for ref in sorted(found)),
        problems=tuple(resolver.problems),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Text:
    """A text with everything put in; *depth* of one that includes nothing is 0."""

    text: str
    depth: int


_NOTHING = _Text(text="", depth=0)


class _Resolver:
    """Resolves the includes of one document, each fragment once."""

    def __init__(self, root: Document, get: Callable[[Ref], Document]) -> None:
        self.problems: list[Problem] = []
        self.fragments: dict[Ref, Document] = {}
        self._root = root
        self._get = get
        self._engine = _engine(root)
        self._most = MAX_JINJA_CHARS if self._engine is Engine.JINJA else MAX_CHARS
        self._done: dict[Ref, _Text] = {}
        self._open = [root.ref]
        self._chars = 0
        self._path: Path = ()
        self._line = 0

    def text_at(self, path: Path, text: str) -> str:
        self._path = path
        whole = self._put_together(self._root, text).text
        self._chars += len(whole)
        if self._chars > self._most:
            self._too_long()
            return ""
        return whole

    def _put_together(self, owner: Document, text: str) -> _Text:
        engine = _engine(owner)
        parts: list[str] = []
        depth = chars = 0
        for piece in pieces(text):
            if isinstance(piece, Include):
                inner = self._included(owner, piece)
                depth = max(depth, inner.depth + 1)
                parts.append(inner.text)
            else:
                parts.append(converted(piece, engine, to=self._engine))
            chars += len(parts[-1])
            if chars > self._most:
                self._too_long()
                return _NOTHING
        return _Text(text=joined(parts, self._engine), depth=depth)

    def _included(self, owner: Document, include: Include) -> _Text:
        ref = include.ref
        if owner is self._root:
            self._line = include.line
        if ref in self._open:
            circle = " -> ".join([*self._open[self._open.index(ref) :], ref])
            hint = "Take one of these includes out."
            return self._problem(f"{ref} includes itself: {circle}", hint)
        done = self._done.get(ref) or self._read(owner, ref)
        if len(self._open) + done.depth > MAX_DEPTH:
            chain = " -> ".join([*self._open, ref])
            hint = "Write some of the fragments out."
            return self._problem(f"includes more than {MAX_DEPTH} deep: {chain}", hint)
        return done

    def _read(self, owner: Document, ref: Ref) -> _Text:
        if len(self._open) > MAX_DEPTH:
            return _NOTHING  # too deep, as `_included` will find
        try:
            document = self._get(ref)
        except NotFound:
            hint = f"Correct the name, or add the {kind_of(ref)} to the same change."
            return self._problem(f"{ref} does not exist; {owner.ref} includes it", hint)
        engine = _engine(document)
        if not takes(self._engine, engine):
            hint = f"Say `template: {engine}` in {self._root.ref}."
            return self._problem(
                f"{ref} is a `{engine}` template, this document is not", hint
            )
        self.fragments[ref] = document
        if kind_of(ref) is Kind.GLOSSARY:
            text = converted(
                glossaries.text_of(document.value), engine, to=self._engine
            )
            self._done[ref] = _Text(text=text, depth=0)
            return self._done[ref]
        self._open.append(ref)
        self._done[ref] = self._put_together(document, str(document.value["text"]))
        self._open.pop()
        return self._done[ref]

    def _too_long(self) -> None:
        hint = "Include less, or split the document."
        self._problem(f"with its includes it has over {self._most:,} characters", hint)

    def _problem(self, message: str, hint: str) -> _Text:
        self.problems.append(
            Problem(path=self._path, message=message, hint=hint, text_line=self._line)
        )
        return _NOTHING


def _engine(document: Document) -> Engine:
    return Engine(str(document.value.get("template", Engine.NONE)))
