"""What the routes that write have in common: their words, errors and answers."""

from typing import Annotated

from fastapi import Path
from pydantic import Field

from registry.api.deps import Caller
from registry.api.problems import problems
from registry.api.views import changes as views
from registry.api.views.changes import ChangeView
from registry.errors import (
    Conflict,
    Contributed,
    InvalidDocument,
    NotAllowed,
    NotFound,
    Stale,
    TooLarge,
    Unavailable,
)
from registry.writer import Writer, Written

MAX_TEXT_CHARS = 10_000
"""More than any text may have; the rules say how long each may be."""

EnvironmentName = Annotated[str, Path(examples=["production"])]
Text = Annotated[str, Field(max_length=MAX_TEXT_CHARS)]

EARLIEST = Field(
    default=None,
    description="When it goes live by itself, with a time zone; not before, and not "
    "much later. A part of what is voted on. Null: when somebody activates it.",
    examples=["2026-12-01T08:00:00+01:00"],
)

WRITES = problems(NotAllowed, NotFound, Conflict, Unavailable)
ON_CHANGES = problems(NotAllowed, Contributed, NotFound, Conflict, Stale, Unavailable)
"""Also that somebody contributed to the change, or that it went stale."""
SUBMITS = ON_CHANGES | problems(InvalidDocument, TooLarge)


def changed(writer: Writer, written: Written, caller: Caller) -> ChangeView:
    """The change that was written to, as it stands right after."""
    number: int = getattr(written.event.payload, "change", 0)
    change = written.state.change(number)
    with writer.situation(caller.identity) as situation:
        return views.view(
            written.state, change, writer.now(), caller.identity, situation.documents
        )
