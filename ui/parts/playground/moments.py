"""When: which of all the versions of a bot or a prompt is tried.

In the address it is `version=1.2.0`, `seq=12`, `at=2026-11-23T10:00:00+00:00` or
`change=52`, and nothing for what is live now.  What it is compared with stands in one
parameter: `before=now`, `before=seq:12`, `before=nothing`.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal, cast, get_args

import streamlit as st

Kind = Literal["now", "version", "seq", "at", "change", "nothing"]

NAMES: dict[Kind, str] = {
    "nothing": "Nothing",
    "now": "Live now",
    "version": "A version",
    "seq": "A seq",
    "at": "A moment",
    "change": "If a change were live",
}
BEFORE = "before"
ASKED: tuple[Kind, ...] = ("change", "version", "seq", "at")
_MAX = 2**31


@dataclass(frozen=True, slots=True)
class When:
    """Attributes:
    value: A number for `seq` and `change`, a time for `at`, a version; else empty.
    """

    kind: Kind
    value: str = ""

    @property
    def number(self) -> int | None:
        """`None` if it is none, or none that the registry could know."""
        text = self.value.strip()
        found = text.isascii() and text.isdecimal() and len(text) < 11
        return int(text) if found and 0 < int(text) < _MAX else None

    @property
    def moment(self) -> datetime | None:
        """`None` if it is none; without a zone it is in UTC."""
        try:
            found = datetime.fromisoformat(self.value.strip())
        except ValueError:
            return None
        return found if found.tzinfo else found.replace(tzinfo=UTC)


NOW = When("now")
NOTHING = When("nothing")


def shown() -> When:
    """What the address says that is looked at."""
    for kind in ASKED:
        if value := st.query_params.get(kind):
            return When(kind, value)
    return NOW


def compared() -> When:
    """What it is compared with; a change with what is live, if nothing is said."""
    said = st.query_params.get(BEFORE)
    if said is None:
        return NOW if shown().kind == "change" else NOTHING
    kind, _, value = said.partition(":")
    return When(cast("Kind", kind), value) if kind in get_args(Kind) else NOTHING


def write(when: When, *, before: bool) -> None:
    """Put it into the address."""
    if before:
        st.query_params[BEFORE] = f"{when.kind}:{when.value}".removesuffix(":")
        return
    for kind in ASKED:
        if kind == when.kind:
            st.query_params[kind] = when.value
        else:
            st.query_params.pop(kind, None)
