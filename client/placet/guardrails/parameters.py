"""The parameters of a check, read as strictly as the registry writes them.

A parameter that this version does not know could narrow or widen what is found,
so it is `Unsupported`: a guardrail is applied as it was agreed, or not at all.
"""

from collections.abc import Mapping, Sequence

from placet import shapes
from placet.errors import BadAnswer, Unsupported
from placet.shapes import Object


def known(of: Object, names: Sequence[str], what: str) -> None:
    """Raises:
    Unsupported: There is a parameter that is none of *names*.
    """
    unknown = sorted(set(of) - set(names))
    if unknown:
        raise Unsupported(
            f"{what} has {str(unknown[0])[:60]!r}, which this version of placet "
            "does not know"
        )


def flag(of: Object, key: str, *, default: bool) -> bool:
    value = of.get(key, default)
    if not isinstance(value, bool):
        raise BadAnswer(f"{key!r} is neither true nor false")
    return value


def choice(of: Object, key: str, among: Sequence[str], default: str = "") -> str:
    """Raises:
    BadAnswer: It is missing and has no default.
    Unsupported: It is none of those that this version knows.
    """
    value = shapes.text({key: default, **of} if default else of, key)
    if value not in among:
        raise Unsupported(f"{key!r} is something that this version does not know")
    return value


def texts(of: Object, key: str) -> tuple[str, ...]:
    """At least one text."""
    found = tuple(t for t in shapes.sequence(of, key) if isinstance(t, str) and t)
    if not found or len(found) < len(shapes.sequence(of, key)):
        raise BadAnswer(f"{key!r} is not a list of texts")
    return found


def texts_or_none(of: Object, key: str) -> tuple[str, ...]:
    return texts(of, key) if key in of else ()


def number_or_none(of: Object, key: str) -> int | None:
    return shapes.number(of, key) if key in of else None


def mapping_or_empty(of: Object, key: str) -> Mapping[str, object]:
    return shapes.mapping(of, key) if key in of else {}
