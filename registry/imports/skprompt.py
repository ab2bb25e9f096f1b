"""Semantic Kernel's `skprompt.txt`: text with `{{$name}}` and calls of functions.

* `{{$input}}` is an input.  Upper and lower case are one name, as they are there.
* `{{"text"}}` is that text.
* `{{time.now}}` calls code: it becomes an input, and the chatbot fills it.
* All of it is one message of the user, as Semantic Kernel sends it.
"""

import re

from registry.imports.drafts import Draft, Message, document
from registry.imports.naming import input_name
from registry.imports.pieces import Name, Piece, merged
from registry.imports.results import Asked, Notes, refused
from registry.names import Ref
from registry.values import quoted

_TAG = re.compile(r"\{\{(?P<inner>(?:\"[^\"]*\"|'[^']*'|[^\"'{}])*+)\}\}")
_VARIABLE = re.compile(r"\$(\w+)\Z", re.ASCII)
_LITERAL = re.compile(r"\"([^\"]*)\"\Z|'([^']*)'\Z")
_CALL = re.compile(r"(?P<name>[A-Za-z_][\w.-]*)(?P<arguments>\s.*)?\Z", re.DOTALL)
_MESSAGE = re.compile(r"\s*<message\s+role\s*=", re.IGNORECASE)


def read(text: str, asked: Asked, notes: Notes) -> tuple[tuple[Ref, str], ...]:
    """Raises:
    Invalid: It is XML of messages, or has a tag that means nothing.
    """
    if _MESSAGE.match(text):
        hint = "Write its messages into a document by hand."
        raise refused("it is made of <message> elements, which are not read", hint)
    message = (
        "Descriptions and defaults of inputs are in config.json, which is not read."
    )
    notes.add("config.json", message)
    reading = _Reading(notes)
    draft = Draft(description="", messages=(Message("user", reading.pieces(text)),))
    return (document(draft, asked, notes),)


class _Reading:
    """One reading; it knows how each name was written first."""

    def __init__(self, notes: Notes) -> None:
        self._notes = notes
        self._called: dict[str, str] = {}
        self._taken: set[str] = set()
        self._numbers: dict[str, int] = {}

    def pieces(self, text: str) -> tuple[Piece, ...]:
        found: list[Piece] = []
        at = 0
        while (start := text.find("{{", at)) >= 0:
            tag = _TAG.match(text, start)
            if tag is None:
                shown = quoted(text[start : start + 40].split("\n")[0])
                raise refused(f"the tag {shown} is not read", "Close it.")
            found += [text[at:start], self._piece(tag["inner"].strip())]
            at = tag.end()
        return merged([*found, text[at:]])

    def _piece(self, inner: str) -> Piece:
        if variable := _VARIABLE.match(inner):
            return Name((self._name(variable[1]),))
        if literal := _LITERAL.match(inner):
            return literal[1] if literal[1] is not None else literal[2]
        call = _CALL.match(inner)
        if call is None:
            hint = "Write it as `{{$name}}`."
            raise refused(f"the tag {quoted(inner)} means nothing", hint)
        name = self._name(f"result_of_{input_name(call['name'])}", inner)
        message = (
            f"It calls a function; give its result as the input `{name}`. "
            "Nothing is called here."
        )
        self._notes.add(f"{{{{{inner[:80]}}}}}", message)
        return Name((name,))

    def _name(self, said: str, call: str = "") -> str:
        """What an input is called; two calls with other arguments are two inputs."""
        key = call or said.casefold()
        if key not in self._called:
            name = start = input_name(said)
            number = self._numbers.get(start, 2)
            while name in self._taken:
                name, number = f"{start[:57]}_{number}", number + 1
            self._numbers[start] = number
            self._taken.add(name)
            self._called[key] = name
        return self._called[key]
