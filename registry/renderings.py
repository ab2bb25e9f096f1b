"""Renderings: what a bot makes of values and of texts, by the chatbot's own code.

What is tried at the registry is what a chatbot would send, and let through.  A value
that is put in many places could become enormous, so it is counted before it is done.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from placet import templates
from placet.errors import PlacetError
from placet.guardrails import Guardrails, Outcome
from placet.prompts import Prompt
from registry.errors import Invalid, NotFound, TooLarge

MAX_CHARS = 4 * 2**20

Messages = tuple[dict[str, object], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a bot was told: its prompts and guardrails, by their roles in it."""

    prompts: Mapping[str, Prompt]
    guardrails: Guardrails

    def prompt(self, role: str) -> Prompt:
        """Raises:
        NotFound: The bot has no such role.
        """
        if role not in self.prompts:
            raise _no_role("prompt", role, self.prompts)
        return self.prompts[role]

    def guarding(self, named: str | None) -> Guardrails:
        """All guardrails, or one by its role or its name.

        Raises:
            NotFound: The bot has no such guardrail.
        """
        if named is None:
            return self.guardrails
        name = named.removeprefix("guardrails/")
        by_role = self.guardrails.by_role
        found = {r: g for r, g in by_role.items() if named == r or name == g.name}
        if not found:
            raise _no_role("guardrail", named, by_role)
        return Guardrails(found)


def check(
    guardrails: Guardrails,
    stage: str,
    text: str | None,
    tool_call: Mapping[str, object] | None,
) -> Outcome:
    """Raises:
    Invalid: There is no such stage, or it cannot be checked.
    """
    try:
        return guardrails.check(stage, text, tool_call=tool_call)
    except (ValueError, TypeError, PlacetError) as error:
        hint = "Give a text, or at the stage tool_call a call with name and arguments."
        raise Invalid(str(error), hint=hint) from error


def render(prompt: Prompt, values: Mapping[str, object]) -> Messages:
    """Raises:
    Invalid: A value is missing, or is nothing that can be written.
    TooLarge: The messages would be enormous, or take too many steps.
    """
    document: Mapping[str, Any] = prompt.document
    try:
        _check_size(document, templates.complete(document["inputs"], values))
        messages = prompt.render(**values)
    except templates.OverLimit as error:
        raise TooLarge(str(error), hint="Give shorter or fewer values.") from error
    except (templates.MissingInput, TypeError, PlacetError) as error:
        hint = "Give every required input of the prompt, in the form that it declares."
        raise Invalid(str(error), hint=hint) from error
    return tuple({**message} for message in messages)


def placeholders(prompt: Prompt) -> tuple[str, ...]:
    """Where a prompt takes the caller's own messages."""
    document: Mapping[str, Any] = prompt.document
    found = (message.get("placeholder") for message in document["messages"])
    return tuple(name for name in found if name is not None)


def _no_role(what: str, role: str, there: Mapping[str, object]) -> NotFound:
    roles = ", ".join(there)
    return NotFound(
        f"the bot has no {what} in the role {role!r}",
        hint=f"Its roles are {roles}." if roles else "It has none in any role.",
    )


def _check_size(document: Mapping[str, Any], values: Mapping[str, object]) -> None:
    chars = 0
    for message in document["messages"]:
        for size in _sizes(message, document["template"], values):
            chars += size
            if chars > MAX_CHARS:
                raise TooLarge(
                    f"the messages would have more than {MAX_CHARS:,} characters",
                    hint="Give shorter values.",
                )


def _sizes(
    message: Mapping[str, str], template: str, values: Mapping[str, object]
) -> Iterator[int]:
    if "placeholder" in message:
        yield len(json.dumps(values.get(message["placeholder"])))
    elif template == "simple":
        for piece in templates.parse(message["content"]).pieces:
            yield len(templates.Template(pieces=(piece,)).render(values))
