"""What changes between two versions of a guardrail mean for who is protected.

* major: it protects less, as `registry.weakening` tells it.
* minor: a rule was added, or does something else and no less than before.
* patch: messages, titles, references, cases, and the order of rules, which
  decides nothing.
"""

from collections.abc import Iterator, Mapping

from registry.bump_reasons import (
    Bump,
    Judge,
    Reason,
    by_name,
    major,
    minor,
    one,
    patch,
)
from registry.documents import Document
from registry.errors import NotFound
from registry.names import Ref
from registry.values import Json, same
from registry.weakening import weakened

_WORDS = {"title", "message", "references"}
"""The parts of a rule that decide nothing."""


def weaker(before: Document, after: Document) -> Iterator[Reason]:
    for weakening in weakened(before, after, was=_no_other, will=_no_other):
        where = f"rule `{weakening.rule}`: " if weakening.rule else ""
        yield major(f"{where}{weakening.sentence}")


def _no_other(ref: Ref) -> Document:
    raise NotFound(f"{ref} is not compared")


def _rules(before: Json, after: Json) -> Iterator[Reason]:
    """Rules that came or are other than they were; weaker ones are told already."""
    was, will = by_name(before, "id"), by_name(after, "id")
    for name in will:
        if name not in was:
            yield minor(f"the rule `{name}` was added")
        elif not same(_deciding(was[name]), _deciding(will[name])):
            yield minor(f"the rule `{name}` decides otherwise")
        elif not same(dict(was[name]), dict(will[name])):
            yield patch(f"what is said about the rule `{name}` changed")
    if was.keys() == will.keys() and list(was) != list(will):
        yield patch("the order of the rules changed")


def _deciding(rule: Mapping[str, Json]) -> dict[str, Json]:
    return {part: rule[part] for part in rule if part not in _WORDS}


JUDGES: dict[str, Judge] = {
    "rules": _rules,
    "cases": one(Bump.PATCH, "the cases changed"),
}
