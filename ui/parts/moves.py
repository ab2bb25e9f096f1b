"""How a moment of an environment is marked, by what happened in it."""

from ui.parts.marks import mark

_TONES = {
    "activated": "green",
    "rolled-back": "amber",
    "stopped": "red",
    "resumed": "blue",
}


def move_mark(type_: str) -> str:
    return mark(type_.replace("-", " "), _TONES.get(type_))
