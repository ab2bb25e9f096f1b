"""What a rollback would do, shown before it is done."""

from typing import TYPE_CHECKING

from registry.cli import screen
from registry.cli.made_stale_view import say_made_stale

if TYPE_CHECKING:  # slow to import
    from registry.remote.rollbacks import Preview, Undone


def show(preview: "Preview") -> None:
    from registry.cli import change_view

    where = f"{preview.environment}, at seq {preview.seq}"
    screen.say(f"{where}, goes back to seq {preview.restored}:", "bold")
    rows = [
        (one.document, one.now or "absent", one.afterwards or "deleted")
        for one in preview.replaced
    ]
    screen.show(screen.table(("document", "now", "afterwards"), rows, indent=2))
    also = set(preview.affected) - {one.document for one in preview.replaced}
    if also:
        screen.say(f"  also reads differently: {', '.join(sorted(also))}")
    _show_undone(preview)
    for fact in preview.facts:
        screen.say(screen.line(f"  {fact.name}: {fact.sentence}"))
    for said in preview.stronger:
        screen.say(screen.line(f"  stronger: {said}"))
    for said in preview.lapsed:
        screen.say(screen.line(f"  no longer holds: {said}"), "yellow")
    for warning in preview.warnings:
        screen.show(change_view.advised(warning))
    say_made_stale(preview.makes_stale)
    for what, reasons in (
        ("refused", preview.recalled),
        ("needs a vote", preview.needs_vote),
        ("to be ratified afterwards", preview.ratify),
    ):
        for why in reasons:
            screen.say(screen.line(f"  {what}: {why}"), "yellow")


def _show_undone(preview: "Preview") -> None:
    for one in preview.undoes:
        change = f"change {one.change}" if one.change else "no change"
        whose = "you made it live" if one.yours else f"{one.by} made it live"
        said = f"  undoes seq {one.seq} ({change}, {whose}{_judged(one)}): {one.title}"
        screen.say(screen.line(said), "yellow" if one.incident else "")


def _judged(one: "Undone") -> str:
    """That people had not agreed to it before, and what they said afterwards."""
    emergency = f", in an emergency ({one.incident})" if one.incident else ""
    if one.ratification is None:
        return emergency
    return f"{emergency}, {one.judged or 'waits to be ratified'}"
