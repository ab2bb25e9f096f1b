"""Which format a file has: by what it is called, then by what it says.

A list of words looks like any text, so it has to be named with `--format words`.
"""

from registry.errors import Invalid
from registry.imports.foreign_yaml import parse, parse_json
from registry.imports.results import Format, Notes, UnknownFormat, refused
from registry.imports.sources import decoded
from registry.values import Json

_BY_NAME = (
    ((".prompt.yml", ".prompt.yaml"), Format.PROMPT_YML),
    ((".prompty",), Format.PROMPTY),
    ((".prompt",), Format.DOTPROMPT),
    ((".jinja2", ".jinja", ".j2"), Format.JINJA),
    (("skprompt.txt",), Format.SKPROMPT),
    ((".md", ".markdown", ".txt"), Format.TEXT),
)
_BY_KEY = (
    ("category_name", Format.LITELLM_CATEGORY),
    ("guardrails", Format.LITELLM_PROXY),
    ("model_list", Format.LITELLM_PROXY),
    ("litellm_settings", Format.LITELLM_PROXY),
    ("colang_version", Format.NEMO),
    ("rails", Format.NEMO),
    ("instructions", Format.NEMO),
    ("messages", Format.PROMPT_YML),
    ("models", Format.NEMO),
)


def detect(file: str, data: bytes) -> Format:
    """Raises:
    Invalid: It is none that is read, or cannot be read at all.
    """
    name = file.lower()
    for endings, format in _BY_NAME:
        if name.endswith(endings):
            return format
    found = _by_content(name, data)
    if found is None:
        raise UnknownFormat("this is no format that is read")
    return found


def _by_content(name: str, data: bytes) -> Format | None:
    if not name.endswith((".yml", ".yaml", ".json")):
        return None
    text = decoded(data, Notes())
    value: Json = None
    try:
        value = parse_json(text) if name.endswith(".json") else parse(text)
    except Invalid as error:
        raise refused(f"it cannot be read: {error}", error.hint) from None
    if not isinstance(value, dict):
        return None
    if isinstance(value.get("patterns"), list):
        return Format.LITELLM_PATTERNS
    return next((format for key, format in _BY_KEY if key in value), None)
