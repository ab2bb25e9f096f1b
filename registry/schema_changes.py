"""Whether one JSON Schema takes everything that another one takes.

That question has no quick answer in general, so the comparison is *careful*: it
finds what it cannot show to be taken.  Where it finds nothing, every value that
fits the narrower schema fits the wider one; where it finds something, there may
still be no such value, and a person has to say so by a higher version.

 * Remarks (`title`, `description`, `default` and the like) say nothing about
   what is taken.
 * Types, bounds, lists of values, properties and what is required are compared
   by what they mean; `allOf` and `anyOf` part by part.
 * Every other keyword has to stay as it is.
 * After 50,000 steps the schemas count as too intricate to compare.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import cast

from registry.json_schemas import Schema, expanded
from registry.parts import entries, mapping
from registry.schema_keywords import HOLDS, Numbers, Said, types_of
from registry.validation import Checker
from registry.values import Json, count

MAX_STEPS = 50_000
MAX_SHORTFALLS = 20

INTRICATE = "too intricate"
"""The keyword of a shortfall that stands for comparisons that were not made."""

_REMARKS = {
    *("title", "description", "$comment", "default", "examples"),
    *("deprecated", "readOnly", "writeOnly", "$defs"),
}
_LITERAL = {"enum", "const", "required", "dependentRequired"}
"""Keywords of values and names, which are no schemas whatever they look like."""
_REFERENCE = "#/$defs/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shortfall:
    """Something that the narrower schema takes and the wider one may not.

    Attributes:
        path: Names of properties that lead there; `*` is every other one.
        narrow: What the narrower schema says there; `None` if nothing.
        wide: What the wider one says.
    """

    path: tuple[str, ...]
    keyword: str
    narrow: Json
    wide: Json


def shortfalls(
    narrow: Json, wide: Json, *, roots: tuple[Schema, Schema], open_ended: bool = False
) -> tuple[Shortfall, ...]:
    """What fits *narrow* and may not fit *wide*.

    Args:
        roots: The schemas in which each of the two stands, with their `$defs`.
        open_ended: Properties that *wide* does not know do not matter.
    """
    comparison = _Comparison(open_ended)
    found = comparison.compare(_inlined(narrow, roots[0]), _inlined(wide, roots[1]), ())
    each = {(one.path, one.keyword, str(one.narrow)): one for one in found}
    return tuple(islice(each.values(), MAX_SHORTFALLS))


def is_same(a: Json, b: Json, *, roots: tuple[Schema, Schema]) -> bool:
    """Whether the two say the same but for remarks."""
    numbers = Numbers()
    return numbers.of(_inlined(a, roots[0])) == numbers.of(_inlined(b, roots[1]))


def _inlined(schema: Json, root: Schema) -> Json:
    """*schema* without remarks and references; references cannot be circular."""
    if not isinstance(schema, dict):
        return schema
    said: Said = {
        keyword: _inlined_keyword(keyword, value, root)
        for keyword, value in schema.items()
        if keyword not in _REMARKS and keyword != "$ref"
    }
    if "const" in said:
        only: list[Json] = [said.pop("const")]
        if "enum" in said:
            said["allOf"] = [*entries(said, "allOf"), {"enum": only}]
        else:
            said["enum"] = only
    reference = schema.get("$ref")
    if not isinstance(reference, str):
        return said
    definitions = cast(Said, root.get("$defs", {}))
    target = _inlined(definitions[reference.removeprefix(_REFERENCE)], root)
    return {"allOf": [target, said]} if said else target


def _inlined_keyword(keyword: str, value: Json, root: Schema) -> Json:
    if keyword in _LITERAL:
        return value
    if isinstance(value, dict) and keyword in {
        *("properties", "patternProperties", "dependentSchemas"),
    }:
        return {name: _inlined(inner, root) for name, inner in value.items()}
    if isinstance(value, list):
        return [_inlined(inner, root) for inner in value]
    return _inlined(value, root)


class _Comparison:
    """One comparison of two schemas, as far as it has come."""

    def __init__(self, open_ended: bool) -> None:
        self._open_ended = open_ended
        self._numbers = Numbers()
        self._left = MAX_STEPS

    def compare(
        self, narrow: Json, wide: Json, path: tuple[str, ...]
    ) -> list[Shortfall]:
        if self._spend(1):
            return [_intricate(path)]
        if wide is True or narrow is False:
            return []
        if self._numbers.of(narrow) == self._numbers.of(wide):
            return []
        if not isinstance(wide, dict):
            said = narrow if isinstance(narrow, dict) else None
            return [Shortfall(path=path, keyword="", narrow=said, wide=wide)]
        given = narrow if isinstance(narrow, dict) else {}
        values = _values(given)
        if values is not None:
            return self._refused(values, wide, path)
        return [
            shortfall
            for keyword in wide
            for shortfall in self._keyword(keyword, given, wide, path)
        ]

    def _keyword(
        self, keyword: str, narrow: Json, wide: Said, path: tuple[str, ...]
    ) -> list[Shortfall]:
        """What of one keyword of *wide* no part of *narrow* sees to."""
        if narrow is False:
            return []
        given = narrow if isinstance(narrow, dict) else {}
        values = _values(given)
        if values is not None:
            return self._refused(values, _together(keyword, wide), path)
        if self._spend(1):
            return [_intricate(path)]
        missing = list(self._missing(keyword, given, wide, path))
        if missing and self._is_seen_to(keyword, given, wide, path):
            return []
        return missing

    def _refused(
        self, values: list[Json], wide: Said, path: tuple[str, ...]
    ) -> list[Shortfall]:
        if self._spend(count(values) * expanded(wide)):
            return [_intricate(path)]
        checker = Checker(wide)
        return [
            Shortfall(path=path, keyword="enum", narrow=value, wide=None)
            for value in values
            if next(checker.problems(value), None) is not None
        ]

    def _spend(self, steps: int) -> bool:
        """Whether there were too many steps by now."""
        self._left -= steps
        return self._left < 0

    def _is_seen_to(
        self,
        keyword: str,
        narrow: Said,
        wide: Said,
        path: tuple[str, ...],
    ) -> bool:
        """Whether one of all parts, or each of several choices, sees to it."""

        def fits(part: Json) -> bool:
            return not self._keyword(keyword, part, wide, path)

        return any(map(fits, entries(narrow, "allOf"))) or any(
            choices and all(map(fits, choices))
            for choices in (entries(narrow, "anyOf"), entries(narrow, "oneOf"))
        )

    def _missing(
        self,
        keyword: str,
        narrow: Said,
        wide: Said,
        path: tuple[str, ...],
    ) -> Iterator[Shortfall]:
        """What *narrow* by itself does not see to."""
        if keyword == "properties":
            yield from self._properties(narrow, wide, path)
        elif keyword == "additionalProperties":
            yield from self._others(narrow, wide, path)
        elif keyword == "allOf":
            for part in entries(wide, "allOf"):
                yield from self.compare(narrow, part, path)
        elif keyword == "items" and "prefixItems" not in {*narrow, *wide}:
            if "array" in types_of(narrow):
                inner = narrow.get("items", True)
                yield from self.compare(inner, wide["items"], (*path, "*"))
        elif not self._holds(keyword, narrow, wide, path):
            yield Shortfall(
                path=path,
                keyword=keyword,
                narrow=narrow.get(keyword),
                wide=wide[keyword],
            )

    def _holds(
        self,
        keyword: str,
        narrow: Said,
        wide: Said,
        path: tuple[str, ...],
    ) -> bool:
        if keyword == "anyOf":
            choices = entries(wide, "anyOf")
            if any(not self.compare(narrow, choice, path) for choice in choices):
                return True
        if keyword in HOLDS:
            return HOLDS[keyword](keyword, narrow, wide)
        return keyword in narrow and self._numbers.of(
            _together(keyword, narrow)
        ) == self._numbers.of(_together(keyword, wide))

    def _properties(
        self, narrow: Said, wide: Said, path: tuple[str, ...]
    ) -> Iterator[Shortfall]:
        if "object" not in types_of(narrow):
            return
        known = mapping(narrow, "properties")
        others: Json = narrow.get("additionalProperties", True)
        if "patternProperties" in narrow:
            others = True
        for name, inner in mapping(wide, "properties").items():
            yield from self.compare(known.get(name, others), inner, (*path, name))

    def _others(
        self, narrow: Said, wide: Said, path: tuple[str, ...]
    ) -> Iterator[Shortfall]:
        """Properties that *wide* does not name."""
        allowed = wide["additionalProperties"]
        if "object" not in types_of(narrow) or (self._open_ended and allowed is False):
            return
        named = mapping(wide, "properties")
        for name, inner in mapping(narrow, "properties").items():
            if name not in named:
                yield from self.compare(inner, allowed, (*path, name))
        others = narrow.get("additionalProperties", True)
        yield from self.compare(others, allowed, (*path, "*"))
        if "patternProperties" in narrow and "patternProperties" not in wide:
            said = narrow["patternProperties"]
            keyword = "patternProperties"
            yield Shortfall(path=path, keyword=keyword, narrow=said, wide=None)


def _together(keyword: str, schema: Said) -> Said:
    """The keyword, and those without which it means something else."""
    group = next((each for each in _GROUPS if keyword in each), {keyword})
    return {each: schema[each] for each in schema if each in group}


def _values(schema: Said) -> list[Json] | None:
    """Every value that can fit, if they are listed."""
    if "enum" in schema:
        return entries(schema, "enum")
    listed: dict[str, list[Json]] = {"boolean": [True, False], "null": [None]}
    types = types_of(schema)
    if not types <= listed.keys():
        return None
    return [value for kind in types for value in listed[kind]]


def _intricate(path: tuple[str, ...]) -> Shortfall:
    return Shortfall(path=path, keyword=INTRICATE, narrow=None, wide=None)


_GROUPS = (
    {"items", "prefixItems"},
    {"contains", "minContains", "maxContains"},
    {"if", "then", "else"},
    {"properties", "patternProperties", "additionalProperties"},
)
