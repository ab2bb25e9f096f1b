"""Rendering: a live prompt and values in, messages out.

The chatbot's own renderer does it, so that what is tried here is what a chatbot
would send.  A value that is put in many places could become enormous, so it is
counted before it is done.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from placet import templates
from placet.errors import PlacetError
from placet.prompts import Message, prompt_of
from registry.errors import Invalid, TooLarge

MAX_CHARS = 4 * 2**20


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """Attributes:
    digest: Of the prompt as it is served; what was rendered.
    """

    environment: str
    seq: int
    version: str
    digest: str
    messages: tuple[dict[str, object], ...]


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
        _check_size(document, templates.complete(document["inputs"], values))
        prompt = prompt_of(document, digest, environment, (0, seq), stale=False)
        messages = prompt.render(**values)
    except templates.OverLimit as error:
        raise TooLarge(str(error), hint="Give shorter or fewer values.") from error
    except (templates.MissingInput, TypeError, PlacetError) as error:
        hint = "Give every required input of the prompt, in the form that it declares."
        raise Invalid(str(error), hint=hint) from error
    return Rendered(
        environment=environment,
        seq=seq,
        version=prompt.version,
        digest=digest,
        messages=tuple(map(_plain, messages)),
    )


def _plain(message: Message) -> dict[str, object]:
    return {**message}


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
