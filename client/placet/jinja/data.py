"""Data as a template sees it, and what using it may take.

A value is text, a number, true or false, none, or a list or mapping of these.  Lists
and mappings are shown through wrappers that have parts and nothing else: none of
Python's attributes or methods can be reached through them.  Whatever is taken out of
them, made of them or written is counted before it is held.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextvars import ContextVar
from typing import cast, overload

from placet.templates import MissingInput, OverLimit

MAX_OUTPUT_CHARS = 2**18
MAX_VALUE_CHARS = 2**18
MAX_DEPTH = 32

_MAX_NUMBER = 2**63
_WORK = 2_000_000
_OF_ACCESS = 64  # work of taking something out of a list or mapping


class Budget:
    """What is left for rendering the texts of one prompt with one set of values.

    Attributes:
        parts: Into how many the steps are divided.
        size: Of the values that the text takes, in characters.
    """

    def __init__(self, *, texts: int, of: int) -> None:
        less = max(1, -(-of // 8))
        self.parts = max(1, texts) * less
        self.size = 0
        self._chars = MAX_OUTPUT_CHARS
        self._work = _WORK // less

    def write(self, chars: int) -> None:
        self.work(0)
        self._chars -= chars
        if self._chars < 0:
            raise OverLimit(f"the text has over {MAX_OUTPUT_CHARS:,} characters")

    def work(self, chars: int) -> None:
        self._work -= chars
        if self._work < 0:
            raise OverLimit("rendering takes more than a template may")


BUDGET: ContextVar[Budget] = ContextVar("budget")


class Closed:
    """Data as a template sees it: its parts, and nothing of Python's."""

    __slots__ = ("_raw",)
    _raw: "list[object] | dict[str, object]"

    def __init__(self, raw: "list[object] | dict[str, object]") -> None:
        object.__setattr__(self, "_raw", raw)

    def __getattribute__(self, name: str) -> object:
        if name == "__class__":  # how it is told that it is a list or a mapping
            return object.__getattribute__(self, name)
        raise AttributeError(name)

    def __len__(self) -> int:
        return len(_raw(self))

    def __eq__(self, other: object) -> bool:
        budget = BUDGET.get()
        budget.work(budget.size)
        return isinstance(other, Closed) and _raw(self) == _raw(other)

    __hash__ = None  # type: ignore[assignment]


class ListOf(Closed, Sequence[object]):
    __slots__ = ()

    @overload
    def __getitem__(self, index: int) -> object: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[object]: ...
    def __getitem__(self, index: int | slice) -> object:
        return closed(cast("list[object]", _raw(self))[index])

    def __iter__(self) -> Iterator[object]:
        return map(closed, _raw(self))


class MappingOf(Closed, Mapping[str, object]):
    __slots__ = ()

    def __getitem__(self, key: object) -> object:
        return closed(cast("dict[object, object]", _raw(self))[key])

    def __iter__(self) -> Iterator[str]:
        return cast("Iterator[str]", map(closed, _raw(self)))


def _raw(closed: Closed) -> "list[object] | dict[str, object]":
    return cast("dict[str, object]", object.__getattribute__(closed, "_raw"))


def closed(value: object) -> object:
    """Hand out *value*, and count what that takes."""
    BUDGET.get().work(_OF_ACCESS + (len(value) if isinstance(value, str) else 0))
    if isinstance(value, dict):
        return MappingOf(value)
    if isinstance(value, list | tuple):
        return ListOf(cast("list[object]", value))
    if isinstance(value, str):
        return str.__str__(value)
    return value


def measured(values: Mapping[str, object]) -> tuple[int, int]:
    """Return the length of the longest text in *values*, and the size of them all.

    Raises:
        MissingInput: There is something in them that is no data.
        OverLimit: They are too large.
    """
    left, longest = MAX_VALUE_CHARS, 0
    waiting: list[tuple[object, int]] = [(value, 0) for value in values.values()]
    while waiting:
        value, depth = waiting.pop()
        if isinstance(value, str):
            left -= len(value)
            longest = max(longest, len(value))
        elif isinstance(value, dict):
            left -= sum(map(len, _keys(value)))
            waiting += ((inner, depth + 1) for inner in value.values())
        elif isinstance(value, list | tuple):
            waiting += ((inner, depth + 1) for inner in value)
        elif not isinstance(value, int | float | None):
            raise MissingInput(f"a value is not data but {type(value).__name__}")
        elif isinstance(value, int) and not -_MAX_NUMBER < value < _MAX_NUMBER:
            raise MissingInput("a number is too large for a template")
        left -= 8
        if left < 0 or depth > MAX_DEPTH:
            raise OverLimit("the values are too large for a template")
    return longest, MAX_VALUE_CHARS - left


def _keys(value: "dict[object, object]") -> "list[str]":
    keys = list(value)
    if not all(isinstance(key, str) for key in keys):
        raise MissingInput("a mapping has a key that is not text")
    return cast("list[str]", keys)


def dumped(value: object) -> str:
    raw = _raw(value) if isinstance(value, Closed) else value
    try:
        text = json.dumps(raw, ensure_ascii=False, allow_nan=False)
    except (TypeError, ValueError, RecursionError) as error:
        raise MissingInput(f"a value is not JSON: {error}") from None
    BUDGET.get().work(len(text))
    return text
