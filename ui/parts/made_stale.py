"""What an act makes stale, told before it is done."""

from collections.abc import Sequence

from registry.remote.changes import MadeStale
from ui.parts.links import change_link
from ui.parts.marks import mark, table
from ui.parts.text import shown_line

MOST = 20


def made_stale(found: Sequence[MadeStale]) -> str:
    """HTML: how many, and each with whose it is, and what it costs; or nothing."""
    if not found:
        return ""
    number, votes = len(found), sum(len(one.voters) for one in found)
    changes = "1 open change" if number == 1 else f"{number} open changes"
    lost = ""
    if votes:
        lost = ", and 1 vote is lost" if votes == 1 else f", and {votes} votes are lost"
    rest = number - MOST
    more = f'<p class="muted">and {rest} more</p>' if rest > 0 else ""
    warning = mark("collides", "amber")
    return (
        f'<p class="tight">{warning}It makes <strong>{changes}</strong>'
        f" stale{lost}. What is stale has to be revised or made again.</p>"
        + table(
            "What becomes stale",
            ("Change", "By", "Votes lost", "Collides with"),
            [_row(one) for one in found[:MOST]],
        )
        + more
    )


def _row(one: MadeStale) -> tuple[str, ...]:
    lost = f"{len(one.voters)}: {', '.join(one.voters)}" if one.voters else "none"
    return (
        f"{change_link(one.change)} {shown_line(one.title)}",
        shown_line(one.author),
        shown_line(lost),
        shown_line(one.document or one.why),
    )
