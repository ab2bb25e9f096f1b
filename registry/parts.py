"""The parts of a document's value, as rules read them.

What is not there, or is something else than it should be, is read as empty: that
it is so has been told before, by the schema.
"""

from collections.abc import Mapping

from registry.values import Json, Path

Part = Mapping[str, Json]
"""A document's value, or a mapping within it."""


def as_mapping(value: Json) -> dict[str, Json]:
    return value if isinstance(value, dict) else {}


def as_list(value: Json) -> list[Json]:
    return value if isinstance(value, list) else []


def as_text(value: Json) -> str:
    return value if isinstance(value, str) else ""


def mapping(of: Part, name: str) -> dict[str, Json]:
    return as_mapping(of.get(name))


def entries(of: Part, name: str) -> list[Json]:
    return as_list(of.get(name))


def mappings(of: Part, name: str) -> list[dict[str, Json]]:
    return [entry for entry in entries(of, name) if isinstance(entry, dict)]


def texts(of: Part, name: str) -> list[str]:
    return [str(entry) for entry in entries(of, name)]


def whole(of: Part, name: str, default: int) -> int:
    """A whole number."""
    found = of.get(name, default)
    return found if isinstance(found, int) else default


def placed(of: Part, name: str) -> list[tuple[Path, dict[str, Json]]]:
    """The mappings of a list, each with the path that leads to it."""
    return [
        ((name, index), entry)
        for index, entry in enumerate(entries(of, name))
        if isinstance(entry, dict)
    ]
