"""Chat completions: OpenAI's way of asking a model, which many platforms speak.

* A request says the binding's model (on Azure the deployment, which is what is called
  a model there), the messages, and those parameters of the binding that the protocol
  has.  It asks for one answer, whole.
* What has no use without a program around it is left out, and told: tools, several
  candidates, probabilities, and how a thinking budget is called on one platform alone.
* Of an answer only what is shown is read.  What a platform says when it refuses is not
  repeated: some of them quote the key.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus

import msgspec

from registry.errors import Unavailable
from registry.values import Json

PATH = "/chat/completions"

_SAME = frozenset(
    {
        *("temperature", "top_p", "top_k", "min_p", "stop", "seed"),
        *("presence_penalty", "frequency_penalty", "repetition_penalty"),
        *("reasoning_effort", "verbosity", "service_tier", "store"),
    }
)
_NEW_LIMIT = frozenset({"openai", "azure_openai"})
"""Platforms on which newer models refuse the older name of a limit."""

_WHY = {
    401: "it does not take the key",
    403: "the key may not do this",
    404: "it knows no such model, or nothing is at this address",
    429: "too much was asked of it, or there is no credit",
    400: "it refuses what was asked",
    422: "it refuses what was asked",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """Attributes:
    model: As the platform calls it.
    left_out: Parameters of the binding that are not sent.
    """

    model: str
    body: bytes
    left_out: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Completion:
    """What a model answered.

    Attributes:
        text: Empty if it said nothing, such as when it wants to call a tool.
        model: The one that the platform says has answered; `None` if it does not say.
        finish_reason: Why it ended: `stop`, `length`, `content_filter` ...
        input_tokens: As the platform counts them; `None` if it does not say.
        output_tokens: The same.
    """

    text: str
    model: str | None
    finish_reason: str | None
    input_tokens: int | None
    output_tokens: int | None


class _Message(msgspec.Struct):
    content: str | None = None


class _Choice(msgspec.Struct):
    message: _Message
    finish_reason: str | None = None


class _Usage(msgspec.Struct):
    prompt_tokens: int | None = None
    completion_tokens: int | None = None


class _Completion(msgspec.Struct):
    choices: list[_Choice]
    model: str | None = None
    usage: _Usage | None = None


def request_of(
    binding: Mapping[str, Json],
    messages: Sequence[Mapping[str, object]],
    output: Mapping[str, object] | None,
) -> Request:
    """Args:
    binding: A binding's document.
    output: The schema that the prompt asks of an answer, if it does.
    """
    parameters = _mapping(binding, "parameters")
    model = str(_mapping(binding, "target").get("deployment") or binding["model"])
    body: dict[str, object] = {"model": model, "messages": list(messages)}
    left_out: list[str] = []
    for name, value in parameters.items():
        sent = _sent(str(binding["platform"]), name, value, output)
        body |= sent
        if not sent and value != "text":
            left_out.append(name)
    return Request(
        model=model, body=msgspec.json.encode(body), left_out=tuple(sorted(left_out))
    )


def parse_completion(status: int, body: bytes) -> Completion:
    """Raises:
    Unavailable: It is a refusal, or no chat completion.
    """
    if status != HTTPStatus.OK:
        raise _refused(status)
    try:
        said = msgspec.json.decode(body, type=_Completion)
        first = said.choices[0]
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError, IndexError):
        raise Unavailable(
            "the endpoint answered something that is no chat completion",
            hint="Whoever operates the registry checks its address in the file.",
        ) from None
    usage = said.usage or _Usage()
    return Completion(
        text=first.message.content or "",
        model=said.model,
        finish_reason=first.finish_reason,
        input_tokens=usage.prompt_tokens,
        output_tokens=usage.completion_tokens,
    )


def _sent(
    platform: str, name: str, value: Json, output: Mapping[str, object] | None
) -> dict[str, object]:
    """What a request says for a parameter; nothing if it is left out."""
    if name in _SAME:
        return {name: value}
    if name == "max_output_tokens":
        newer = platform in _NEW_LIMIT
        return {"max_completion_tokens" if newer else "max_tokens": value}
    if name == "response_format" and value == "json_object":
        return {name: {"type": value}}
    if name == "response_format" and value == "json_schema" and output is not None:
        return {name: {"type": value, value: {"name": "answer", "schema": output}}}
    return {}


def _refused(status: int) -> Unavailable:
    if HTTPStatus.MULTIPLE_CHOICES <= status < HTTPStatus.BAD_REQUEST:
        why = "it sends elsewhere, which is not followed"
    elif status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        why = "it has a fault of its own"
    else:
        why = _WHY.get(status, "")
    return Unavailable(
        f"the endpoint answered {status}{why and ': '}{why}",
        hint="Try again in a moment; if it goes on, whoever operates the registry "
        "checks its address, its key and its limits.",
    )


def _mapping(value: Mapping[str, Json], name: str) -> Mapping[str, Json]:
    found = value.get(name)
    return found if isinstance(found, dict) else {}
