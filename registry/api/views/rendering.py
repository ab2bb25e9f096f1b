"""Rendering: a prompt and values in, messages out."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from placet.errors import PlacetError
from placet.prompts import prompt_of
from placet.sizes import size_of
from registry.errors import Invalid
from registry.renderings import render


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """Attributes:
    digest: Of the prompt as it is served; what was rendered.
    characters: Of all messages.
    estimated_tokens: About how many tokens that is; only a model's own tokenizer knows.
    """

    environment: str
    seq: int
    version: str
    digest: str
    messages: tuple[dict[str, object], ...]
    characters: int
    estimated_tokens: int


def rendered(
    body: bytes,
    digest: str,
    *,
    environment: str,
    seq: int,
    values: Mapping[str, object],
) -> Rendered:
    """Args:
    body: A prompt as it is served.

    Raises:
        Invalid: A value is missing, or is nothing that can be written.
        TooLarge: The messages would be enormous, or take too many steps.
    """
    document: dict[str, Any] = json.loads(body)
    try:
        prompt = prompt_of(document, digest, environment, (0, seq), stale=False)
    except PlacetError as error:
        raise Invalid(str(error), hint=error.hint) from error
    messages = render(prompt, values)
    size = size_of(messages)
    return Rendered(
        environment=environment,
        seq=seq,
        version=prompt.version,
        digest=digest,
        messages=messages,
        characters=size.characters,
        estimated_tokens=size.estimated_tokens,
    )
