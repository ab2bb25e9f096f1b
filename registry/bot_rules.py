"""What a bot must be beyond what its schema says, and what an edit of one may do.

* The disclosure and the fallback are something that somebody could be told: they
  have at least eight letters, of Chinese or Japanese four.
* A tool's schema changes only together with the tool's version, so that whoever
  reads what a bot may call sees that it is not what it was.
"""

from collections.abc import Iterator, Mapping

from registry.findings import Place, Problem
from registry.values import Json

Value = Mapping[str, Json]

MIN_LETTERS = 8
REACHABLE = ("owner", "deputy", "on_call")
"""Who must be there: they stop the bot, roll it back, and are asked about it."""

_SAID = {
    "disclosure": "Say that it is a machine, as: You are talking to a machine.",
    "fallback": "Say what to do instead, as: Please call us on 0800 123 456.",
}
_WIDE = "\u2e80"
"""From here on a letter is a syllable or a word."""


def said_problems(value: Value, _: Place) -> Iterator[Problem]:
    """Tell where a bot says nothing that somebody could be told."""
    for part, hint in _SAID.items():
        said = value.get(part)
        if isinstance(said, str) and _letters(said) < MIN_LETTERS:
            message = f"the {part} says too little"
            yield Problem(path=(part,), message=message, hint=hint)


def _letters(text: str) -> int:
    return sum(1 + (letter >= _WIDE) for letter in text if letter.isalpha())


def tool_name_problems(value: Value, _: Place) -> Iterator[Problem]:
    """Tell which tools are there twice: an edit could not be told apart."""
    seen: set[str] = set()
    for index, tool in enumerate(_tools(value)):
        name = str(tool.get("name"))
        if name in seen:
            message = f"there is a tool {name} already"
            hint = "Rename one of them, or take it out."
            yield Problem(path=("tools", index, "name"), message=message, hint=hint)
        seen.add(name)


def tool_problems(before: Value, after: Value) -> Iterator[Problem]:
    """Tell which tools of a bot have another schema and no other version.

    A tool that gets its first digest has not changed as far as anybody can tell.
    """
    were = {str(tool.get("name")): tool for tool in _tools(before)}
    for index, tool in enumerate(_tools(after)):
        was = were.get(str(tool.get("name")), {})
        pinned, now = was.get("schema_digest"), tool.get("schema_digest")
        if pinned is None or now == pinned or tool.get("version") != was.get("version"):
            continue
        message = f"the tool {tool.get('name')} has another schema and no other version"
        hint = "Give it another `version`, or the schema's digest as it was."
        yield Problem(path=("tools", index), message=message, hint=hint)


def _tools(value: Value) -> tuple[Mapping[str, Json], ...]:
    listed = value.get("tools")
    return tuple(
        tool
        for tool in (listed if isinstance(listed, list) else ())
        if isinstance(tool, dict)
    )
