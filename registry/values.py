"""Values that JSON knows, and where they stand in a document."""

import json
from collections.abc import Mapping
from typing import TypeAlias

Json: TypeAlias = bool | int | float | str | list["Json"] | dict[str, "Json"] | None

Path = tuple[str | int, ...]
"""Keys and positions that lead from a value to one within it."""


def pointer(path: Path) -> str:
    """Return the JSON Pointer of *path*."""
    return "".join(
        "/" + str(step).replace("~", "~0").replace("/", "~1") for step in path
    )


def spoken(path: Path) -> str:
    """Return *path* as people say it: `messages[0].content`."""
    words = "".join(
        f"[{step}]" if isinstance(step, int) else f".{step}" for step in path
    )
    return words[1:] if words.startswith(".") else words


def quoted(text: str) -> str:
    """Return *text* as it looks in double quotes, cut short if it is long."""
    shown = text if len(text) <= 60 else text[:60] + "..."
    return '"' + shown.replace("\\", "\\\\").replace('"', '\\"') + '"'


def same(a: Json | Mapping[str, Json], b: Json | Mapping[str, Json]) -> bool:
    """Whether *a* and *b* are the same value; true and 1 are not."""
    return canonical(a) == canonical(b)


def canonical(value: Json | Mapping[str, Json]) -> str:
    """Equal for values that are the same."""
    return json.dumps(value, sort_keys=True)


def count(value: Json) -> int:
    """Return how many values *value* is made of, itself included."""
    if isinstance(value, dict):
        return 1 + sum(map(count, value.values()))
    if isinstance(value, list):
        return 1 + sum(map(count, value))
    return 1
