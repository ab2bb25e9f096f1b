"""Rendering: values in, messages out, by the chatbot's own code."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import Any

from placet.errors import PlacetError
from placet.prompts import Prompt
from placet.sizes import Size, size_of
from placet.templates import MissingInput, OverLimit, complete

MAX_CHARS = 2**20
"""Of what is made at most: a value can stand in many places of a text."""

Message = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """Attributes:
    messages: As they are sent; where `wrong` says something, as they were written.
    wrong: Why nothing could be sent.
    """

    messages: tuple[Message, ...]
    wrong: str = ""

    @property
    def size(self) -> Size:
        return size_of(self.messages)


def rendered(prompt: Prompt, values: Mapping[str, object], missing: str) -> Rendered:
    """Args:
    missing: What is known to be missing, in a sentence.
    """
    document = prompt.document
    if missing:
        return Rendered(messages=_written(document), wrong=missing)
    try:
        _check_size(document, values)
        return Rendered(messages=tuple({**one} for one in prompt.render(**values)))
    except (MissingInput, OverLimit, TypeError, PlacetError) as error:
        told = str(error)
        wrong = f"It cannot be rendered: {told[:1].lower()}{told[1:]}."
    return Rendered(messages=_written(document), wrong=wrong)


def pairs(
    before: Sequence[Message], after: Sequence[Message]
) -> Iterator[tuple[Message | None, Message | None]]:
    """Messages beside those that they became; `None` where one came or went."""
    matched = SequenceMatcher(
        None, list(map(_key, before)), list(map(_key, after)), autojunk=False
    )
    for _, left, left_end, right, right_end in matched.get_opcodes():
        yield from zip_longest(before[left:left_end], after[right:right_end])


def role_of(message: Message) -> str:
    """Who speaks; of a placeholder what it is for."""
    role = message.get("role")
    return str(role) if role is not None else f"placeholder {message['placeholder']}"


def text_of(message: Message) -> str:
    content = message.get("content", "")
    return content if isinstance(content, str) else json.dumps(content, indent=1)


def _key(message: Message) -> tuple[str, str]:
    return role_of(message), text_of(message)


def _written(document: Mapping[str, Any]) -> tuple[Message, ...]:
    return tuple(dict(one) for one in document.get("messages", ()))


def _check_size(document: Mapping[str, Any], values: Mapping[str, object]) -> None:
    """What a template makes is bounded before it is made.

    Raises:
        OverLimit: It could be enormous.
    """
    if document.get("template") != "simple":
        return  # `none` puts nothing in, and `jinja` has limits of its own
    whole = complete(document["inputs"], values)
    longest = max((len(json.dumps(value)) for value in whole.values()), default=0)
    texts = [str(one.get("content", "")) for one in document["messages"]]
    most = sum(len(text) + text.count("{{") * longest for text in texts)
    if most > MAX_CHARS:
        raise OverLimit(
            f"the messages could have more than {MAX_CHARS:,} characters; "
            "give shorter values"
        )
