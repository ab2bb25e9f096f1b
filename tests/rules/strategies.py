"""Any value of the types that stand in events."""

import types
import typing
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime
from enum import EnumType
from functools import cache

from hypothesis import strategies as st

from registry.policies import Requirement

MAX_INTEGER = 2**53 - 1
"""The largest that canonical JSON takes."""

_SIMPLE = {
    str: st.text(max_size=20),
    bool: st.booleans(),
    int: st.integers(0, MAX_INTEGER),
    float: st.floats(allow_nan=False, allow_infinity=False),
    type(None): st.none(),
    datetime: st.datetimes(timezones=st.just(UTC)),
}


@cache
def values(annotation) -> st.SearchStrategy:
    """Values of a type as dataclasses are annotated with it."""
    if annotation in _SIMPLE:
        return _SIMPLE[annotation]
    if isinstance(annotation, typing.NewType):
        return values(annotation.__supertype__)
    if isinstance(annotation, EnumType):
        return st.sampled_from(list(annotation))
    if typing.get_origin(annotation) is tuple:
        inner = values(typing.get_args(annotation)[0])
        return st.lists(inner, max_size=3).map(tuple)
    if typing.get_origin(annotation) in {types.UnionType, typing.Union}:
        return st.one_of(*map(values, typing.get_args(annotation)))
    if annotation is Requirement:
        return _built(
            annotation, seat=values(str), count=_POSITIVE, open=st.just(False)
        ) | (_built(annotation, seat=st.none(), count=st.just(0), open=st.just(True)))
    return _built(annotation)


_POSITIVE = st.integers(1, MAX_INTEGER)


def _built(annotation, **given: st.SearchStrategy) -> st.SearchStrategy:
    assert is_dataclass(annotation), annotation
    hints = typing.get_type_hints(annotation)
    inner = {field.name: values(hints[field.name]) for field in fields(annotation)}
    return st.builds(annotation, **{**inner, **given})
