"""What was read of a change, which is what is decided on; and what one could do."""

from registry.remote.changes import ChangeView, Power
from ui.parts import done

MAX_CHARS = 4000


def reading(change: ChangeView) -> str:
    """How what was read of a change is called."""
    return f"change {change.id}"


def was_read(change: ChangeView) -> str:
    """The review digest of what this tab has shown first."""
    return done.was_read(reading(change), change.review_digest)


def powers(change: ChangeView, act: str) -> list[Power]:
    return [one for one in change.you.could if one.act == act]
