"""What chatbots read, as OpenAPI tells it.

`registry.api.chatbots` answers these before the framework sees them, so that no
route could say it.
"""

from dataclasses import dataclass
from typing import Any

from registry.api.news import TooManyWaiting
from registry.api.problems import problems
from registry.errors import (
    Deleted,
    Invalid,
    NotAllowed,
    NotFound,
    NotSettled,
    NotSignedIn,
    NotYetThere,
    VersionLive,
)
from registry.exports.formats import FORMATS


@dataclass(frozen=True, slots=True, kw_only=True)
class _Read:
    """Attributes:
    parameters: The names of what `_PARAMETERS` tells.
    is_stream: Whether it answers events, and no JSON.
    """

    path: str
    name: str
    summary: str
    answer: str
    parameters: tuple[str, ...]
    is_stream: bool = False


_LIVE = ("environment", "name", "at", "seq", "min_seq")
_READS = (
    _Read(
        path="/v1/environments/{environment}/bots/{name}",
        name="read_bot",
        summary="Read everything that a bot needs: one seq, one digest.",
        answer="A bundle, canonical JSON.",
        parameters=_LIVE,
    ),
    _Read(
        path="/v1/environments/{environment}/bots/{name}/head",
        name="read_head",
        summary="Read whether a bot's bundle is still the same: small, to poll.",
        answer="A bot's head, canonical JSON, signed; of the past unsigned.",
        parameters=(*_LIVE, "prefer"),
    ),
    _Read(
        path="/v1/environments/{environment}/head",
        name="read_environment_head",
        summary="Read an environment's seq and a digest of all that is live in it.",
        answer="The environment's head, canonical JSON, signed.",
        parameters=("environment", "min_seq"),
    ),
    _Read(
        path="/v1/environments/{environment}/prompts/{name}",
        name="read_prompt",
        summary="Read one live prompt.",
        answer="A prompt with its includes resolved, canonical JSON.",
        parameters=(*_LIVE, "version"),
    ),
    _Read(
        path="/v1/environments/{environment}/fragments/{name}",
        name="read_fragment",
        summary="Read one live fragment.",
        answer="A fragment with its includes resolved, canonical JSON.",
        parameters=(*_LIVE, "version"),
    ),
    _Read(
        path="/v1/environments/{environment}/guardrails/{name}",
        name="read_guardrail",
        summary="Read one live guardrail, or an export of it.",
        answer="A guardrail without its cases, canonical JSON; with `format`, the "
        "text for another product and what it loses.",
        parameters=(*_LIVE, "version", "format"),
    ),
    _Read(
        path="/v1/environments/{environment}/bindings/{name}",
        name="read_binding",
        summary="Read one live model binding, or an export of it.",
        answer="A binding, canonical JSON; with `format`, the text for another "
        "product and what it loses.",
        parameters=(*_LIVE, "version", "format"),
    ),
    _Read(
        path="/v1/environments/{environment}/glossaries/{name}",
        name="read_glossary",
        summary="Read one live glossary.",
        answer="A glossary with its text as prompts include it, canonical JSON.",
        parameters=(*_LIVE, "version"),
    ),
    _Read(
        path="/v1/bundles/{digest}",
        name="read_bundle",
        summary="Read a bundle by its digest: the same bytes for ever.",
        answer="A bundle, canonical JSON.",
        parameters=("digest",),
    ),
    _Read(
        path="/v1/environments/{environment}/events",
        name="read_events",
        summary="Hear at once that something else is live, and at which seq.",
        answer='Server-sent events of the type `seq`, with `{"epoch":1,"seq":1042}`; '
        "the first at once. Read what you need after each, and when you connect again.",
        parameters=("environment",),
        is_stream=True,
    ),
)

_TEXT = {"type": "string"}
_NUMBER = {"type": "integer", "minimum": 1}
_PARAMETERS: dict[str, dict[str, Any]] = {
    "environment": {"in": "path", "schema": {**_TEXT, "examples": ["production"]}},
    "name": {"in": "path", "schema": {**_TEXT, "examples": ["acme-air/support"]}},
    "digest": {"in": "path", "schema": {**_TEXT, "examples": ["sha256:..."]}},
    "at": {
        "in": "query",
        "schema": {"type": "string", "format": "date-time"},
        "description": "As of a moment that is over, with its time zone.",
    },
    "seq": {"in": "query", "schema": _NUMBER, "description": "As of a seq."},
    "min_seq": {
        "in": "query",
        "schema": _NUMBER,
        "description": "Wait briefly until the environment is there.",
    },
    "prefer": {
        "in": "header",
        "schema": {**_TEXT, "examples": ["wait=30"]},
        "description": "With `If-None-Match`: wait for another head, 60 s at most.",
    },
    "version": {
        "in": "query",
        "schema": _TEXT,
        "description": "Only if the live version is in the range, such as `^2.1`.",
    },
    "format": {
        "in": "query",
        "schema": {
            "type": "string",
            "enum": sorted({name for names in FORMATS.values() for name in names}),
        },
        "description": "In the format of another product, with its losses.",
    },
}
_HEADERS = {
    "ETag": "The digest in quotes; send it back in `If-None-Match`.",
    "Placet-Digest": "SHA-256 of the answer's bytes.",
    "Placet-Environment": "The environment that was read.",
    "Placet-Seq": "The seq that the environment was at.",
    "Placet-Stale": "`true` if the server has not heard from its tables for a while.",
}
_ERRORS = (
    NotSignedIn,
    NotAllowed,
    NotFound,
    Deleted,
    Invalid,
    NotSettled,
    VersionLive,
    NotYetThere,
    TooManyWaiting,
)


_BAD = {str(status): told for status, told in problems(*_ERRORS).items()}


def paths(tag: str, security: list[dict[str, list[str]]]) -> dict[str, Any]:
    """The reads as OpenAPI's `paths`.

    Args:
        security: What every one of them asks for.
    """
    return {
        one.path: {
            "get": {
                "tags": [tag],
                "summary": one.summary,
                "operationId": one.name,
                "security": security,
                "parameters": [
                    {"name": name, **_PARAMETERS[name]}
                    | ({"required": True} if _PARAMETERS[name]["in"] == "path" else {})
                    for name in one.parameters
                ],
                "responses": {**_good(one), **_BAD},
            }
        }
        for one in _READS
    }


def _good(read: _Read) -> dict[str, Any]:
    if read.is_stream:
        content = {"text/event-stream": {"schema": _TEXT}}
        return {"200": {"description": read.answer, "content": content}}
    headers = {
        name: {"description": words, "schema": _TEXT}
        for name, words in _HEADERS.items()
    }
    json = {"application/json": {"schema": {"type": "object"}}}
    return {
        "200": {"description": read.answer, "headers": headers, "content": json},
        "304": {"description": "It is what `If-None-Match` says."},
    }
