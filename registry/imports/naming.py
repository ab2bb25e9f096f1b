"""Names for what is imported, made from names that others gave."""

import re
import unicodedata

from registry.errors import Invalid
from registry.names import MAX_NAME_CHARS, MAX_SEGMENTS, check_name

_ENDINGS = re.compile(
    r"(?:\.prompt\.ya?ml|\.prompt|\.prompty|\.jinja2|\.jinja|\.j2|\.markdown|\.md"
    r"|\.txt|\.ya?ml|\.json)\Z",
    re.IGNORECASE,
)
_BESIDE = {"skprompt", "config", "system", "prompt", "index", "readme"}
MAX_ID_CHARS = 64


def name_from(path: str) -> str:
    """A document's name from the place of a file, such as `FunPlugin/Joke.prompt`.

    A file that is called after its format alone (`skprompt.txt`, `config.yml`) has
    the name of its folder.
    """
    parts = [part for part in re.split(r"[/\\]+", path) if part not in {"", ".", ".."}]
    if parts:
        parts[-1] = _ENDINGS.sub("", parts[-1])
    if len(parts) > 1 and parts[-1].casefold() in _BESIDE:
        parts.pop()
    segments = [segment for part in parts if (segment := _segment(part))]
    name = "/".join(segments[-MAX_SEGMENTS:])[-MAX_NAME_CHARS:].strip("/._-")
    try:
        return check_name(name)
    except Invalid:
        return f"{name[:150]}-imported" if name else "imported"


def rule_id(text: str, taken: set[str]) -> str:
    """A rule's id from *text*, which no rule in *taken* has."""
    words = re.sub(r"[^a-z0-9_-]+", "-", _ascii(text).lower()).strip("-_")
    start = words[:MAX_ID_CHARS].rstrip("-_") or "rule"
    number = high = 1
    while _numbered(start, high) in taken:
        number, high = high + 1, high * 2
    while number < high:  # halved: thousands of rules may have one name
        middle = (number + high) // 2
        held = _numbered(start, middle) in taken
        number, high = (middle + 1, high) if held else (number, middle)
    found = _numbered(start, high)
    taken.add(found)
    return found


def _numbered(start: str, number: int) -> str:
    ending = f"-{number}" if number > 1 else ""
    return start[: MAX_ID_CHARS - len(ending)] + ending


def input_name(text: str) -> str:
    """An input's name from *text*: letters, digits and `_`, no digit first."""
    name = re.sub(r"\W+", "_", _ascii(text), flags=re.ASCII)[:64]
    return name if name and not name[0].isdigit() else f"_{name}"[:64]


def placeholder_name(text: str) -> str:
    name = input_name(text).lower().lstrip("_")
    return name if name and name[0].isalpha() else "history"


def _segment(text: str) -> str:
    return re.sub(r"[^a-z0-9._-]+", "-", _ascii(text).lower()).strip("-._")


def _ascii(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text)
    return plain.encode("ascii", "ignore").decode()
