"""What a glossary must be beyond what its schema says.

* No two terms or synonyms are the same words, regardless of case and of what stands
  between them.
* What not to say is not itself a term, and in none: whoever says the term would say
  it.
* A term, a synonym and what to avoid have one to eight words.
* Days are days of the calendar, and a term does not end before it begins.
* `[[` and `]]` in a definition come in pairs and hold a name.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import date

from registry.findings import Place, Problem
from registry.glossaries import words_of
from registry.values import Json, Path, quoted

Value = Mapping[str, Json]

MAX_WORDS = 8

_REFERENCE = re.compile(r"\[\[[^\[\]]*\w[^\[\]]*\]\]")


def problems(value: Value, _: Place) -> Iterator[Problem]:
    """Tell what is wrong with the terms, which fit the schema."""
    yield from _length_problems(value)
    yield from _name_problems(value)
    yield from _avoid_problems(value)
    for path, term in _terms(value):
        for problem in (*_day_problems(term), *_reference_problems(term)):
            yield problem.below(path)


def _terms(value: Value) -> Iterator[tuple[Path, Mapping[str, Json]]]:
    listed = value.get("terms")
    for index, term in enumerate(listed if isinstance(listed, list) else ()):
        if isinstance(term, dict):
            yield ("terms", index), term


def _names(value: Value) -> Iterator[tuple[Path, str]]:
    for path, term in _terms(value):
        yield (*path, "term"), str(term.get("term"))
        yield from _listed(path, term, "synonyms")


def _avoided(value: Value) -> Iterator[tuple[Path, str]]:
    for path, term in _terms(value):
        yield from _listed(path, term, "avoid")


def _listed(
    path: Path, term: Mapping[str, Json], part: str
) -> Iterator[tuple[Path, str]]:
    listed = term.get(part)
    for index, name in enumerate(listed if isinstance(listed, list) else ()):
        yield (*path, part, index), str(name)


def _length_problems(value: Value) -> Iterator[Problem]:
    for path, name in (*_names(value), *_avoided(value)):
        words = len(words_of(name))
        if not 0 < words <= MAX_WORDS:
            message = f"{quoted(name)} has {words} words"
            hint = f"Write one to {MAX_WORDS} words, of letters or digits."
            yield Problem(path=path, message=message, hint=hint)


def _name_problems(value: Value) -> Iterator[Problem]:
    taken: dict[tuple[str, ...], str] = {}
    for path, name in _names(value):
        words = words_of(name)
        if words in taken:
            message = f"{quoted(name)} is there already, as {quoted(taken[words])}"
            hint = "Join the two terms, or take one of the names out."
            yield Problem(path=path, message=message, hint=hint)
        taken.setdefault(words, name)


def _avoid_problems(value: Value) -> Iterator[Problem]:
    within: dict[tuple[str, ...], str] = {}
    for _, name in _names(value):
        words = words_of(name)[:MAX_WORDS]
        for start in range(len(words)):
            for end in range(start + 1, len(words) + 1):
                within.setdefault(words[start:end], name)
    for path, name in _avoided(value):
        said = within.get(words_of(name))
        if said is not None:
            message = f"{quoted(name)} is to be avoided, and is said in {quoted(said)}"
            hint = "Take it out of `avoid`, or rename the term."
            yield Problem(path=path, message=message, hint=hint)


def _day_problems(term: Mapping[str, Json]) -> Iterator[Problem]:
    days: dict[str, date] = {}
    for part in ("valid_from", "valid_until"):
        if part not in term:
            continue
        try:
            days[part] = date.fromisoformat(str(term[part]))
        except ValueError:
            message = f"there is no day {term[part]}"
            hint = "Write a day that the calendar has, as 2027-05-01."
            yield Problem(path=(part,), message=message, hint=hint)
    begins, ends = days.get("valid_from"), days.get("valid_until")
    if begins and ends and ends < begins:
        message = f"it ends before it begins, on {begins.isoformat()}"
        hint = "Correct one of the two days."
        yield Problem(path=("valid_until",), message=message, hint=hint)


def _reference_problems(term: Mapping[str, Json]) -> Iterator[Problem]:
    rest = _REFERENCE.sub("", str(term.get("definition")))
    if "[[" in rest or "]]" in rest:
        message = "`[[` and `]]` hold no name, or do not come in pairs"
        hint = "Refer to another term as [[its name]], on one line."
        yield Problem(path=("definition",), message=message, hint=hint)
