"""The schema's help: what a kind of document may say, member by member."""

import html
from collections.abc import Iterator, Mapping
from typing import Any

from ui.parts.text import shown, shown_line

DEEPEST = 3
_TYPES = {
    "string": "text",
    "integer": "whole number",
    "number": "number",
    "boolean": "true or false",
    "array": "list",
    "object": "members",
}
_LIMITS = (
    ("maxLength", "at most {} characters"),
    ("minItems", "at least {} entries"),
    ("maxItems", "at most {} entries"),
    ("minimum", "{} or more"),
    ("maximum", "{} or less"),
)


def members(schema: Mapping[str, Any]) -> str:
    """HTML of all members; what is within one opens below it."""
    rows = "".join(_members(schema, schema, 0))
    return (
        f'<p class="tight muted">{_sentence(schema)}</p><ul class="members">{rows}</ul>'
    )


def _members(
    schema: Mapping[str, Any], whole: Mapping[str, Any], depth: int
) -> Iterator[str]:
    required = set(schema.get("required", ()))
    found: Mapping[str, Any] = schema.get("properties", {})
    for name in sorted(found, key=lambda one: one not in required):
        member = _resolved(found[name], whole)
        must = ', <strong class="must">required</strong>' if name in required else ""
        within = "".join(_within(member, whole, depth + 1)) if depth < DEEPEST else ""
        if within:
            within = (
                f"<details><summary>What is in {shown_line(name)}</summary>"
                f'<ul class="members">{within}</ul></details>'
            )
        yield (
            f'<li><code class="member">{shown(name)}</code> '
            f'<span class="muted">{_type(member)}</span>{must}<br>{_sentence(member)}'
            f"{_allowed(member)}{within}</li>"
        )


def _sentence(schema: Mapping[str, Any]) -> str:
    """Its description, in which `words` between backticks are code."""
    pieces = shown_line(str(schema.get("description", ""))).split("`")
    return "".join(
        f"<code>{piece}</code>" if number % 2 else piece
        for number, piece in enumerate(pieces)
    )


def _within(
    member: Mapping[str, Any], whole: Mapping[str, Any], depth: int
) -> Iterator[str]:
    """The members of a mapping, of a list's entries, or of a mapping's values."""
    for part in (member, member.get("items"), member.get("additionalProperties")):
        if not isinstance(part, Mapping):
            continue
        part = _resolved(part, whole)
        for one in (part, part.get("then"), part.get("else")):
            if isinstance(one, Mapping):
                yield from _members(one, whole, depth)
        for one in (*part.get("oneOf", ()), *part.get("anyOf", ())):
            yield from _members(_resolved(one, whole), whole, depth)


def _type(member: Mapping[str, Any]) -> str:
    type = member.get("type")
    if "enum" in member or "const" in member:
        return "one of these" if "enum" in member else "always the same"
    types = type if isinstance(type, list) else [type]
    return " or ".join(_TYPES.get(str(one), "") for one in types if one)


def _allowed(member: Mapping[str, Any]) -> str:
    told = []
    if "enum" in member:
        told.append(", ".join(f"<code>{shown(str(o))}</code>" for o in member["enum"]))
    if "const" in member:
        told.append(f"<code>{shown(str(member['const']))}</code>")
    limits = [words.format(member[key]) for key, words in _LIMITS if key in member]
    told += [html.escape(", ".join(limits))] if limits else []
    return f'<br><span class="muted">{"; ".join(told)}</span>' if told else ""


def _resolved(member: object, whole: Mapping[str, Any]) -> Mapping[str, Any]:
    if not isinstance(member, Mapping):
        return {}
    if "$ref" not in member:
        return member
    found: Any = whole
    for part in str(member["$ref"]).removeprefix("#/").split("/"):
        found = found.get(part, {})
    return {**found, **{key: one for key, one in member.items() if key != "$ref"}}
