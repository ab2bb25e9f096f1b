"""How a replay is told: what differs, line by line, and how much."""

from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING

from registry.cli import screen
from registry.cli.difference_view import lines
from registry.text_differences import compare

if TYPE_CHECKING:
    from registry.cli.replaying import Replayed
    from registry.conversations import Difference

SHOWN = 20
"""Lines that differ are shown up to so many; --json has all."""


def show(found: Iterable["Replayed"], counts: Counter[str]) -> None:
    shown = 0
    for one in found:
        if one.skipped is not None:
            screen.say(_heading(one, f"skipped: {one.skipped}"), "yellow")
        elif one.differences and shown < SHOWN:
            shown += 1
            _show(one)
    if counts["differs"] > shown:
        screen.note(f"{counts['differs'] - shown} more differ; --json has all of them.")
    words = ("differs", "same", "skipped")
    differ = "differs" if counts["differs"] == 1 else "differ"
    names = {"differs": differ, "same": "the same", "skipped": "skipped"}
    told = [f"{counts[one]:,} {names[one]}" for one in words if counts[one]]
    total = screen.count(sum(counts.values()), "line")
    screen.say(f"{total}: {', '.join(told)}.", "bold")


def _show(one: "Replayed") -> None:
    was = "as recorded" if one.before is None else f"seq {one.before}"
    screen.say(_heading(one, f"- {was}, + seq {one.after}"), "bold")
    for difference in one.differences:
        _difference(difference)
    screen.say()


def _difference(one: "Difference") -> None:
    if one.what == "action":
        screen.say(f"  action: {one.before or 'none'} -> {one.after or 'none'}")
        return
    screen.say(f"  {one.what}:")
    screen.show(*lines(compare(one.before, one.after), indent="    "))


def _heading(one: "Replayed", what: str) -> str:
    return screen.line(f"line {one.line}, {one.bot}: {what}")
