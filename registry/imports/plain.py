"""Texts without a language of their own: Markdown and plain text, and Jinja files.

Plain text is one message of the system, and all of it literal.  A Jinja file that
has lines such as `user:` is split there, as Prompt flow does it; one that has none
is one message of the system.
"""

from registry.imports import jinja_source, roles
from registry.imports.drafts import Draft, Message, Placeholder, document
from registry.imports.pieces import stripped
from registry.imports.results import Asked, Notes
from registry.names import Ref


def read_text(text: str, asked: Asked, notes: Notes) -> tuple[tuple[Ref, str], ...]:
    """Raises:
    Invalid: There is nothing in it, or too much.
    """
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


def _heading(text: str) -> str:
    """The first heading of Markdown, for people to recognise the text by."""
    for line in text.splitlines():
        if line.startswith("# ") and line[2:].strip():
            return line[2:]
        if line.strip():
            break
    return ""
