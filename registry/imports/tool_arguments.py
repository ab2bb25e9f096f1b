"""Arguments of tools, as LiteLLM's `allowed_param_patterns` looks at them.

LiteLLM writes an argument that is no text as Python does, and here it is JSON.  In
its patterns `.` is no end of a line; here it is.
"""

from collections.abc import Iterator, Mapping
from itertools import islice

from placet.guardrails.patterns import compiled
from registry.errors import Invalid
from registry.imports.examples import texts_for
from registry.imports.patterns import for_re2, reads_otherwise
from registry.patterns import check_pattern
from registry.values import Json

MAX_EXAMPLES = 12

_PYTHON = {"True": "true", "False": "false", "None": "null"}


class NoArguments(Exception):
    """What *message* says keeps patterns of arguments from being ours."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


def patterns_of(said: Json) -> dict[str, str]:
    """By path, a pattern that fits what LiteLLM's fits.

    Raises:
        NoArguments: There is none.
    """
    if said in (None, {}):
        return {}
    if not isinstance(said, dict):
        raise NoArguments("they are no mapping of patterns")
    return {_path(path): _pattern(pattern) for path, pattern in said.items()}


def _path(path: str) -> str:
    for name in path.split("."):
        if not name or name == "*" or name.isdecimal() or "[" in name:
            raise NoArguments("they look into a list")
    return path


def _pattern(said: Json) -> str:
    if not isinstance(said, str):
        raise NoArguments("a pattern is no text")
    pattern = for_re2(said)
    if reads_otherwise(said):
        raise NoArguments("`\\w`, `\\d`, `\\s` and `\\b` are not the same in Python")
    try:
        check_pattern(pattern)
    except Invalid as error:
        raise NoArguments(str(error)) from None
    held = f"(?-s:{pattern})" if "." in pattern else pattern
    regexp = compiled(pattern)
    others = [
        json
        for python, json in _PYTHON.items()
        if regexp.fullmatch(python.encode()) and not regexp.fullmatch(json.encode())
    ]
    return "|".join([held, *others])


def examples_of(patterns: Mapping[str, str]) -> Iterator[dict[str, Json]]:
    """Arguments that might fit all of *patterns*."""
    if not patterns:
        yield {}
        return
    texts = {
        path: list(islice(texts_for(pattern), MAX_EXAMPLES)) or [""]
        for path, pattern in patterns.items()
    }
    for turn in range(MAX_EXAMPLES):
        arguments: dict[str, Json] = {}
        for path, found in texts.items():
            _put(arguments, path.split("."), found[turn % len(found)])
        yield arguments


def _put(arguments: dict[str, Json], path: list[str], text: str) -> None:
    inner = arguments
    for name in path[:-1]:
        held = inner.setdefault(name, {})
        if not isinstance(held, dict):
            return
        inner = held
    inner[path[-1]] = text
