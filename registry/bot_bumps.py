"""What changes between two versions of a bot mean for whoever runs it.

 * major: a role was removed or given to another document; a tool was removed, or
   has another schema; a source or a step was removed, or a step calls another
   prompt.
 * minor: a role, tool, source or step was added; a range moved; the disclosure,
   the fallback or a budget changed.
 * patch: people, dates, purposes, measures of success, and what tools are for.

Another document in a role is major because nobody can tell from the bot what the
new one asks of callers; who can, gives it a higher version of the same document.
"""

from collections.abc import Iterator, Mapping
from functools import partial

from registry.bump_reasons import (
    Bump,
    Judge,
    Reason,
    judge_listed,
    major,
    minor,
    one,
    patch,
    shown,
)
from registry.parts import as_mapping
from registry.values import Json, same

APPOINTED = ("deputy", "risk_partner", "on_call", "responsible")
"""Who answers for something of a bot besides its owner."""


def name_in_role(said: Json) -> str:
    """The document that a role names, with a range or without."""
    return str(said.get("name")) if isinstance(said, dict) else str(said)


def _roles(before: Json, after: Json, *, what: str) -> Iterator[Reason]:
    was, will = as_mapping(before), as_mapping(after)
    for role in was:
        if role not in will:
            yield major(f"the {what} role `{role}` was removed")
        elif name_in_role(was[role]) != name_in_role(will[role]):
            name = name_in_role(will[role])
            yield major(f"the {what} role `{role}` went to {name}")
        elif not same(was[role], will[role]):
            yield minor(f"the {what} role `{role}` accepts other versions")
    for role in will:
        if role not in was:
            yield minor(f"the {what} role `{role}` was added")


def _tool(was: Mapping[str, Json], will: Mapping[str, Json]) -> Iterator[Reason]:
    name, old = shown(was["name"]), was.get("schema_digest")
    if not same(old, will.get("schema_digest")):
        yield (
            minor(f"the schema of the tool `{name}` was pinned")
            if old is None
            else major(f"the tool `{name}` has another schema")
        )
    if not same({**was, "schema_digest": 0}, {**will, "schema_digest": 0}):
        yield patch(f"what is said about the tool `{name}` changed")


def _source(was: Mapping[str, Json], will: Mapping[str, Json]) -> Iterator[Reason]:
    name = shown(was["name"])
    if not same(was.get("fresh_within"), will.get("fresh_within")):
        yield minor(f"the source `{name}` may have another age")
    else:
        yield patch(f"the source `{name}` has another owner")


def _step(was: Mapping[str, Json], will: Mapping[str, Json]) -> Iterator[Reason]:
    name = shown(was["name"])
    if not same(was.get("prompt"), will.get("prompt")):
        yield major(f"the step `{name}` calls another prompt")
    else:
        yield minor(f"the step `{name}` comes after other steps")


def _said(what: str, _: Json, after: Json) -> Iterator[Reason]:
    if after is None:
        yield major(f"the {what} was removed")
    else:
        yield minor(f"the {what} changed")


JUDGES: dict[str, Judge] = {
    "prompts": partial(_roles, what="prompt"),
    "guardrails": partial(_roles, what="guardrail"),
    "bindings": partial(_roles, what="model"),
    "tools": partial(judge_listed, what="tool", key="name", became=_tool),
    "sources": partial(judge_listed, what="source", key="name", became=_source),
    "steps": partial(judge_listed, what="step", key="name", became=_step),
    "disclosure": partial(_said, "disclosure"),
    "fallback": partial(_said, "fallback"),
    "budgets": one(Bump.MINOR, "a budget changed"),
    "purpose": one(Bump.PATCH, "the purpose changed"),
    "audience": one(Bump.PATCH, "the audience changed"),
    "success": one(Bump.PATCH, "the measure of success changed"),
    **dict.fromkeys(APPOINTED, one(Bump.PATCH, "somebody else answers for something")),
}
