"""What a check of each type is opened with."""

from collections.abc import Callable

from placet import shapes
from placet.errors import BadAnswer, Unsupported
from placet.guardrails import detectors
from placet.guardrails.composites import AllOf, AnyOf
from placet.guardrails.externals import open_external
from placet.guardrails.findings import Check
from placet.guardrails.json_schemas import open_json_schema
from placet.guardrails.keywords import open_keyword
from placet.guardrails.lengths import open_length
from placet.guardrails.parameters import known
from placet.guardrails.patterns import PatternInvalid
from placet.guardrails.regexes import open_regex
from placet.guardrails.tool_calls import open_tool_call
from placet.shapes import Object

MAX_DEPTH = 2


def open_check(check: Object, depth: int = MAX_DEPTH) -> Check:
    """Raises:
    BadAnswer: It is not as a check of its type has to be.
    Unsupported: This version does not know it, or a package is missing.
    """
    kind = shapes.text(check, "type")
    if kind in _COMPOSITES:
        known(check, ("type", "checks"), f"an {kind} check")
        if depth == 0:
            raise BadAnswer(f"{kind} stands too deep in other checks")
        inner = [_inner(one, depth - 1) for one in shapes.sequence(check, "checks")]
        if not inner:
            raise BadAnswer(f"an {kind} check has no checks in it")
        return _COMPOSITES[kind](checks=inner)
    if kind not in _OPENED:
        raise Unsupported(f"a check has the type {kind[:60]!r}")
    try:
        return _OPENED[kind](check)
    except PatternInvalid:  # from None: the error quotes the pattern
        raise BadAnswer("RE2 does not take a pattern") from None


def _inner(check: object, depth: int) -> Check:
    return open_check(shapes.mapping({"check": check}, "check"), depth)


_COMPOSITES: dict[str, Callable[..., Check]] = {"any_of": AnyOf, "all_of": AllOf}
_OPENED: dict[str, Callable[[Object], Check]] = {
    "regex": open_regex,
    "keyword": open_keyword,
    "length": open_length,
    "json_schema": open_json_schema,
    "tool_call": open_tool_call,
    "external": open_external,
    **dict.fromkeys(detectors.TYPES, detectors.open_detector),
}
