"""Prompty files: frontmatter, and a Jinja text with `system:` and `user:` lines.

Both forms are read: inputs as a mapping, and as a list of `name` and `kind`.
`${env:NAME}` and `${file:NAME}` stand for what is elsewhere; nothing elsewhere is
ever read.
"""

import re
from collections.abc import Iterator, Mapping

from registry.imports import roles
from registry.imports.declarations import Declared
from registry.imports.drafts import Draft, Placeholder, document
from registry.imports.foreign_yaml import parse_mapping
from registry.imports.naming import input_name
from registry.imports.results import Asked, Notes, refused
from registry.imports.sources import fenced
from registry.names import Ref
from registry.parts import as_text
from registry.values import Json

_KINDS = {
    "string": "string",
    "str": "string",
    "number": "number",
    "float": "number",
    "integer": "integer",
    "int": "integer",
    "boolean": "boolean",
    "bool": "boolean",
    "array": "array",
    "list": "array",
    "object": "object",
    "dict": "object",
}
_MEDIA = {"image", "audio", "file", "video"}
_REFERENCE = re.compile(r"\$\{(?:env|file):[^}]{0,500}\}", re.IGNORECASE)
_NO_PLACE = {
    "model": "The model and its settings belong into a binding.",
    "tools": "Tools are given by the chatbot.",
    "authors": "Authors are who proposes the document here.",
    "metadata": "Metadata has no place; the labels of a document are short texts.",
    "tags": "Tags have no place; the labels of a document are short texts.",
    "version": "The version is given when the file is imported.",
    "configuration": "The model and its settings belong into a binding.",
    "parameters": "The model and its settings belong into a binding.",
    "name": "",
    "description": "",
    "inputs": "",
    "inputSchema": "",
    "outputs": "",
    "outputSchema": "",
    "sample": "",
    "template": "",
}


def read(text: str, asked: Asked, notes: Notes) -> tuple[tuple[Ref, str], ...]:
    """Raises:
    Invalid: It is no such file, or its template is more than ours can say.
    """
    front, body = fenced(text)
    head = parse_mapping(front or "")
    _tell(head, notes)
    declared, threads = _inputs(head, notes)
    _refuse_engine(head.get("template"))
    said = roles.messages(body, threads, notes)
    given = {one.name for one in said if isinstance(one, Placeholder)}
    draft = Draft(
        description=as_text(head.get("description")) or as_text(head.get("name")),
        messages=tuple(said),
        declared={name: one for name, one in declared.items() if name not in given},
        output=_outputs(head.get("outputs", head.get("outputSchema"))),
        examples=tuple(_samples(head.get("sample"))),
    )
    return (document(draft, asked, notes),)


def _tell(head: Mapping[str, Json], notes: Notes) -> None:
    for key, value in head.items():
        told = _NO_PLACE.get(key, "It has no place in a document here.")
        if told and value not in (None, {}, []):
            notes.add(key, told)
        for reference in sorted(set(_REFERENCE.findall(str(value)))):
            message = f"{reference[:80]} is elsewhere and was not read."
            notes.add(key, message)


def _refuse_engine(template: Json) -> None:
    said = template.get("format", template) if isinstance(template, dict) else template
    kind = said.get("kind") if isinstance(said, dict) else said
    if isinstance(kind, str) and kind.lower() not in {"jinja2", "jinja", "nunjucks"}:
        message = f"its templates are {kind[:40]!r}, and only Jinja is read"
        raise refused(message, "Write the template in Jinja, then import it.")


def _inputs(
    head: Mapping[str, Json], notes: Notes
) -> tuple[dict[str, Declared], set[str]]:
    said = head.get("inputs", head.get("inputSchema"))
    declared: dict[str, Declared] = {}
    threads: set[str] = set()
    for name, one in _properties(said):
        kind = str(one.get("kind", one.get("type", "")))
        if kind == "thread":
            threads.add(name)
        elif kind in _MEDIA:
            message = f"It is {kind}, and prompts here are text: give it beside them."
            notes.add(f"inputs/{name}", message)
            declared[input_name(name)] = Declared(
                schema={"type": "string"}, optional=True
            )
        else:
            schema = _schema(one)
            declared[input_name(name)] = Declared(
                schema=schema, optional=one.get("required") is False
            )
    return declared, threads


def _properties(said: Json) -> Iterator[tuple[str, dict[str, Json]]]:
    """Each input or output by name, in whichever form they are given."""
    if isinstance(said, dict) and isinstance(said.get("properties"), (list, dict)):
        said = said["properties"]
    if isinstance(said, list):
        for one in said:
            if isinstance(one, dict) and isinstance(one.get("name"), str):
                yield str(one["name"]), one
    elif isinstance(said, dict):
        for name, one in said.items():
            yield name, one if isinstance(one, dict) else {"default": one}


def _schema(one: Mapping[str, Json]) -> dict[str, Json]:
    kind = _KINDS.get(str(one.get("kind", one.get("type", ""))))
    schema: dict[str, Json] = {"type": kind} if kind else {}
    if isinstance(one.get("description"), str) and one["description"]:
        schema["description"] = one["description"]
    values = one.get("enumValues", one.get("enum"))
    if isinstance(values, list) and values:
        schema["enum"] = values
    default = one.get("default")
    if default is not None and not _REFERENCE.search(str(default)):
        schema["default"] = default
        schema.setdefault("type", _type_of(default))
    return schema


def _outputs(said: Json) -> Json:
    properties: dict[str, Json] = {}
    for name, one in _properties(said):
        schema = _schema(one)
        schema.pop("default", None)
        properties[name] = schema
    if not properties:
        return None
    needed: list[Json] = [
        name for name, one in _properties(said) if one.get("required", True)
    ]
    return {"type": "object", "properties": properties, "required": needed}


def _samples(sample: Json) -> Iterator[dict[str, Json]]:
    if isinstance(sample, dict):
        yield {input_name(name): value for name, value in sample.items()}


def _type_of(value: Json) -> str:
    if isinstance(value, bool):
        return "boolean"
    names = {dict: "object", list: "array", int: "integer", float: "number"}
    return names.get(type(value), "string")
