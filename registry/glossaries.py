"""Glossaries: what the business's own words mean.

* What an include puts into a text is the whole glossary, as it is written: it does
  not depend on the day, because what is composed keeps its digest for ever.
* A term holds from `valid_from` until `valid_until`, both days included, unless it
  is retired.  Whether it still does is asked about a day.
* `[[fare]]` in a definition refers to a term, or to a synonym of one.
* Words are compared regardless of case, whole, whatever stands between them.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from registry.values import Json

_REFERENCE = re.compile(r"\[\[([^\[\]]*)\]\]")
_WORD = re.compile(r"\w+")

Words = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """Attributes:
    definition: In one line; references are written out.
    refers: What the definition refers to; *lines*, on which lines as written.
    """

    term: str
    definition: str
    refers: tuple[str, ...]
    lines: tuple[int, ...]
    synonyms: tuple[str, ...]
    avoid: tuple[str, ...]
    valid_from: date | None
    valid_until: date | None
    retired: bool

    @property
    def names(self) -> tuple[str, ...]:
        return (self.term, *self.synonyms)


@dataclass(frozen=True, slots=True, kw_only=True)
class Expired:
    """A term that does not hold, and *why*: `expired on 2026-12-31`."""

    term: str
    index: int
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Undefined:
    """A name that is referred to and defined nowhere.

    Attributes:
        term: Whose definition refers to it: the one at *index* of the *glossary*.
        line: Within the definition as it is written, from 1.
    """

    term: str
    name: str
    glossary: int
    index: int
    line: int


def terms(value: Mapping[str, Json]) -> tuple[Term, ...]:
    """Return the terms of a glossary's value, which must be right in itself."""
    listed = value.get("terms")
    return tuple(_term(one) for one in (listed if isinstance(listed, list) else ()))


def text_of(value: Mapping[str, Json]) -> str:
    """Return the literal text that an include puts into a prompt."""
    return "\n".join(line for term in terms(value) for line in _lines(term))


def expired(value: Mapping[str, Json], today: date) -> tuple[Expired, ...]:
    """Return the terms that do not hold on a day."""
    found = ((i, term, _why(term, today)) for i, term in enumerate(terms(value)))
    return tuple(
        Expired(term=term.term, index=index, why=why)
        for index, term, why in found
        if why is not None
    )


def undefined(values: Iterable[Mapping[str, Json]]) -> tuple[Undefined, ...]:
    """Return what definitions in these glossaries refer to and none of them defines."""
    known = [
        (glossary, index, term)
        for glossary, value in enumerate(values)
        for index, term in enumerate(terms(value))
    ]
    defined = {words_of(name) for _, _, term in known for name in term.names}
    return tuple(
        Undefined(term=term.term, name=name, glossary=glossary, index=index, line=line)
        for glossary, index, term in known
        for name, line in zip(term.refers, term.lines, strict=True)
        if words_of(name) not in defined
    )


def used(phrases: Iterable[str], text: str) -> dict[str, int]:
    """Return which of *phrases* stand in *text*, and on which line first."""
    wanted: dict[int, dict[Words, str]] = {}
    for phrase in phrases:
        words = words_of(phrase)
        if words:
            wanted.setdefault(len(words), {}).setdefault(words, phrase)
    said = [(word[0].casefold(), word.start()) for word in _WORD.finditer(text)]
    found: dict[str, int] = {}
    for length, among in wanted.items():
        for at, run in enumerate(_runs([word for word, _ in said], length)):
            one = among.get(run)
            if one is not None and one not in found:
                found[one] = text.count("\n", 0, said[at][1]) + 1
    return found


def words_of(phrase: str) -> Words:
    """How a word, or a few, are compared."""
    return tuple(word.casefold() for word in _WORD.findall(phrase))


def _runs(words: list[str], length: int) -> Iterator[Words]:
    return zip(*(words[skipped:] for skipped in range(length)), strict=False)


def _term(said: Json) -> Term:
    value = said if isinstance(said, dict) else {}
    written = str(value["definition"])
    definition = " ".join(written.split())
    return Term(
        term=str(value["term"]),
        definition=_REFERENCE.sub(r"\1", definition),
        refers=tuple(_REFERENCE.findall(definition)),
        lines=tuple(
            written.count("\n", 0, found.start()) + 1
            for found in _REFERENCE.finditer(written)
        ),
        synonyms=_texts(value.get("synonyms")),
        avoid=_texts(value.get("avoid")),
        valid_from=_day(value.get("valid_from")),
        valid_until=_day(value.get("valid_until")),
        retired=value.get("status") == "retired",
    )


def _texts(said: Json) -> tuple[str, ...]:
    return tuple(map(str, said)) if isinstance(said, list) else ()


def _day(said: Json) -> date | None:
    return None if said is None else date.fromisoformat(str(said))


def _lines(term: Term) -> Iterator[str]:
    retired = " (no longer used)" if term.retired else ""
    yield f"- {term.term}{retired}: {term.definition}"
    if term.synonyms:
        yield "  Also called: " + ", ".join(term.synonyms)
    if term.avoid:
        yield "  Do not say: " + ", ".join(term.avoid)


def _why(term: Term, today: date) -> str | None:
    if term.retired:
        return "is retired"
    if term.valid_until is not None and term.valid_until < today:
        return f"expired on {term.valid_until.isoformat()}"
    if term.valid_from is not None and term.valid_from > today:
        return f"holds only from {term.valid_from.isoformat()}"
    return None
