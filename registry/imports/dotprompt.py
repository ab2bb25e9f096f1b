"""Dotprompt files: frontmatter, and a Handlebars text with `{{role "system"}}`.

* Text before the first role is the user's, as dotprompt has it.
* `{{history}}` is the placeholder `history`; without a role, what follows it is the
  assistant's.
* Pictures and sections are told; prompts here are text.
* `{{#role "user"}}...{{/role}}` is read as `{{role "user"}}...`.  Dotprompt itself
  leaves the text of such a block out, which nobody who writes one wants.
"""

from collections.abc import Callable

from registry.imports import handlebars
from registry.imports.declarations import Declared
from registry.imports.drafts import Draft, Message, Placeholder, document
from registry.imports.foreign_yaml import parse_mapping
from registry.imports.handlebars import Mark, Marked
from registry.imports.handlebars_tags import Tag
from registry.imports.naming import input_name
from registry.imports.picoschema import schema_from
from registry.imports.pieces import Piece, merged
from registry.imports.results import Asked, Notes, but, refused
from registry.imports.sources import fenced
from registry.names import Ref
from registry.parts import as_mapping, as_text
from registry.values import Json, quoted

_NO_PLACE = {
    "model": "The model belongs into a binding.",
    "config": "The settings of the model belong into a binding.",
    "tools": "Tools are given by the chatbot.",
    "toolDefs": "Tools are given by the chatbot.",
    "variant": "Variants have no place; give each a document of its own.",
    "version": "The version is given when the file is imported.",
    "name": "",
    "description": "",
    "input": "",
    "output": "",
}


def read(text: str, asked: Asked, notes: Notes) -> tuple[tuple[Ref, str], ...]:
    """Raises:
    Invalid: It is no such file, or its template is more than ours can say.
    """
    front, body = fenced(text)
    head = parse_mapping(front or "")
    for key, value in head.items():
        told = _NO_PLACE.get(key, "It has no place in a document here.")
        if told and value not in (None, {}, []):
            notes.add(key, told)
    body = body.strip() if front is not None else body
    draft = Draft(
        description=as_text(head.get("description")) or as_text(head.get("name")),
        messages=_messages(handlebars.parse(body, _TakenOver(notes)), notes),
        declared=_declared(as_mapping(head.get("input")), notes),
        output=_output(as_mapping(head.get("output")), notes),
    )
    return (document(draft, asked, notes),)


class _TakenOver:
    """Dotprompt's own helpers."""

    def __init__(self, notes: Notes) -> None:
        self._notes = notes

    def __call__(self, tag: Tag) -> tuple[Marked, ...] | None:
        word = tag.words[0] if tag.words else ""
        if word in {"role", "history"} and tag.sign in {"", "#", "/"}:
            return self._marked(tag)
        if word == "media" and tag.sign == "":
            message = "A picture or sound goes here: give it beside the prompt."
            self._notes.add(" ".join(tag.words)[:80], message)
            return ()
        if word == "section" and tag.sign in {"", "#", "/"}:
            message = "The mark of a section is left out; its text stays."
            self._notes.add(" ".join(tag.words)[:80], message)
            return ()
        return None

    def _marked(self, tag: Tag) -> tuple[Marked, ...]:
        if tag.sign == "/":
            return ()
        if tag.sign == "#":
            message = (
                "The block became a message; dotprompt itself leaves its text out."
            )
            self._notes.add(" ".join(("#" + tag.words[0], *tag.words[1:])), message)
        return (Mark(tag.words),)


def _messages(
    marked: tuple[Marked, ...], notes: Notes
) -> tuple[Message | Placeholder, ...]:
    found: list[Message | Placeholder] = []
    role, pieces = "user", list[Piece]()
    for piece in marked:
        if not isinstance(piece, Mark):
            pieces.append(piece)
            continue
        if "".join(str(each) for each in pieces).strip():
            found.append(Message(role, merged(pieces)))
        pieces = []
        if piece.words[0] == "history":
            found.append(Placeholder("history"))
            role = "model"
            message = "The chatbot gives the conversation for the placeholder."
            notes.add("history", message)
        else:
            role = _role(piece)
    return (*found, Message(role, merged(pieces)))


def _role(mark: Mark) -> str:
    if len(mark.words) < 2 or mark.words[1][:1] not in {'"', "'"}:
        hint = 'Write it as `{{role "user"}}`.'
        raise refused("a role is not given as text", hint)
    return mark.words[1].strip("\"'")


def _declared(said: dict[str, Json], notes: Notes) -> dict[str, Declared]:
    schema = schema_from(said.get("schema"), _unknown("input", notes)) or {}
    defaults = as_mapping(said.get("default"))
    properties = as_mapping(schema.get("properties"))
    required = schema.get("required")
    needed = required if isinstance(required, list) else []
    if schema.get("type", "object") != "object" or schema.get("additionalProperties"):
        message = "Only inputs that have a name are declared here."
        notes.add("input/schema", message)
    declared: dict[str, Declared] = {}
    for name in dict.fromkeys([*properties, *defaults]):
        one = dict(as_mapping(properties.get(name)))
        if name in defaults:
            one["default"] = defaults[name]
            one.setdefault("type", _type_of(defaults[name]))
        called = input_name(name)
        if called != name:
            notes.add(f"input/{name}", f"The input is called {called} here.")
        declared[called] = Declared(schema=one, optional=name not in needed)
    return declared


def _output(said: dict[str, Json], notes: Notes) -> Json:
    for key in but(said, {"schema"}):
        notes.add(f"output/{key}", "It has no place; a schema says what an answer is.")
    schema: Json = schema_from(said.get("schema"), _unknown("output", notes))
    return schema


def _unknown(where: str, notes: Notes) -> Callable[[str], None]:
    def told(name: str) -> None:
        message = (
            f"The file does not say what the type {quoted(name)} is: any value is "
            "taken for it here. A list of texts is written `name(array): string`."
            if name.endswith("[]")
            else f"The file does not say what the type {quoted(name)} is, because a "
            "program does: any value is taken for it here."
        )
        notes.add(f"{where}/schema", message)

    return told


def _type_of(value: Json) -> str:
    if isinstance(value, bool):
        return "boolean"
    names = {dict: "object", list: "array", int: "integer", float: "number"}
    return names.get(type(value), "string")
