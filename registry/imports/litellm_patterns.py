"""LiteLLM's `patterns.json`: named regular expressions.

LiteLLM matches them whatever the case.  A `keyword_pattern` has to be found near by.
Which action a pattern has, the configuration of a proxy says: where the file does
not, block is taken.
"""

from collections.abc import Iterator

from registry.imports.foreign_yaml import parse, parse_json
from registry.imports.litellm import action_of
from registry.imports.naming import rule_id
from registry.imports.patterns import pattern_rule
from registry.imports.results import Asked, Notes, refused
from registry.imports.rules import RuleDraft, guardrail
from registry.names import Ref
from registry.values import Json


def read(text: str, asked: Asked, notes: Notes) -> tuple[tuple[Ref, str], ...]:
    """Raises:
    Invalid: There are no patterns in it, or none can be carried over.
    """
    value = parse_json(text) if text.lstrip().startswith("{") else parse(text)
    said = value.get("patterns") if isinstance(value, dict) else None
    if not isinstance(said, list) or not said:
        raise refused("it has no `patterns`", "Is it LiteLLM's patterns.json?")
    message = "The file does not say when it runs: it is for input and output here."
    notes.add("", message)
    description = f"Patterns that LiteLLM looks for, {len(said)} in the file."
    return (guardrail(_rules(said, notes), description, asked, notes),)


def _rules(said: list[Json], notes: Notes) -> Iterator[RuleDraft]:
    taken: set[str] = set()
    for index, one in enumerate(said):
        pattern = one.get("pattern") if isinstance(one, dict) else None
        if not isinstance(one, dict) or not isinstance(pattern, str):
            notes.add(f"patterns[{index}]", "It has no `pattern`.")
            continue
        name = str(one.get("name") or f"pattern-{index + 1}")
        if "action" not in one:
            message = "Patterns without an action of their own block here."
            notes.add("patterns", message)
        id = rule_id(name, taken)
        if one.get("allow_word_numbers"):
            notes.add_of(id, "Numbers that are written as words are not found here.")
        draft = pattern_rule(
            id,
            name,
            pattern,
            notes,
            title=str(one.get("display_name") or ""),
            message=str(one.get("description") or name),
            action=action_of(one.get("action", "BLOCK"), name, notes),
            context=str(one.get("keyword_pattern") or ""),
        )
        if draft is not None:
            yield draft
