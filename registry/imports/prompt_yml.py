"""GitHub's `.prompt.yml`: messages with `{{name}}`, test data, evaluators.

* `{{name}}` is replaced by the value of that name; any other braces are text.
* A line of the test data becomes a case of the rendered text.  Evaluators judge
  what a model answers, which no case here does.
"""

import re
from collections.abc import Iterator

from registry.imports.drafts import Draft, Message, document
from registry.imports.foreign_yaml import parse_json, parse_mapping
from registry.imports.naming import input_name
from registry.imports.pieces import Name, Piece, Pieces, merged
from registry.imports.results import Asked, Notes, refused
from registry.names import Ref
from registry.parts import as_text
from registry.values import Json

_NAME = re.compile(r"\{\{[ \t]*([A-Za-z_][A-Za-z0-9_]*)[ \t]*\}\}")
_NO_PLACE = {
    "model": "The model belongs into a binding.",
    "modelParameters": "The settings of the model belong into a binding.",
    "evaluators": "Evaluators judge what a model answers; cases here judge the text.",
    "tools": "Tools are given by the chatbot.",
    "name": "",
    "description": "",
    "messages": "",
    "testData": "",
    "jsonSchema": "",
    "responseFormat": "",
}


def read(text: str, asked: Asked, notes: Notes) -> tuple[tuple[Ref, str], ...]:
    """Raises:
    Invalid: It has no messages, or says what a prompt here cannot.
    """
    head = parse_mapping(text)
    said = head.get("messages")
    if not isinstance(said, list) or not said:
        raise refused("it has no `messages`", "Give it at least one message.")
    for key, value in head.items():
        told = _NO_PLACE.get(key, "It has no place in a document here.")
        if told and value not in (None, {}, []):
            notes.add(key, told)
    draft = Draft(
        description=as_text(head.get("description")) or as_text(head.get("name")),
        messages=tuple(_messages(said)),
        output=_output(head, notes),
        examples=tuple(_examples(head.get("testData"))),
    )
    return (document(draft, asked, notes),)


def pieces_of(text: str) -> Pieces:
    """Names in double braces; everything else is literal."""
    found: list[Piece] = []
    at = 0
    for tag in _NAME.finditer(text):
        found += [text[at : tag.start()], Name((input_name(tag[1]),))]
        at = tag.end()
    return merged([*found, text[at:]])


def _messages(said: list[Json]) -> Iterator[Message]:
    for index, one in enumerate(said):
        content = one.get("content") if isinstance(one, dict) else None
        if not isinstance(one, dict) or not isinstance(content, str):
            message = f"the content of message {index + 1} is not text"
            raise refused(message, "Messages with pictures or tools stay outside.")
        yield Message(str(one.get("role", "user")), pieces_of(content))


def _output(head: dict[str, Json], notes: Notes) -> Json:
    schema = head.get("jsonSchema")
    if isinstance(schema, str):
        schema = parse_json(schema)
    if isinstance(schema, dict) and isinstance(schema.get("schema"), dict):
        return schema["schema"]
    if head.get("responseFormat") not in (None, "text", "json_schema"):
        message = "That the answer is JSON is not said here without a schema."
        notes.add("responseFormat", message)
    return schema


def _examples(said: Json) -> Iterator[dict[str, Json]]:
    for one in said if isinstance(said, list) else []:
        if isinstance(one, dict):
            yield {input_name(name): value for name, value in one.items()}
