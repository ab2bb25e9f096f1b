"""The inputs of an imported prompt: what the file declares, what its text uses."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from registry.imports.pieces import Pieces, loops_in, names_in
from registry.imports.results import Notes, but, refused
from registry.json_schemas import KEYWORDS
from registry.json_schemas import problems as schema_problems
from registry.values import Json

_ANY_TEXT: list[Json] = ["string", "number", "boolean"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared:
    """An input as a file declares it.

    Attributes:
        schema: JSON Schema; keywords that are not taken here are left out.
        optional: A caller may leave it out.
    """

    schema: Mapping[str, Json]
    optional: bool


def inputs_for(
    texts: Iterable[Pieces], declared: Mapping[str, Declared], notes: Notes
) -> dict[str, Json]:
    """The `inputs` of a prompt with *texts*; empty if it takes none.

    Raises:
        Invalid: A text needs something of an input that it is not declared to be.
    """
    uses = _uses(texts)
    properties: dict[str, Json] = {}
    for name in dict.fromkeys([*uses, *declared]):
        use, known = uses.get(name, _Use()), declared.get(name)
        properties[name] = _schema(name, known, use, notes)
    undeclared = [name for name in properties if name not in declared]
    if undeclared:
        told = ", ".join(undeclared)
        message = f"The file does not declare {told}: declared as required here."
        notes.add("inputs", message)
    if not properties:
        return {}
    made: dict[str, Json] = {"type": "object", "properties": properties}
    required: list[Json] = [
        name
        for name, schema in properties.items()
        if isinstance(schema, dict) and "default" not in schema
    ]
    if required:
        made["required"] = required
    return made | {"additionalProperties": False}


def _schema(
    name: str, known: Declared | None, use: "_Use", notes: Notes
) -> dict[str, Json]:
    schema = _clean(name, known.schema if known else {}, notes)
    if use.items is not None and schema.get("type") == "object":
        schema = _as_list(name, schema, notes)
    schema = _fitting(name, schema, use)
    if known is not None and known.optional and "default" not in schema:
        _make_optional(name, schema, use, notes)
    return schema


class _Use:
    """How texts use an input, and the parts of it."""

    def __init__(self) -> None:
        self.kinds: set[str] = set()
        self.parts: dict[str, _Use] = {}
        self.items: _Use | None = None

    def at(self, path: tuple[str, ...]) -> "_Use":
        use = self
        for part in path:
            use = use.parts.setdefault(part, _Use())
        return use


def _uses(texts: Iterable[Pieces]) -> dict[str, _Use]:
    root = _Use()
    for pieces in texts:
        variables: dict[str, _Use] = {}
        for loop in loops_in(pieces):
            over = _place(root, variables, loop.over.path, local=loop.over.local)
            over.items = over.items or _Use()
            variables[loop.variable] = over.items
        for name, kind in names_in(pieces):
            _place(root, variables, name.path, local=name.local).kinds.add(kind)
    return root.parts


def _place(
    root: _Use, variables: dict[str, _Use], path: tuple[str, ...], *, local: bool
) -> _Use:
    if not local:
        return root.at(path)
    return variables.get(path[0], _Use()).at(path[1:])  # `loop` is nobody's input


def _clean(name: str, schema: Mapping[str, Json], notes: Notes) -> dict[str, Json]:
    """*schema* with what is taken here; a type alone if it is wrong in itself."""
    kept = {key: value for key, value in schema.items() if key in KEYWORDS}
    for key in but(schema, kept):
        notes.add(f"inputs/{name}", f"`{key[:60]}` has no place in a schema here.")
    for problem in schema_problems(kept):
        message = f"Its schema was left out but for the type: {problem.message}."
        notes.add(f"inputs/{name}", message)
        kind = kept.get("type")
        return {"type": kind} if kind in ("string", "number", "boolean") else {}
    return kept


def _fitting(name: str, schema: dict[str, Json], use: _Use) -> dict[str, Json]:
    """*schema* with what the texts need of it.

    Raises:
        Invalid: It says something else already.
    """
    if use.parts:
        return _with_parts(name, schema, use)
    if use.items is not None or "list" in use.kinds:
        return _with_items(name, schema, use)
    types = _types(schema)
    if not types and "enum" not in schema and "const" not in schema:
        plain: list[Json] = ["string"] if not schema else _ANY_TEXT
        return {"type": plain if len(plain) > 1 else "string", **schema}
    if "text" in use.kinds and types & {"object", "array"}:
        message = f"`{name}` is a list or a mapping, and stands in the text as a whole"
        raise refused(message, "Name a part of it in the text.")
    if "test" in use.kinds and "object" in types:
        message = f"a condition asks whether the mapping `{name}` is there"
        raise refused(message, "Ask for a part of it that is text.")
    if "null" in types and "text" in use.kinds:
        return {**schema, "type": _one_or_many(types - {"null"})}
    return schema


def _as_list(name: str, schema: dict[str, Json], notes: Notes) -> dict[str, Json]:
    """What files call an object and go through as a list: neither is ever checked."""
    if "properties" in schema:
        return schema
    message = "It is declared as an object and used as a list: a list here."
    notes.add(f"inputs/{name}", message)
    kept = {"description": schema["description"]} if "description" in schema else {}
    return {"type": "array", **kept}


def _with_parts(name: str, schema: dict[str, Json], use: _Use) -> dict[str, Json]:
    if _types(schema) - {"object"} or "text" in use.kinds:
        message = f"`{name}` is used with parts and without, or is no mapping"
        raise refused(message, "Declare it as a mapping, and name parts of it.")
    given = schema.get("properties")
    properties = dict(given) if isinstance(given, dict) else {}
    said = schema.get("required")
    required = [str(part) for part in said] if isinstance(said, list) else []
    for part, inner in use.parts.items():
        known = properties.get(part)
        inner_schema = dict(known) if isinstance(known, dict) else {}
        properties[part] = _fitting(f"{name}.{part}", inner_schema, inner)
        if part not in required:
            required.append(part)
    needed: list[Json] = list(required)
    return {**schema, "type": "object", "properties": properties, "required": needed}


def _with_items(name: str, schema: dict[str, Json], use: _Use) -> dict[str, Json]:
    if _types(schema) - {"array", "null"} or "text" in use.kinds:
        message = f"a loop goes through `{name}`, which is no list"
        raise refused(message, "Declare it as a list.")
    given = schema.get("items")
    items = dict(given) if isinstance(given, dict) else {}
    inner = _fitting(f"{name}[]", items, use.items or _Use())
    return {**schema, "type": "array", "items": inner}


def _make_optional(name: str, schema: dict[str, Json], use: _Use, notes: Notes) -> None:
    """Give *schema* the default that stands for nothing."""
    types = _types(schema) - {"null"}
    if types == {"array"}:
        schema |= {"type": "array", "default": []}
    elif "object" in types or "const" in schema:
        message = "It is optional in the file; here a caller must give it."
        notes.add(f"inputs/{name}", message)
    elif types == {"boolean"} and "text" not in use.kinds:
        schema |= {"type": "boolean", "default": False}
    else:
        schema["default"] = ""
        if isinstance(schema.get("enum"), list):
            schema["enum"] = _without_null(schema["enum"])
        if types:
            schema["type"] = _one_or_many(types | {"string"})
        for limit in ("minLength", "pattern"):
            schema.pop(limit, None)


def _without_null(values: Json) -> list[Json]:
    kept = [v for v in values if v is not None] if isinstance(values, list) else []
    return [*kept, *([] if "" in kept else [""])]


def _types(schema: Mapping[str, Json]) -> set[str]:
    kind = schema.get("type")
    if isinstance(kind, list):
        return set(map(str, kind))
    return {kind} if isinstance(kind, str) else set()


def _one_or_many(types: set[str]) -> Json:
    order: list[Json] = [*sorted(types)]
    return order[0] if len(order) == 1 else order
