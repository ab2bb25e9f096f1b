"""Texts without a language of their own: Markdown and plain text, and Jinja files.

Plain text is one message of the system, and all of it literal.  A Jinja file that
has lines such as `user:` is split there, as Prompt flow does it; one that has none
is one message of the system.
"""

import re

from registry.imports import jinja_source, roles
from registry.imports.drafts import Draft, Message, Placeholder, document
from registry.imports.pieces import stripped
from registry.imports.results import Asked, Notes
from registry.names import Ref

MIN_LISTED = 3
_WORDS = re.compile(
    r"(?=.{1,40}\Z)[^\s.,:;!?{}<>|*`-]\S*(?<![.,:;!?])(?: +\S+(?<![.,:;!?])){0,3}"
)


def read_text(text: str, asked: Asked, notes: Notes) -> tuple[tuple[Ref, str], ...]:
    """Raises:
    Invalid: There is nothing in it, or too much.
    """
    if _is_list(text):
        message = (
            "It looks like a list of words, and became a prompt that says them. "
            "`--format words` makes a guardrail that looks for them."
        )
        notes.add("", message)
    draft = Draft(description=_heading(text), messages=(Message("system", (text,)),))
    return (document(draft, asked, notes),)


def read_jinja(text: str, asked: Asked, notes: Notes) -> tuple[tuple[Ref, str], ...]:
    """Raises:
    Invalid: Its template is more than ours can say.
    """
    said: tuple[Message | Placeholder, ...]
    if roles.has_roles(text):
        said = tuple(roles.messages(text, set(), notes))
    else:
        message = "The file says no role; all of it is said by the system here."
        notes.add("", message)
        said = (Message("system", stripped(jinja_source.parse(text), "\n")),)
    return (document(Draft(description="", messages=said), asked, notes),)


def _is_list(text: str) -> bool:
    """Whether nearly every line is a few words without a mark of a sentence."""
    lines = [line.strip() for line in text.splitlines()]
    said = [line for line in lines if line and not line.startswith("#")]
    short = sum(_WORDS.fullmatch(line) is not None for line in said)
    return len(said) >= MIN_LISTED and short * 10 >= len(said) * 9


def _heading(text: str) -> str:
    """The first heading of Markdown, for people to recognise the text by."""
    for line in text.splitlines():
        if line.startswith("# ") and line[2:].strip():
            return line[2:]
        if line.strip():
            break
    return ""
