"""What single keywords of JSON Schemas allow, compared between two schemas.

Of a narrower and a wider schema: whether what the keyword asks for in the wider
one is asked for in the narrower one already.  A keyword that says nothing about
the types that the narrower one takes asks for nothing.
"""

from collections.abc import Callable
from typing import cast

from registry.parts import entries
from registry.values import Json

Said = dict[str, Json]

_TYPES = ("string", "number", "integer", "boolean", "object", "array", "null")


class Numbers:
    """Numbers values so that equal ones, and no others, have the same."""

    def __init__(self) -> None:
        self._numbers: dict[object, int] = {}
        self._known: dict[int, tuple[Json, int]] = {}

    def of(self, value: Json) -> int:
        if not isinstance(value, (dict, list)):
            return self._number((type(value), value))
        if id(value) not in self._known:
            parts: object
            if isinstance(value, dict):
                parts = frozenset((key, self.of(each)) for key, each in value.items())
            else:
                parts = tuple(map(self.of, value))
            # The value is kept, so that nothing else can come to have its id.
            self._known[id(value)] = value, self._number(parts)
        return self._known[id(value)][1]

    def _number(self, key: object) -> int:
        return self._numbers.setdefault(key, len(self._numbers))


def types_of(schema: Said) -> set[str]:
    said = schema.get("type", list(_TYPES))
    types = set(map(str, said)) if isinstance(said, list) else {str(said)}
    return types | {"integer"} if "number" in types else types


def _types_hold(_: str, narrow: Said, wide: Said) -> bool:
    return types_of(narrow) <= types_of(wide)


def _counts_hold(keyword: str, narrow: Said, wide: Said) -> bool:
    limit, have = cast(int, wide[keyword]), narrow.get(keyword)
    if _COUNTED[keyword] not in types_of(narrow):
        return True
    if keyword.startswith("min"):
        return cast(int, have or 0) >= limit
    return have is not None and cast(int, have) <= limit


def _bounds_hold(keyword: str, narrow: Said, wide: Said) -> bool:
    if "integer" not in types_of(narrow):
        return True
    sign = 1 if keyword.lower().endswith("minimum") else -1
    bare = "minimum" if sign == 1 else "maximum"
    strict = "exclusive" + bare.capitalize()
    limit = sign * cast(float, wide[keyword])
    loose, tight = narrow.get(bare), narrow.get(strict)
    if tight is not None and sign * cast(float, tight) >= limit:
        return True
    if loose is None:
        return False
    have = sign * cast(float, loose)
    return have > limit or (keyword == bare and have == limit)


def _required_holds(_: str, narrow: Said, wide: Said) -> bool:
    return "object" not in types_of(narrow) or (
        {str(name) for name in entries(wide, "required")}
        <= {str(name) for name in entries(narrow, "required")}
    )


def _unique_holds(_: str, narrow: Said, wide: Said) -> bool:
    return (
        wide["uniqueItems"] is False
        or narrow.get("uniqueItems") is True
        or "array" not in types_of(narrow)
    )


_COUNTED = {
    **dict.fromkeys(("minLength", "maxLength"), "string"),
    **dict.fromkeys(("minItems", "maxItems"), "array"),
    **dict.fromkeys(("minProperties", "maxProperties"), "object"),
}
HOLDS: dict[str, Callable[[str, Said, Said], bool]] = {
    "type": _types_hold,
    "required": _required_holds,
    "uniqueItems": _unique_holds,
    **dict.fromkeys(_COUNTED, _counts_hold),
    **dict.fromkeys(
        ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"), _bounds_hold
    ),
}
