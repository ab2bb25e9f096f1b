"""What the marks of a timeline mean: words, a shape and a colour for each kind."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """Attributes:
    happened: Whether it did something to the bot; else people said something.
    tone: That of the mark in the table.
    """

    word: str
    shape: str
    colour: str
    tone: str
    happened: bool


_COLOURS = {
    "green": "#2e9e5f",
    "amber": "#c47a12",
    "red": "#d64545",
    "blue": "#3d86bd",
    "grey": "#7f8b99",
}
_LOOKS = (
    ("activated", "went live", "circle", "green", True),
    ("emergency", "went live in an emergency", "triangle-up", "red", True),
    ("rolled-back", "rolled back", "triangle-left", "amber", True),
    ("stopped", "stopped", "square", "red", True),
    ("resumed", "answers again", "triangle-right", "green", True),
    ("recalled", "recalled", "cross", "red", True),
    ("alert", "alert: another model", "triangle-down", "amber", True),
    ("resolved", "alert resolved", "triangle-down", "blue", True),
    ("proposed", "proposed", "diamond", "grey", False),
    ("approved", "approved", "circle", "blue", False),
    ("objected", "objected", "cross", "amber", False),
    ("ratified", "ratified", "square", "blue", False),
    ("repudiated", "repudiated", "square", "amber", False),
)
LOOKS = {
    kind: Look(
        word=word, shape=shape, colour=_COLOURS[tone], tone=tone, happened=happened
    )
    for kind, word, shape, tone, happened in _LOOKS
}


def look(kind: str) -> Look:
    """That of *kind*; a kind that is not known here is told by its own word."""
    unknown = Look(
        word=kind.replace("-", " "),
        shape="diamond",
        colour=_COLOURS["grey"],
        tone="grey",
        happened=True,
    )
    return LOOKS.get(kind, unknown)
