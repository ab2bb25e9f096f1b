"""A prompt from what a file says: messages, inputs, cases.

* An input is what the text uses, or what the file declares.  What the file does
  not declare is declared as required text, and told.
* An optional input without a default gets the one that comes to the same text:
  none.
* What comes out is parsed and checked as every document is.  What that finds is
  told; nothing half right comes out.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from registry.checks import check
from registry.documents import Document, dump, parse
from registry.errors import Invalid, InvalidDocument, NotFound
from registry.imports.declarations import Declared, inputs_for
from registry.imports.pieces import Pieces, engine_of, is_blank, names_in, written
from registry.imports.results import Asked, Notes, refused
from registry.json_schemas import problems as schema_problems
from registry.names import Kind, Ref, ref
from registry.values import Json

MAX_DESCRIPTION = 500
MAX_CASES = 20

_ROLES = {
    "system": "system",
    "developer": "system",
    "user": "user",
    "assistant": "assistant",
    "model": "assistant",
}


@dataclass(frozen=True, slots=True)
class Message:
    role: str
    pieces: Pieces


@dataclass(frozen=True, slots=True)
class Placeholder:
    """Where messages of the caller go."""

    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What a file says, in our words.

    Attributes:
        declared: The inputs that the file declares.
        examples: Values that the file gives as examples; they become cases.
    """

    description: str
    messages: tuple[Message | Placeholder, ...]
    declared: Mapping[str, Declared] = field(default_factory=dict)
    output: Json = None
    examples: tuple[Mapping[str, Json], ...] = ()


def role_of(word: str) -> str:
    """Raises:
    Invalid: Our messages know no such role.
    """
    role = _ROLES.get(word.strip().lower())
    if role is None:
        message = f"a message has the role {word[:40]!r}, which a prompt here cannot"
        raise refused(message, "Take that message out; the chatbot sends it itself.")
    return role


def document(draft: Draft, asked: Asked, notes: Notes) -> tuple[Ref, str]:
    """Raises:
    Invalid: It cannot be carried over without changing what it means.
    """
    said = [
        message
        for message in draft.messages
        if isinstance(message, Placeholder) or not is_blank(message.pieces)
    ]
    texts = [one.pieces for one in said if isinstance(one, Message)]
    if not texts:
        raise refused("there is no text in it", "A prompt has at least one message.")
    engine = engine_of(texts)
    value: dict[str, Json] = {
        "kind": Kind.PROMPT.value,
        "name": asked.name,
        "version": asked.version,
        "owner": asked.owner,
        "description": described(draft.description, notes),
        "template": engine,
    }
    inputs = inputs_for(texts, draft.declared, notes)
    if inputs:
        value["inputs"] = inputs
    value["messages"] = [_message(one, engine) for one in said]
    value |= _output(draft.output, notes)
    made = verified(Kind.PROMPT, asked.name, value)
    cases = _cases(draft, inputs, texts, notes)
    if not cases:
        return made
    try:
        made = verified(Kind.PROMPT, asked.name, value | {"cases": cases})
    except Invalid as error:
        notes.add("", f"The examples became no cases: {error}.")
    else:
        notes.add("", f"Examples became cases of the rendered text: {len(cases)}.")
    return made


def described(text: str, notes: Notes) -> str:
    """*text* as a description: on one line, and not too long."""
    line = " ".join(text.split())
    if len(line) > MAX_DESCRIPTION:
        notes.add("description", "The description was cut to 500 characters.")
        line = line[: MAX_DESCRIPTION - 3] + "..."
    return line or "Imported."


def verified(kind: Kind, name: str, value: dict[str, Json]) -> tuple[Ref, str]:
    """The document as text, if the registry takes it.

    Raises:
        Invalid: It does not; the message is the first finding.
    """
    expected = ref(kind, name)
    source = dump(value)
    try:
        made = parse(source, expected=expected)
    except InvalidDocument as error:
        first = error.findings[0]
        raise refused(f"{first.where}: {first.message}", first.hint) from None
    for _, finding in check({expected: made}, _alone(made)):
        raise refused(f"{finding.where}: {finding.message}", finding.hint)
    return expected, source.decode()


def _alone(made: Document) -> Callable[[Ref], Document]:
    """What gives a document, and knows of no other."""

    def get(wanted: Ref) -> Document:
        if wanted == made.ref:
            return made
        raise NotFound(f"{wanted} does not exist")

    return get


def _message(one: Message | Placeholder, engine: str) -> dict[str, Json]:
    if isinstance(one, Placeholder):
        return {"placeholder": one.name}
    return {"role": role_of(one.role), "content": written(one.pieces, engine)}


def _output(schema: Json, notes: Notes) -> dict[str, Json]:
    if not isinstance(schema, dict) or not schema:
        return {}
    for problem in schema_problems(schema):
        where = "/".join(map(str, ("output", *problem.path)))
        notes.add(where, f"The schema of the answer was left out: {problem.message}.")
        return {}
    return {"output": schema}


def _cases(
    draft: Draft, inputs: dict[str, Json], texts: Iterable[Pieces], notes: Notes
) -> list[Json]:
    """A case for each example that gives every required input."""
    if not draft.examples:
        return []
    shown = {
        name.path[0]
        for pieces in texts
        for name, use in names_in(pieces)
        if use == "text" and len(name.path) == 1 and not name.filters
    }
    given, required = inputs.get("properties"), inputs.get("required")
    names = given if isinstance(given, dict) else {}
    needed = {str(name) for name in required} if isinstance(required, list) else set()
    cases: list[Json] = []
    for example in draft.examples[:MAX_CASES]:
        values = {name: value for name, value in example.items() if name in names}
        contains: list[Json] = [
            value
            for name, value in values.items()
            if isinstance(value, str) and value and name in shown
        ]
        if contains and needed <= values.keys():
            cases.append({"inputs": values, "expect": {"contains": contains}})
    if len(cases) < len(draft.examples):
        left = len(draft.examples) - len(cases)
        notes.add("", f"{left} of the examples became no case: they lack an input.")
    return cases
