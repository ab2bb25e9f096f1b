"""Guardrails in words: what each rule did before an edit, and what it will do.

* Of every rule that is not exactly as it was one thing is told: what it looks at,
  what it looks for, and what is done then, before and after.
* How it protects less stands with it, as `registry.weakening` tells it.
* A rule that is otherwise the same under a new id is the same rule.
* A pattern is not told in words: nobody could, and half of it would be a lie.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from registry.documents import Document
from registry.errors import NotFound
from registry.guardrail_rules import replacement
from registry.names import Ref
from registry.parts import Part, as_text, entries, mapping, mappings, texts
from registry.values import Json, quoted, same
from registry.weakening import paired, weakened

MAX_LISTED = 6
"""Of words that are looked for."""

_STAGES = {
    "input": "what a customer writes",
    "output": "what the bot answers",
    "retrieval": "what was looked up",
    "tool_call": "what the bot asks of a tool",
    "tool_result": "what a tool gives back",
}
_ACTIONS = {
    "block": "it is held back",
    "escalate": "a person takes over",
    "flag": "it is only noted, and goes on",
}
_WORDS = ("id", "title", "message", "references")


class Became(StrEnum):
    """What became of a rule."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    REWORDED = "reworded"


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleDifference:
    """A rule that an edit touches.

    Attributes:
        rule: Its id; that of before if it has another one.
        title: Its heading, as it is now; empty without one.
        became: `reworded` if it decides what it decided.
        before: What it did, in a sentence; `None` if it was not there.
        after: What it will do; `None` if it is removed.
        weaker: How it protects less, in sentences that call it `it`.
    """

    rule: str
    title: str
    became: Became
    before: str | None
    after: str | None
    weaker: tuple[str, ...]


def rules_that_differ(
    before: Document | None, after: Document | None
) -> tuple[RuleDifference, ...]:
    """Those that protect less first, then by what became of them.

    Args:
        before: A guardrail; `None` if it was not there.
        after: The same as proposed; `None` if it is deleted.
    """
    was, will = (one.value if one else {} for one in (before, after))
    less = dict(_less(before, after)) if before else {}
    found = list(_were(was, will, less))
    kept = {id(other) for _, other in paired(was, will)}
    for rule in mappings(will, "rules"):
        if id(rule) not in kept:
            found.append(_told(Became.ADDED, None, rule, ()))
    order = list(Became)
    return tuple(
        sorted(found, key=lambda one: (not one.weaker, order.index(one.became)))
    )


def in_words(rule: Part) -> str:
    """What *rule* does, in a sentence or two."""
    looks = " or ".join(_STAGES[str(stage)] for stage in entries(rule, "stage"))
    acts = _ACTIONS.get(str(rule["action"]))
    if acts is None:
        put = replacement(rule).replace("{id}", str(rule["id"]))
        acts = f"{quoted(put)} takes the place of what was found"
    told = f"If {looks} {_check(mapping(rule, 'check'))}, {acts}."
    if rule.get("on_error") == "allow":
        told += " What cannot be checked passes."
    return f"{told} Severity {rule['severity']}."


def _less(before: Document, after: Document | None) -> Iterator[tuple[str, list[str]]]:
    if after is None:
        for rule in mappings(before.value, "rules"):
            yield str(rule["id"]), ["it is removed"]
        return
    told: dict[str, list[str]] = {}
    for one in weakened(before, after, was=_no_other, will=_no_other):
        told.setdefault(one.rule or "", []).append(one.sentence)
    yield from told.items()


def _no_other(ref: Ref) -> Document:
    raise NotFound(f"{ref} is not compared")


def _were(
    was: Part, will: Part, less: Mapping[str, list[str]]
) -> Iterator[RuleDifference]:
    for rule, other in paired(was, will):
        weaker = tuple(less.get(str(rule["id"]), ()))
        if other is None:
            yield _told(Became.REMOVED, rule, None, weaker)
        elif weaker or not same(_deciding(rule), _deciding(other)):
            yield _told(Became.CHANGED, rule, other, weaker)
        elif not same(rule, other):
            yield _told(Became.REWORDED, rule, other, ())


def _deciding(rule: Part) -> dict[str, Json]:
    return {part: rule[part] for part in rule if part not in _WORDS}


def _told(
    became: Became, before: Part | None, after: Part | None, weaker: tuple[str, ...]
) -> RuleDifference:
    one = after or before or {}
    return RuleDifference(
        rule=str((before or one)["id"]),
        title=as_text(one.get("title")),
        became=became,
        before=in_words(before) if before else None,
        after=in_words(after) if after else None,
        weaker=weaker,
    )


def _check(check: Part) -> str:
    return _OF_TYPE[str(check["type"])](check)


def _keyword(check: Part) -> str:
    told = f"says {_listed(texts(check, 'terms'))}"
    if near := texts(mapping(check, "near"), "terms"):
        told += f" near {_listed(near)}"
    if unless := texts(check, "unless"):
        told += f", except in {_listed(unless)}"
    return told


def _pii(check: Part) -> str:
    kinds = [one.replace("_", " ").lower() for one in texts(check, "entities")]
    return f"has personal data ({', '.join(kinds)})"


def _length(check: Part) -> str:
    least, most = check.get("min"), check.get("max")
    bounds = [f"fewer than {least:,}"] if isinstance(least, int) else []
    bounds += [f"more than {most:,}"] if isinstance(most, int) else []
    unit = {"chars": "characters"}.get(str(check["unit"]), str(check["unit"]))
    return f"has {' or '.join(bounds)} {unit}"


def _tool_call(check: Part) -> str:
    tools = ", ".join(texts(check, "tools"))
    denied = tools if check["decision"] == "deny" else f"any tool but {tools}"
    return f"is a call of {denied}{', by its arguments' if check.get('args') else ''}"


def _group(joined: str) -> Callable[[Part], str]:
    def told(check: Part) -> str:
        return f" {joined} ".join(map(_check, mappings(check, "checks")))

    return told


def _listed(words: list[str]) -> str:
    told = ", ".join(map(quoted, words[:MAX_LISTED]))
    more = len(words) - MAX_LISTED
    return f"{told} or one of {more} more" if more > 0 else told


_OF_TYPE: dict[str, Callable[[Part], str]] = {
    "regex": lambda _: "matches its pattern",
    "keyword": _keyword,
    "pii": _pii,
    "secret": lambda _: "has a credential",
    "length": _length,
    "json_schema": lambda _: "does not fit its schema",
    "url_allowlist": lambda check: (
        f"links elsewhere than to {', '.join(texts(check, 'domains'))}"
    ),
    "language": lambda check: (
        f"is in no language of {', '.join(texts(check, 'allowed'))}"
    ),
    "hidden_text": lambda _: "hides characters",
    "tool_call": _tool_call,
    "any_of": _group("or"),
    "all_of": _group("and"),
    "external": lambda check: f"is found by the engine {check['engine']}",
}
