"""How changes stand, in words, and a table of them."""

from collections.abc import Iterable

from rich.console import RenderableType
from rich.text import Text

from registry.cli import screen
from registry.cli.times import show_minute
from registry.evidence import UNTRIED
from registry.remote.changes import ChangeSummary
from registry.times import said

_BLOCKS = {"veto": "vetoed by", "ask-for-changes": "changes asked for by"}
_STYLES = {
    "waiting": "yellow",
    "approved": "green",
    "scheduled": "green",
    "suspended": "red",
    "activated": "bold green",
    "stale": "magenta",
    "rejected": "red",
}


def _listed(change: ChangeSummary) -> Text:
    return Text(screen.line(stands(change)), style=style(change))


def style(change: ChangeSummary) -> str:
    """The colour of its status; what is kept back is not as good as agreed to."""
    if change.blocks:
        return "bold red"
    return "yellow" if change.held_back else _STYLES.get(change.status, "dim")


def stands(change: ChangeSummary) -> str:
    """How *change* stands, in words: what keeps it back before what it waits for."""
    told = [f"{_BLOCKS[vote.verdict]} {vote.by}" for vote in change.blocks]
    if change.waiting_for:
        told.append(f"waiting for {', '.join(change.waiting_for)}")
    if change.held_back:
        told.append(f"waits for {'; for '.join(change.held_back)}")
    begin = _begin(change)
    return (", " if change.held_back else "; ").join([*begin, *told]) or change.status


def _begin(change: ChangeSummary) -> list[str]:
    """Its status in a word, and when it goes live by itself, or should have."""
    if change.status == "waiting":
        moment = change.earliest if change.is_overdue else None
        return [f"overdue since {said(moment)}"] if moment else []
    if change.status == "suspended" and change.earliest:
        return [f"suspended, was due {said(change.earliest)}"]
    if change.status == "scheduled" and change.earliest:
        word = "overdue since" if change.is_overdue else "scheduled for"
        return [f"{word} {said(change.earliest)}"]
    return [change.status]


def _answers(told: str | None) -> str:
    """Short where there is nothing to tell: the column is there for what was tried."""
    return "" if told is None else "not tested" if told == UNTRIED else told


COLUMNS = ("id", "environment", "status", "answers", "author", "opened (UTC)", "title")


def table(found: Iterable[ChangeSummary]) -> RenderableType:
    return screen.table(COLUMNS, map(row, found))


def row(change: ChangeSummary) -> tuple[str | Text, ...]:
    return (
        str(change.id),
        change.environment,
        _listed(change),
        _answers(change.answers),
        change.author,
        show_minute(change.opened_at),
        change.title,
    )
