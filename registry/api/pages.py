"""Pages: long lists, a part at a time.

A page names the cursor of the next one.  A cursor says after which item it goes
on, so that what is added meanwhile neither repeats an item nor leaves one out.
"""

import base64
import binascii
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice
from typing import Annotated, Generic, TypeVar

from fastapi import Query

from registry.errors import Invalid

T = TypeVar("T")

Limit = Annotated[int, Query(ge=1, le=200, description="How many items at most.")]
Cursor = Annotated[
    str | None,
    Query(max_length=500, description="`next` of the page before; none for the first."),
]

DEFAULT = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Page(Generic[T]):
    """Part of a list.

    Attributes:
        next: The cursor of the next page; `None` on the last one.
    """

    items: tuple[T, ...]
    next: str | None


def page(items: Iterable[tuple[str, T]], limit: int) -> Page[T]:
    """The first *limit* items, each given with what its cursor says."""
    found = list(islice(items, limit + 1))
    more = len(found) > limit
    return Page(
        items=tuple(item for _, item in found[:limit]),
        next=dump_cursor(found[limit - 1][0]) if more else None,
    )


def sorted_page(
    items: Iterable[tuple[str, T]], limit: int, cursor: str | None
) -> Page[T]:
    """A page of *items*, which are in the order of what their cursors say."""
    after = parse_cursor(cursor)
    return page(
        ((key, item) for key, item in items if after is None or key > after), limit
    )


def dump_cursor(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def parse_cursor(cursor: str | None) -> str | None:
    """Raises:
    Invalid: It is not a cursor that a page named.
    """
    if cursor is None:
        return None
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        return base64.b64decode(padded, altchars=b"-_", validate=True).decode()
    except (binascii.Error, ValueError):
        raise bad_cursor() from None


def parse_number(cursor: str | None) -> int | None:
    """The number that the cursor of a numbered list says.

    Raises:
        Invalid: It is not a cursor that a page of such a list named.
    """
    text = parse_cursor(cursor)
    if text is None:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) <= 15):
        raise bad_cursor()
    return int(text)


def bad_cursor() -> Invalid:
    return Invalid(
        "the cursor is none that a page of this list named",
        hint="Begin again without `cursor`.",
    )
