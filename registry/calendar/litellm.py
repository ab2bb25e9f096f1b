"""LiteLLM's map of prices: entries by a key that holds platform, region and model.

Keys such as `azure/eu/gpt-4o-2024-08-06` and `bedrock/us-east-1/meta.llama3` are
taken apart; what a key says of sizes and steps of pictures is of no model.  The map
says neither where a day comes from in most entries, nor whether it is promised, nor
when somebody looked: the day of the file has to do.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import date

from registry.binding_rules import find_day
from registry.retirements import Record

MAX_CHARS = 300

_PLATFORMS = {
    "openai": "openai",
    "text-completion-openai": "openai",
    "anthropic": "anthropic",
    "azure": "azure_openai",
    "azure_ai": "azure_ai",
    "bedrock": "bedrock",
    "bedrock_converse": "bedrock",
    "bedrock_mantle": "bedrock",
    "gemini": "gemini",
    "cohere": "cohere",
    "mistral": "mistral",
    "groq": "groq",
    "xai": "xai",
    "deepseek": "deepseek",
    "together_ai": "together_ai",
    "fireworks_ai": "fireworks_ai",
    "databricks": "databricks",
}
_VERTEX = re.compile(r"vertex_ai(-.+)?\Z")
_PICTURE = re.compile(r"(^|/)(\d+-x-\d+|\d+-steps|max-steps)/")
_REGION = re.compile(r"[a-z]{2}(-gov)?-[a-z]+-\d\Z")
_ZONES = {"eu", "us", "apac", "global", "global-standard"}


def records(
    value: Mapping[str, object], source: str, fetched: date
) -> Iterator[Record]:
    """Args:
    fetched: When the file was got.
    """
    for key, entry in value.items():
        if not isinstance(entry, dict) or _PICTURE.search(key):
            continue
        platform = _platform(entry.get("litellm_provider"))
        shutdown = find_day(_text(entry.get("deprecation_date")))
        if platform is None or shutdown is None or len(key) > MAX_CHARS:
            continue
        region, model = _split(key, platform)
        yield Record(
            platform=platform,
            model=model,
            region=region,
            shutdown_on=shutdown,
            firm=None,
            source=source,
            link=_text(entry.get("source")),
            checked_on=fetched,
            replacement=None,
        )


def _platform(provider: object) -> str | None:
    said = str(provider)
    return "vertex" if _VERTEX.match(said) else _PLATFORMS.get(said)


def _split(key: str, platform: str) -> tuple[str | None, str]:
    """Region and model; `None` where the key names no region.

    A zone of Azure is no region: the model is shut down in all of them.
    """
    first, _, rest = key.partition("/")
    if not rest:
        return None, key
    model = rest if _platform(first) == platform else key
    zone, _, within = model.partition("/")
    if not within:
        return None, model
    if platform in {"azure_openai", "azure_ai"} and zone in _ZONES:
        return None, within
    if platform == "bedrock" and _REGION.match(zone):
        return zone, within
    return None, model


def _text(said: object) -> str | None:
    return said if isinstance(said, str) and 0 < len(said) <= MAX_CHARS else None
