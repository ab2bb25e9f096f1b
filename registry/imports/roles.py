"""Texts that say who speaks on lines of their own: `system:`, `# user:`.

Prompty and Prompt flow render such a text and split it afterwards.  Here it is
split before, so that a value never begins a message.  A loop that writes the
messages of a conversation one by one becomes a placeholder: the chatbot gives them
as messages.
"""

import re
from collections.abc import Iterator

from registry.imports import jinja_source
from registry.imports.drafts import Message, Placeholder
from registry.imports.naming import placeholder_name
from registry.imports.pieces import stripped
from registry.imports.results import Notes

_LINE = re.compile(
    r"^[ \t]*(?:#[ \t]*)?(?P<role>system|user|assistant|developer|function|tool)[ \t]*+"
    r"(?P<said>\[[^\]\n]*\])?[ \t]*+:[ \t]*$\n?",
    re.MULTILINE | re.IGNORECASE,
)
_VALUE = re.compile(r"\{\{-?\s*(?P<name>\w+)\s*-?\}\}\n?")
_LOOP = re.compile(
    r"\{%-?\s*for\s+(?P<item>\w+)\s+in\s+(?P<list>\w+)\s*-?%\}"
    r"(?P<body>(?:(?!\{%).){1,2000}?)"
    r"\{%-?\s*endfor\s*-?%\}\n?",
    re.DOTALL,
)
_TURN = re.compile(
    r"\s*+#?\s*+(?:\{\{-?\s*ITEM\.role\s*-?\}\}|user)\s*:[^\S\n]*+\n\s*+"
    r"\{\{-?\s*ITEM\.(?:content|inputs\.\w+)\s*-?\}\}\s*+"
    r"(?:#?\s*+assistant\s*:[^\S\n]*+\n\s*+\{\{-?\s*ITEM\.outputs\.[\w.]+\s*-?\}\}\s*)?",
    re.IGNORECASE,
)


def has_roles(text: str) -> bool:
    return _LINE.search(text) is not None


def messages(text: str, threads: set[str], notes: Notes) -> list[Message | Placeholder]:
    """The messages of *text*; what comes before the first line with a role is said
    by the system.

    Args:
        threads: Inputs that hold a conversation.

    Raises:
        Invalid: A template in it cannot be carried over.
    """
    found: list[Message | Placeholder] = []
    role = "system"
    for part in _threaded(text, threads, notes):
        if isinstance(part, Placeholder):
            found.append(part)
            continue
        at = 0
        for line in _LINE.finditer(part):
            found.append(_message(role, part[at : line.start()]))
            role, at = line["role"], line.end()
            if line["said"]:
                where = f"{role}{line['said']}"
                notes.add(where, "What is in brackets beside a role is left out.")
        found.append(_message(role, part[at:]))
    return found


def _message(role: str, text: str) -> Message:
    return Message(role.lower(), stripped(jinja_source.parse(text), "\n"))


def _threaded(
    text: str, threads: set[str], notes: Notes
) -> Iterator[str | Placeholder]:
    """Split *text* where a conversation goes."""
    at = 0
    for start, end, name in sorted(_conversations(text, threads)):
        placeholder = placeholder_name(name)
        message = (
            f"The conversation `{name}` goes where the placeholder {placeholder} is: "
            "give it as a list of messages with `role` and `content`."
        )
        notes.add(name, message)
        yield text[at:start]
        yield Placeholder(placeholder)
        at = end
    yield text[at:]


def _conversations(text: str, threads: set[str]) -> Iterator[tuple[int, int, str]]:
    for loop in _LOOP.finditer(text):
        turn = _TURN.pattern.replace("ITEM", re.escape(loop["item"]))
        if re.fullmatch(turn, loop["body"], re.IGNORECASE):
            yield loop.start(), loop.end(), loop["list"]
    for tag in _VALUE.finditer(text):
        if tag["name"] in threads:
            yield tag.start(), tag.end(), tag["name"]
