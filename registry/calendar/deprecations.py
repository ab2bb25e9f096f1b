"""The form of deprecations.info: a list of what providers have announced."""

from collections.abc import Iterator

from registry.binding_rules import find_day
from registry.retirements import Record

MAX_CHARS = 300

_PLATFORMS = {
    "OpenAI": "openai",
    "Anthropic": "anthropic",
    "Azure": "azure_openai",
    "AWS Bedrock": "bedrock",
    "Google": "gemini",
    "Google Vertex": "vertex",
    "Cohere": "cohere",
    "Groq": "groq",
    "Mistral": "mistral",
    "xAI": "xai",
}


def records(value: list[object], source: str) -> Iterator[Record]:
    """What *value* says of platforms that bindings can name."""
    for entry in value:
        record = _record(entry, source) if isinstance(entry, dict) else None
        if record is not None:
            yield record


def _record(entry: dict[str, object], source: str) -> Record | None:
    platform = _PLATFORMS.get(_text(entry, "provider") or "")
    model = _text(entry, "model_id")
    shutdown = find_day(_text(entry, "shutdown_date"))
    if platform is None or model is None or shutdown is None:
        return None
    replacements = entry.get("replacement_models")
    named = replacements if isinstance(replacements, list) else []
    return Record(
        platform=platform,
        model=model,
        region=None,
        shutdown_on=shutdown,
        firm=None,
        source=source,
        link=_text(entry, "url"),
        checked_on=find_day(_text(entry, "last_observed")),
        replacement=", ".join(map(str, named))[:MAX_CHARS] or None,
    )


def _text(entry: dict[str, object], key: str) -> str | None:
    said = entry.get(key)
    return said if isinstance(said, str) and 0 < len(said) <= MAX_CHARS else None
