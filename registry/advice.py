"""Advice: what is not wrong in a document, and worth a look all the same.

It depends on the day, on who is there or on judgement, so that nothing is refused
because of it: what was right yesterday can still be activated, and rolled back to.

 * Something is read and not seen: a word of two scripts, a comment, a link that hides
   where it leads and the like (see `registry.hidden_text`).
 * A term of a glossary is told that does not hold on that day, also where a text
   includes the glossary.
 * A text that includes a glossary says what the glossary says not to say.
 * A definition refers to a term that no glossary in the text defines, or not the
   glossary itself: another one may.
 * A `simple` text has tags in it that only `jinja` reads.
 * No guardrail of a bot looks at what the bot answers.
 * A bot's owner, deputy or on-call is nobody who could act.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from registry import glossaries
from registry.bot_rules import REACHABLE
from registry.document_rules import named_in, texts_of
from registry.documents import Document, findings_of
from registry.errors import NotFound
from registry.findings import Problem
from registry.includes import resolve
from registry.mistakes import Finding
from registry.names import Kind, Ref, kind_of, ref
from registry.people import Person
from registry.templates import Engine, find_jinja, includes, pieces
from registry.text_rules import text_advice
from registry.values import Json, Path, quoted

Get = Callable[[Ref], Document]
Place = tuple[Path, int]

_NOWHERE: Place = ((), 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """What is worth a look, and in which document.

    Attributes:
        line: In the document's text; 0 when it concerns the document as a whole.
    """

    document: Ref
    line: int
    message: str
    hint: str


def advise_all(
    refs: Iterable[Ref], get: Get, today: date, people: Mapping[str, Person]
) -> tuple[Advice, ...]:
    """Return what is worth a look in documents that hold together, in their order."""
    return tuple(
        Advice(document=ref, line=one.line, message=one.message, hint=one.hint)
        for ref in refs
        for one in (
            *advise(get(ref), get, today),
            *advise_on_people(get(ref), people),
        )
    )


def advise(document: Document, get: Get, today: date) -> tuple[Finding, ...]:
    """Return what is worth a look in a document without problems.

    Args:
        get: Gives the documents beside it, and raises `NotFound` for what is not there.
    """
    advice = _OF_KIND.get(kind_of(document.ref), _nothing)
    found = [*text_advice(document.value), *advice(document, get, today)]
    return findings_of(document, found)


def advise_on_people(
    document: Document, people: Mapping[str, Person]
) -> tuple[Finding, ...]:
    """Return who answers for a bot and could do nothing about it."""
    if kind_of(document.ref) is not Kind.BOT:
        return ()
    return findings_of(document, _people(document, people))


def _nothing(_: Document, _get: Get, _today: date) -> Iterator[Problem]:
    yield from ()


def _people(bot: Document, people: Mapping[str, Person]) -> Iterator[Problem]:
    hint = "Name somebody active, a person and not a team: `placet people list`."
    for part in REACHABLE:
        handle = str(bot.value.get(part))
        person = people.get(handle)
        said = part.replace("_", "-")
        if person is None:
            message = f"the {said} {handle} is nobody here"
            yield Problem(path=(part,), message=message, hint=hint)
        elif not person.active:
            message = f"the {said} {handle} is not active any more"
            yield Problem(path=(part,), message=message, hint=hint)


def _bot(bot: Document, get: Get, _: date) -> Iterator[Problem]:
    for named in named_in(bot.value):
        if named.kind is Kind.GUARDRAIL:
            try:
                guardrail = get(ref(named.kind, named.name))
            except NotFound:
                return  # which is wrong, and was told
            if any("output" in _stages(rule) for rule in _rules(guardrail)):
                return
    path: Path = ("guardrails",) if "guardrails" in bot.value else ()
    message = "no guardrail looks at what the bot answers"
    hint = "Add one under `guardrails` that has a rule with the stage `output`."
    yield Problem(path=path, message=message, hint=hint)


def _rules(guardrail: Document) -> list[Json]:
    rules = guardrail.value.get("rules")
    return rules if isinstance(rules, list) else []


def _stages(rule: Json) -> list[Json]:
    stages = rule.get("stage") if isinstance(rule, dict) else None
    return stages if isinstance(stages, list) else []


def _glossary(glossary: Document, _: Get, today: date) -> Iterator[Problem]:
    hint = "Take it out, or correct from when until when it holds."
    for one in glossaries.expired(glossary.value, today):
        message = f"the term {quoted(one.term)} {one.why}"
        yield Problem(path=("terms", one.index), message=message, hint=hint)
    hint = "Define it here, unless another glossary of the same text defines it."
    for unknown in glossaries.undefined([glossary.value]):
        message = (
            f"{quoted(unknown.term)} refers to {quoted(unknown.name)}, "
            "which this glossary does not define"
        )
        path: Path = ("terms", unknown.index, "definition")
        yield Problem(path=path, message=message, hint=hint, text_line=unknown.line)


def _text(document: Document, get: Get, today: date) -> Iterator[Problem]:
    yield from _looks_like_jinja(document)
    resolved = resolve(document, get)
    included = [one for one in resolved.fragments if kind_of(one.ref) is Kind.GLOSSARY]
    if resolved.problems or not included:
        return
    places = _places(document)
    for glossary in included:
        yield from _lapsed(glossary, today, places.get(glossary.ref, _NOWHERE))
    for unknown in glossaries.undefined(glossary.value for glossary in included):
        where, line = places.get(included[unknown.glossary].ref, _NOWHERE)
        yield Problem(
            path=where,
            message=f"{quoted(unknown.term)} refers to {quoted(unknown.name)}, "
            "which is not defined",
            hint="Define it, or include the glossary that does.",
            text_line=line,
        )
    avoid = {word: unknown.ref for unknown in included for word in _avoided(unknown)}
    yield from _said(document, avoid)
    for fragment in resolved.fragments:
        for problem in _said(fragment, avoid) if fragment not in included else ():
            path, line = places.get(fragment.ref, _NOWHERE)
            message = f"in {fragment.ref}: {problem.message}"
            yield Problem(path=path, message=message, hint=problem.hint, text_line=line)


def _looks_like_jinja(document: Document) -> Iterator[Problem]:
    if document.value["template"] != Engine.SIMPLE:
        return  # under `none` it may be meant to be read
    for path, text in texts_of(document.value):
        line = find_jinja(text)
        if line is not None:
            message = "this looks like jinja, and would be said as it stands"
            hint = "Say `template: jinja`, unless a model is meant to read the tags."
            yield Problem(path=path, message=message, hint=hint, text_line=line)


def _lapsed(glossary: Document, today: date, place: Place) -> Iterator[Problem]:
    hint = f"Mend {glossary.ref}; its text is put in as it is written."
    for one in glossaries.expired(glossary.value, today):
        message = f"{quoted(one.term)} of {glossary.ref} {one.why}"
        yield Problem(path=place[0], message=message, hint=hint, text_line=place[1])


def _said(document: Document, avoid: Mapping[str, Ref]) -> Iterator[Problem]:
    for path, text in texts_of(document.value):
        own = "".join(piece for piece in pieces(text) if isinstance(piece, str))
        for word, line in glossaries.used(avoid, own).items():
            message = f"{quoted(word)} is said, which {avoid[word]} says to avoid"
            hint = "Say what the glossary says instead."
            yield Problem(path=path, message=message, hint=hint, text_line=line)


def _avoided(glossary: Document) -> Iterator[str]:
    for term in glossaries.terms(glossary.value):
        yield from term.avoid


def _places(document: Document) -> dict[Ref, Place]:
    """Where a document itself includes others."""
    return {
        include.ref: (path, include.line)
        for path, text in texts_of(document.value)
        for include in includes(text)
    }


_OF_KIND: dict[Kind, Callable[[Document, Get, date], Iterator[Problem]]] = {
    Kind.BOT: _bot,
    Kind.FRAGMENT: _text,
    Kind.GLOSSARY: _glossary,
    Kind.PROMPT: _text,
}
