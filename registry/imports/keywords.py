"""Rules about words, from lists of words."""

from collections.abc import Iterable, Iterator

from registry.imports.naming import rule_id
from registry.imports.results import Notes
from registry.imports.rules import BOTH_WAYS, RuleDraft
from registry.values import Json, quoted

MAX_TERMS = 1_000
MAX_TERM_CHARS = 200


def terms_of(said: Json, where: str, notes: Notes) -> list[str]:
    """The words in a list, each once, without those that are none."""
    found: dict[str, str] = {}
    for one in said if isinstance(said, list) else []:
        word = one.get("keyword") if isinstance(one, dict) else one
        text = str(word).strip() if isinstance(word, (str, int, float)) else ""
        if not text or len(text) > MAX_TERM_CHARS:
            message = (
                f"{quoted(str(word))} is no word or phrase of up to 200 characters."
            )
            notes.add(where, message)
            continue
        if "*" in text:
            message = f"The `*` in {quoted(text)} stands for itself here."
            notes.add(where, message)
        found.setdefault(text.casefold(), text)
    return list(found.values())


def keyword_rules(
    id: str,
    where: str,
    terms: list[str],
    *,
    taken: set[str],
    title: str,
    message: str,
    action: str = "block",
    severity: str = "high",
    stages: tuple[str, ...] = BOTH_WAYS,
    unless: Iterable[str] = (),
    match: str = "word",
) -> Iterator[RuleDraft]:
    """Rules that find *terms*, as many as it takes.

    A term without a letter or digit at an end has no edge of a word there, and is
    looked for within words too.
    """
    whole = [term for term in terms if match == "word" and _has_edges(term)]
    held = set(whole)
    within = [term for term in terms if term not in held]
    held_back = list(unless)
    exceptions: list[Json] = [*held_back]
    for group, how in ((whole, "word"), (within, "substring")):
        for start in range(0, len(group), MAX_TERMS):
            some: list[Json] = [*group[start : start + MAX_TERMS]]
            check: dict[str, Json] = {"type": "keyword", "terms": some, "match": how}
            if exceptions:
                check["unless"] = exceptions
            yield RuleDraft(
                id=rule_id(id, taken),
                where=where,
                title=title,
                stages=stages,
                check=check,
                action=action,
                severity=severity,
                message=message,
                found=[f"It says {term} here." for term in some],
                passed=excepted_texts(held_back, group),
            )


def excepted_texts(exceptions: list[str], terms: list[str]) -> tuple[str, ...]:
    """A text with the first exception that has one of *terms* in it, if any has."""
    for exception in exceptions:
        if any(term.casefold() in exception.casefold() for term in terms):
            return (f"It says {exception} here.",)
    return ()


def _has_edges(term: str) -> bool:
    return term[0].isalnum() and term[-1].isalnum()
