"""A plain list of words: one word or phrase a line, `#` begins a comment."""

from registry.imports.keywords import keyword_rules, terms_of
from registry.imports.results import Asked, Notes, refused
from registry.imports.rules import guardrail
from registry.names import Ref
from registry.values import Json


def read(text: str, asked: Asked, notes: Notes) -> tuple[tuple[Ref, str], ...]:
    """Raises:
    Invalid: There is no word in it.
    """
    said: list[Json] = [
        line.strip()
        for line in text.splitlines()
        if line.strip() and not line.lstrip().startswith("#")
    ]
    terms = terms_of(said, "", notes)
    if not terms:
        raise refused("there is no word in it", "Write one word or phrase a line.")
    message = (
        "A list says no more than words: they are blocked as whole words, whatever "
        "their case, in input and output, with severity medium."
    )
    notes.add("", message)
    rules = keyword_rules(
        "words",
        "",
        terms,
        taken=set(),
        title="",
        message="A word of a list that was imported was found.",
        severity="medium",
    )
    return (guardrail(rules, f"A list of {len(terms)} words.", asked, notes),)
