"""What an act makes stale, told before it is done."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from registry.cli import screen

if TYPE_CHECKING:  # slow to import
    from registry.remote.changes import MadeStale


def note_made_stale(found: Iterable["MadeStale"]) -> None:
    """A line each, where questions are asked."""
    for one in found:
        screen.note(screen.line(f"  {_told(one)}"), "yellow")


def say_made_stale(found: Iterable["MadeStale"]) -> None:
    """A line each, in a plan."""
    for one in found:
        screen.say(screen.line(f"  {_told(one)}"), "yellow")


def _told(one: "MadeStale") -> str:
    number = len(one.voters)
    votes = f"{number} vote" if number == 1 else f"{number} votes"
    lost = f"{votes} lost" if number else "no votes"
    return (
        f"makes change {one.change} of {one.author} stale ({lost}): {one.title}; "
        f"{one.why}"
    )
