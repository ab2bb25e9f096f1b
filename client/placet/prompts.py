"""A prompt as it is live: values in, messages out.

Rendering checks that values are there, not that they fit their schema: an
input's default stands in for a value that was not given, a required one without
a value is an error, and a placeholder takes the list of messages given by its
name. What a value contains is never read as a template.

Reading a prompt parses its templates, so that one which cannot be rendered is
refused when it arrives and not in the middle of a conversation.
"""

import copy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypedDict, cast

from placet import shapes, templates
from placet.copies import Copy
from placet.errors import BadAnswer, Unsupported
from placet.shapes import Object
from placet.templates import MissingInput, Template, TemplateInvalid

if TYPE_CHECKING:  # it needs an extra
    from placet.jinja.rendering import Jinja


class Message(TypedDict):
    """One message as models take it: `{"role": "user", "content": "..."}`."""

    role: str
    content: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A message that the prompt itself brings."""

    role: str
    content: "Template | Jinja"


@dataclass(frozen=True, slots=True, kw_only=True)
class Placeholder:
    """Where the caller's messages of that name go."""

    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompt:
    """One live prompt; it never changes, and threads may share it.

    Attributes:
        digest: Of the prompt as served, with what it includes; `document["digest"]`
            is of the document that people agreed to.
        seq: The environment's sequence number it was read at.
        stale: Nobody has confirmed that it is still live: it comes from disk,
            or the last attempt to ask failed.
    """

    name: str
    version: str
    digest: str
    environment: str
    epoch: int
    seq: int
    stale: bool
    _document: Object = field(repr=False, compare=False)
    _inputs: Object = field(repr=False, compare=False)
    _parts: tuple[Said | Placeholder, ...] = field(repr=False, compare=False)

    def render(self, /, **values: object) -> list[Message]:
        """Return the messages for a model, with *values* in their places.

        Values that the prompt does not ask for are left out, so that a prompt
        may stop using one while chatbots still give it.

        Raises:
            MissingInput: A value is not there and has no default, or cannot be
                written as text.
            OverLimit: A jinja template would take too much with these values.
            TypeError: A placeholder was given something else than messages.
        """
        whole = templates.complete(self._inputs, values)
        said = [part.content for part in self._parts if isinstance(part, Said)]
        contents = iter(_rendered(said, whole))
        messages: list[Message] = []
        for part in self._parts:
            if isinstance(part, Said):
                messages.append({"role": part.role, "content": next(contents)})
            else:
                messages.extend(_messages(part.name, whole))
        return messages

    @property
    def document(self) -> dict[str, object]:
        """Everything the registry says of it; a copy, to change as you like."""
        return copy.deepcopy(dict(self._document))

    @property
    def output(self) -> dict[str, object] | None:
        """The JSON Schema that the model's answer has to fit, if there is one."""
        return cast("dict[str, object] | None", self.document.get("output"))

    def log_fields(self) -> dict[str, object]:
        """What an answer was made with, as `extra=` of a log record."""
        return {
            "placet_environment": self.environment,
            "placet_seq": self.seq,
            "placet_prompt": self.name,
            "placet_version": self.version,
            "placet_digest": self.digest,
            "placet_stale": self.stale,
        }


def open_prompt(copy: Copy, environment: str, *, stale: bool) -> Prompt:
    """Raises:
    BadAnswer: The bytes are not this prompt, or not one that can be rendered.
    Unsupported: It needs an extra.
    """
    document = shapes.parse_object(copy.body or b"", what=copy.ref)
    prompt = prompt_of(
        document, copy.digest, environment, (copy.epoch, copy.seq), stale=stale
    )
    if prompt.name != copy.name:
        raise BadAnswer(f"the answer for {copy.ref} is another prompt")
    return prompt


def prompt_of(
    document: Object,
    digest: str,
    environment: str,
    place: tuple[int, int],
    *,
    stale: bool,
) -> Prompt:
    """Read a composed prompt.

    Raises:
        BadAnswer: It is not a prompt, or not one that can be rendered.
        Unsupported: It needs an extra.
    """
    if document.get("kind") != "prompt":
        raise BadAnswer("the answer is not a prompt")
    name = shapes.text(document, "name")
    engine = shapes.text(document, "template")
    return Prompt(
        name=name,
        version=shapes.text(document, "version"),
        digest=digest,
        environment=environment,
        epoch=place[0],
        seq=place[1],
        stale=stale,
        _document=document,
        _inputs=shapes.mapping(document, "inputs"),
        _parts=tuple(
            _part(message, engine, name)
            for message in shapes.sequence(document, "messages")
        ),
    )


def _part(message: object, engine: str, prompt: str) -> Said | Placeholder:
    if not isinstance(message, dict):
        raise BadAnswer(f"a message of {prompt} is not an object")
    if "placeholder" in message:
        return Placeholder(name=shapes.text(message, "placeholder"))
    content = shapes.text(message, "content")
    return Said(
        role=shapes.text(message, "role"), content=_template(content, engine, prompt)
    )


def _template(content: str, engine: str, prompt: str) -> "Template | Jinja":
    if engine == "none":
        return Template(pieces=(content,))
    if engine not in {"simple", "jinja"}:
        raise Unsupported(f"the prompt {prompt} has a template of an unknown kind")
    try:
        return (
            _jinja(content, prompt) if engine == "jinja" else templates.parse(content)
        )
    except TemplateInvalid:  # from None: the error quotes the prompt
        raise BadAnswer(f"a message of {prompt} is not a valid template") from None


def _jinja(content: str, prompt: str) -> "Jinja":
    try:
        from placet.jinja import rendering
    except ModuleNotFoundError:
        raise Unsupported(
            f"the prompt {prompt} is a jinja template, which takes an extra",
            hint='Install it: pip install "placet[jinja]".',
        ) from None
    return rendering.parse(content)


def _rendered(
    contents: "Sequence[Template | Jinja]", values: Mapping[str, object]
) -> list[str]:
    """A prompt's texts are all of one kind."""
    simple = [text for text in contents if isinstance(text, Template)]
    if len(simple) == len(contents):
        return [text.render(values) for text in simple]
    from placet.jinja import rendering

    return rendering.render_all(cast("Sequence[Jinja]", contents), values)


def _messages(name: str, values: Mapping[str, object]) -> list[Message]:
    if name not in values:
        raise MissingInput(f"no messages for the placeholder {name!r}")
    given = values[name]
    if not isinstance(given, Sequence) or not all(
        isinstance(message, Mapping) for message in given
    ):
        raise TypeError(
            f"the placeholder {name!r} takes a list of messages, "
            'such as [{"role": "user", "content": "..."}]'
        )
    return [cast("Message", dict(message)) for message in given]
