"""What an act makes stale, told before it is done."""

from collections.abc import Sequence

from registry.remote.changes import MadeStale
from ui.parts.links import change_link
from ui.parts.marks import mark, table
from ui.parts.text import shown_line

MOST = 20


def made_stale(found: Sequence[MadeStale]) -> str:
    """HTML: how many, which, and what it costs; whose and why, folded. Or nothing."""
    if not found:
        return ""
    changes, each = "1 open change", "It"
    if len(found) > 1:
        changes, each = f"{len(found)} open changes", "Each"
    links = ", ".join(f"{change_link(one.change)}{_lost(one)}" for one in found[:MOST])
    more = f" and {len(found) - MOST} more" if len(found) > MOST else ""
    rows = table(
        "What becomes stale",
        ("Change", "By", "Votes lost", "Collides with"),
        [_row(one) for one in found[:MOST]],
    )
    return (
        f'<p class="tight">{mark("collides", "amber")}It makes <strong>{changes}'
        f"</strong> stale: {links}{more}. {each} has to be revised, or made again"
        f"{'; its votes are lost' if any(one.voters for one in found) else ''}.</p>"
        f"<details><summary>Whose, and why</summary>{rows}</details>"
    )


def _lost(one: MadeStale) -> str:
    votes = len(one.voters)
    if not votes:
        return ""
    return " (1 vote)" if votes == 1 else f" ({votes} votes)"


def _row(one: MadeStale) -> tuple[str, ...]:
    return (
        f"{change_link(one.change)} {shown_line(one.title)}",
        shown_line(one.author),
        shown_line(", ".join(one.voters) or "none"),
        shown_line(one.why),
    )
