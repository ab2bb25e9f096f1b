"""Checks over a set of documents: whether they agree with each other.

 * What a document includes is there, at most five deep, and never in a circle.
 * A text uses only declared inputs, also the text that is included; a prompt and a
   fragment declare the inputs of every fragment in them.
 * What a bot or a binding names is there, in versions that it accepts.
 * A binding's fallbacks keep what the binding promises.
 * Each case of a prompt gives inputs that fit, and what it expects comes true.
 * Each case of a guardrail triggers or passes, as it says.

Each document is right in itself already: `registry.documents` saw to that.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from registry import binding_checks, composition, guardrail_cases
from registry.cases import problems as case_problems
from registry.document_rules import texts_of
from registry.documents import Document, findings_of
from registry.findings import Problem
from registry.includes import Resolved, resolve
from registry.inputs import (
    declared,
    fragment_problems,
    jinja_name_problem,
    name_problem,
)
from registry.mistakes import Finding
from registry.names import Kind, Ref, kind_of
from registry.templates import Engine, names, problems


def check(
    documents: Mapping[Ref, Document], get: Callable[[Ref], Document]
) -> tuple[tuple[Ref, Finding], ...]:
    """Return what is wrong with *documents*, sorted by document and line.

    Args:
        get: Gives each document as it will be, of *documents* and of the rest, and
            raises `NotFound` for what will not be there.
    """
    return tuple(
        (ref, finding)
        for ref in sorted(documents)
        for finding in findings_of(documents[ref], _problems(documents[ref], get))
    )


def check_partly(
    document: Document, version_of: Callable[[Ref], str]
) -> tuple[Finding, ...]:
    """What is wrong with *document*, as far as versions of what it uses can tell.

    Args:
        version_of: Raises `NotFound` for what will not be there.
    """
    found = list(composition.range_problems(document, version_of))
    if kind_of(document.ref) in {Kind.PROMPT, Kind.FRAGMENT}:
        found += _own_name_problems(document)
    return findings_of(document, found)


def _problems(document: Document, get: Callable[[Ref], Document]) -> Iterator[Problem]:
    yield from composition.range_problems(document, lambda ref: get(ref).version)
    check_kind = _OF_KIND.get(kind_of(document.ref))
    if check_kind is not None:
        yield from check_kind(document, get)


def _text_problems(
    document: Document, get: Callable[[Ref], Document]
) -> Iterator[Problem]:
    resolved = resolve(document, get)
    yield from resolved.problems
    if resolved.problems:
        return
    found = list(_declaration_problems(document, resolved))
    found += _own_name_problems(document)
    found = found or list(_included_name_problems(document, resolved))
    yield from found
    if not found:
        yield from case_problems(document, resolved.texts)


def _declaration_problems(document: Document, resolved: Resolved) -> Iterator[Problem]:
    inputs = declared(document.value)
    for fragment in resolved.fragments:
        theirs = declared(fragment.value)
        for message, hint in fragment_problems(inputs, fragment.ref, theirs):
            yield Problem(path=("inputs",), message=message, hint=hint)


def _own_name_problems(document: Document) -> Iterator[Problem]:
    """A name is told once, on the first line that uses it."""
    engine = _engine(document)
    wrong_of = _NAME_PROBLEM[engine]
    told: set[str] = set()
    for path, text in texts_of(document.value):
        for name in names(text, engine):
            wrong = wrong_of(name, declared(document.value))
            if wrong and str(name) not in told:
                told.add(str(name))
                yield Problem(
                    path=path, message=wrong[0], hint=wrong[1], text_line=name.line
                )


def _included_name_problems(
    document: Document, resolved: Resolved
) -> Iterator[Problem]:
    """What a fragment takes from an input may not be there in what includes it."""
    engine = _engine(document)
    wrong_of = _NAME_PROBLEM[engine]
    for path, text in resolved.texts.items():
        if engine is Engine.JINJA and resolved.fragments:
            found = tuple(problems(text, engine, path))
            yield from (replace(one, text_line=0) for one in found)
            if found:
                continue
        for name in names(text, engine):
            wrong = wrong_of(name, declared(document.value))
            if wrong:
                message = f"in an included text: {wrong[0]}"
                yield Problem(path=path, message=message, hint=wrong[1])


def _engine(document: Document) -> Engine:
    return Engine(str(document.value["template"]))


_NAME_PROBLEM = {
    Engine.NONE: name_problem,
    Engine.SIMPLE: name_problem,
    Engine.JINJA: jinja_name_problem,
}
_OF_KIND: dict[
    Kind, Callable[[Document, Callable[[Ref], Document]], Iterator[Problem]]
] = {
    Kind.PROMPT: _text_problems,
    Kind.FRAGMENT: _text_problems,
    Kind.BINDING: binding_checks.problems,
    Kind.GUARDRAIL: guardrail_cases.problems,
}
