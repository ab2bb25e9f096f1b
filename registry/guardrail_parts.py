"""The parts of a guardrail, as the rules about guardrails read them.

What is not there, or is something else than it should be, is read as empty: that
it is so has been told before.
"""

import json
from collections.abc import Mapping

from placet.guardrails.rules import REPLACEMENT
from registry.values import Json, Path

Part = Mapping[str, Json]
"""A guardrail, a rule, a check or a case."""


def mapping(of: Part, name: str) -> dict[str, Json]:
    found = of.get(name)
    return found if isinstance(found, dict) else {}


def entries(of: Part, name: str) -> list[Json]:
    found = of.get(name)
    return found if isinstance(found, list) else []


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


def replacement(rule: Part) -> str:
    """What a rule that redacts puts there, with `{id}` as it is written."""
    return str(mapping(rule, "redact").get("replacement", REPLACEMENT))


def same(a: Json | Part, b: Json | Part) -> bool:
    """Whether two values are one in JSON, where `1` is not `true`."""
    return canonical(a) == canonical(b)


def canonical(value: Json | Part) -> str:
    """Equal for values that are one in JSON."""
    return json.dumps(value, sort_keys=True)
