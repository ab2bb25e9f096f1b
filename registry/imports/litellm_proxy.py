"""The `guardrails:` of a LiteLLM proxy's configuration.

* `litellm_content_filter`: its own patterns and blocked words.  Prebuilt patterns
  and categories are in other files.
* `tool_permission`: tools that may be called, and tools that may not.
* Every other guardrail calls a service or code, and is told.
"""

from collections.abc import Iterator

from registry.imports.foreign_yaml import parse_mapping
from registry.imports.keywords import keyword_rules, terms_of
from registry.imports.litellm import action_of
from registry.imports.litellm_tools import tool_rules
from registry.imports.naming import rule_id
from registry.imports.patterns import pattern_rule
from registry.imports.results import Asked, Notes, but, refused
from registry.imports.rules import RuleDraft, guardrail
from registry.names import Ref
from registry.parts import as_mapping, entries
from registry.values import Json

_STAGES = {"pre_call": "input", "during_call": "input", "post_call": "output"}


def read(text: str, asked: Asked, notes: Notes) -> tuple[tuple[Ref, str], ...]:
    """Raises:
    Invalid: It has no guardrails, or none that can be carried over.
    """
    head = parse_mapping(text)
    said = head.get("guardrails")
    if not isinstance(said, list) or not said:
        raise refused("it has no `guardrails`", "Models of a proxy are not imported.")
    for key in but(head, {"guardrails"}):
        notes.add(key, "It is no rule, and was not read.")
    drafts = _Guardrails(notes).rules(said)
    description = "Guardrails of a LiteLLM proxy."
    return (guardrail(drafts, description, asked, notes),)


class _Guardrails:
    def __init__(self, notes: Notes) -> None:
        self._notes = notes
        self._taken: set[str] = set()

    def rules(self, said: list[Json]) -> Iterator[RuleDraft]:
        for one in said:
            whole = as_mapping(one)
            name = str(whole.get("guardrail_name", "guardrail"))[:60]
            params = as_mapping(whole.get("litellm_params"))
            kind = str(params.get("guardrail"))[:80]
            if kind == "litellm_content_filter":
                yield from self._filter(name, params)
            elif kind == "tool_permission":
                yield from tool_rules(name, params, self._taken, self._notes)
            else:
                message = f"It runs {kind}, a service or code; nothing is run here."
                self._notes.add(name, message)

    def _filter(self, name: str, params: dict[str, Json]) -> Iterator[RuleDraft]:
        stages = self._stages(name, params.get("mode"))
        if params.get("categories"):
            message = "Its categories are files of their own: import those."
            self._notes.add(f"{name}/categories", message)
        for index, one in enumerate(entries(params, "patterns")):
            yield from self._pattern(
                f"{name}/patterns[{index}]", as_mapping(one), stages
            )
        groups: dict[str, list[Json]] = {}
        where = f"{name}/blocked_words"
        for one in entries(params, "blocked_words"):
            action = action_of(
                as_mapping(one).get("action", "BLOCK"), where, self._notes
            )
            groups.setdefault(action, []).append(one)
        for action, words in groups.items():
            yield from keyword_rules(
                f"{name}-words-{action}",
                where,
                terms_of(words, where, self._notes),
                taken=self._taken,
                title=f"{name}: blocked words",
                message="A word that is not allowed was found.",
                action=action,
                stages=stages,
                match="substring",  # as LiteLLM finds them
            )

    def _pattern(
        self, where: str, one: dict[str, Json], stages: tuple[str, ...]
    ) -> Iterator[RuleDraft]:
        pattern = one.get("pattern")
        if not isinstance(pattern, str):
            message = f"The prebuilt pattern {one.get('pattern_name')} is elsewhere."
            self._notes.add(where, message)
            return
        said = str(one.get("name") or one.get("pattern_name") or "pattern")
        draft = pattern_rule(
            rule_id(said, self._taken),
            where,
            pattern,
            self._notes,
            title=said,
            message=f"The pattern {said} was found.",
            action=action_of(one.get("action", "BLOCK"), where, self._notes),
            stages=stages,
        )
        if draft is not None:
            yield draft

    def _stages(self, name: str, mode: Json) -> tuple[str, ...]:
        found: dict[str, None] = {}
        for one in mode if isinstance(mode, list) else [mode]:
            stage = _STAGES.get(str(one))
            if stage is None:
                self._notes.add(f"{name}/mode", f"The mode {str(one)[:40]!r} is not.")
            else:
                found.setdefault(stage)
        return tuple(found) or ("input", "output")
