"""Calls of tools, as LiteLLM's `tool_permission` decides on them."""

import re
from collections.abc import Mapping
from typing import cast

from registry.errors import NotExportable
from registry.exports.backtracking import is_slow
from registry.exports.charsets import ANYTHING
from registry.exports.dialects import Dialect, write
from registry.exports.python_regex import SLOW
from registry.exports.rules import Rule
from registry.exports.steps import Steps
from registry.exports.syntax import parse
from registry.exports.trees import (
    Chain,
    Chars,
    Choice,
    Edge,
    Node,
    Place,
    Repeat,
    literal,
)
from registry.values import Json

_WILD: dict[str, Node] = {
    "*": Repeat(Chars(ANYTHING), 0, None, True),
    "?": Chars(ANYTHING),
}

_PYTHON = {"true": "True", "false": "False", "null": "None"}
_VALUES = (
    "LiteLLM looks at single arguments: a list, or a group of arguments, is not "
    "matched as a whole."
)


def permission(rule: Rule, told: list[str], steps: Steps) -> dict[str, Json]:
    """The settings of a guardrail that holds this rule alone.

    Raises:
        NotExportable: It cannot be decided alike there.
    """
    if rule.action == "redact":
        raise NotExportable("nothing can be covered in a call of a tool")
    check = rule.check
    decision = str(check["decision"])
    names = [_name(tool) for tool in cast(list[str], check["tools"])]
    permitted: dict[str, Json] = {
        "id": rule.id,
        "tool_name": _whole(
            Choice(tuple(names)) if len(names) > 1 else names[0], told, steps
        ),
        "decision": decision,
    }
    if "args" in check:
        patterns = cast(Mapping[str, str], check["args"])
        permitted["allowed_param_patterns"] = {
            _path(path): _argument(pattern, told, steps)
            for path, pattern in patterns.items()
        }
        told.append(_VALUES)
        if decision == "deny":
            told.append("A call of these tools without any argument is stopped.")
    return {
        "rules": [permitted],
        "default_action": "deny" if decision == "allow" else "allow",
        "on_disallowed_action": "block",
    }


def _argument(pattern: str, told: list[str], steps: Steps) -> str:
    """LiteLLM writes what is no text as Python does; it must fit as before."""
    written = _whole(
        parse(f"(?s:{pattern})", case_sensitive=True, steps=steps), told, steps
    )
    others = [python for json, python in _PYTHON.items() if re.fullmatch(written, json)]
    return "|".join([f"(?:{written})", *others]) if others else written


def _path(path: str) -> str:
    for name in path.split("."):
        if name == "*" or (name.isascii() and name.isdecimal()):
            raise NotExportable("it looks into lists, which LiteLLM counts otherwise")
    return path


def _name(tool: str) -> Node:
    parts = [_WILD.get(each) or literal(each, case_sensitive=True) for each in tool]
    return Chain(tuple(parts))


def _whole(node: Node, told: list[str], steps: Steps) -> str:
    held = Chain((Edge(Place.TEXT_BEGINS), node, Edge(Place.TEXT_ENDS)))
    if is_slow(held, steps) and SLOW not in told:
        told.append(SLOW)
    return write(node, Dialect.PYTHON)
