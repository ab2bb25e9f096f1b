"""What is checked: a text, a call of a tool, or both.

The text of a call that comes without one is made of its arguments, one to a line:
`order.id: 7`.  Texts stand there as they are, everything else as JSON, so that a
rule about texts also sees what is asked of a tool.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias, TypeVar

from placet.guardrails.allowances import Allowance
from placet.guardrails.errors import CannotCheck
from placet.guardrails.texts import MAX_CHARS, Span, Text, read

STAGES = ("input", "output", "retrieval", "tool_call", "tool_result")
MAX_DEPTH = 64

Engine: TypeAlias = Callable[[str, Mapping[str, object]], Iterable[Span] | bool]
"""An engine of the chatbot's own: given a text and a check's `config`."""

_Given = TypeVar("_Given")
_Made = TypeVar("_Made")


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolCall:
    """A call that a model asks for."""

    name: str
    arguments: Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """Attributes:
    is_made: The text was made of the call.
    engines: By the name that an `external` check calls them.
    """

    stage: str
    tool_call: ToolCall | None
    is_made: bool
    engines: Mapping[str, Engine] = field(repr=False)
    _whole: str | CannotCheck = field(repr=False)
    _text: Text | CannotCheck = field(repr=False)
    allowance: Allowance = field(default_factory=Allowance, repr=False, compare=False)

    @property
    def whole(self) -> str:
        """The text, however long it is.

        Raises:
            CannotCheck: None can be made of the call.
        """
        return _or_raised(self._whole)

    @property
    def text(self) -> Text:
        """Raises:
        CannotCheck: None can be made of the call, or it is too long.
        """
        return _or_raised(self._text)


def subject_of(
    stage: str,
    text: str | None,
    tool_call: Mapping[str, object] | None,
    engines: Mapping[str, Engine] | None,
) -> Subject:
    """Raises:
    ValueError: There is no such stage, or nothing to check.
    TypeError: The text is no text, or the call is not one of a tool.
    """
    if stage not in STAGES:
        raise ValueError(f"{stage!r} is none of the stages {', '.join(STAGES)}")
    if text is None and tool_call is None:
        raise ValueError("there is nothing to check: give a text or a tool call")
    if text is not None and not isinstance(text, str):
        raise TypeError("what is checked has to be text")
    call = None if tool_call is None else _call_of(tool_call)
    whole = _tried(_text_of, call) if text is None and call is not None else text or ""
    return Subject(
        stage=stage,
        tool_call=call,
        is_made=text is None,
        engines=engines or {},
        _whole=whole,
        _text=whole if isinstance(whole, CannotCheck) else _tried(read, whole),
    )


def scalar_text(value: object) -> str:
    """A text as it is, everything else as JSON.

    Raises:
        CannotCheck: It is nothing that JSON knows.
    """
    if isinstance(value, str):
        return value
    try:
        return json.dumps(value, ensure_ascii=False, sort_keys=True)
    except (TypeError, ValueError, RecursionError):
        raise CannotCheck("an argument of the tool call is not JSON") from None


def _tried(make: Callable[[_Given], _Made], given: _Given) -> _Made | CannotCheck:
    """Once for all rules: each of them is told the same."""
    try:
        return make(given)
    except CannotCheck as error:
        return error


def _or_raised(made: _Made | CannotCheck) -> _Made:
    if isinstance(made, CannotCheck):
        raise CannotCheck(made.message)
    return made


def _call_of(given: Mapping[str, object]) -> ToolCall:
    name = given.get("name")
    arguments = given.get("arguments", {})
    if not isinstance(name, str) or not isinstance(arguments, Mapping):
        raise TypeError(
            "a tool call is {'name': text, 'arguments': a mapping}; "
            "parse the arguments if the model wrote them as JSON"
        )
    return ToolCall(name=name, arguments=arguments)


def _text_of(call: ToolCall) -> str:
    lines: list[str] = []
    chars = 0
    for path, value in _leaves(call.arguments, (), MAX_DEPTH):
        lines.append(f"{'.'.join(path)}: {scalar_text(value)}")
        chars += len(lines[-1]) + 1
        if chars > MAX_CHARS:
            raise CannotCheck("the arguments of the tool call are too long")
    return "\n".join(lines)


def _leaves(
    value: object, path: tuple[str, ...], depth: int
) -> Iterator[tuple[tuple[str, ...], object]]:
    """Every value that is neither a mapping nor a list, in order."""
    items: Iterable[tuple[object, object]]
    if isinstance(value, Mapping):
        items = value.items()
    elif isinstance(value, (list, tuple)):
        items = enumerate(value)
    else:
        yield path, value
        return
    if depth == 0:
        raise CannotCheck(f"the arguments are nested deeper than {MAX_DEPTH} levels")
    for key, inner in items:
        yield from _leaves(inner, (*path, str(key)), depth - 1)
