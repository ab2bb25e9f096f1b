"""How a change stands, in a word with a colour and in a sentence."""

import html
from datetime import datetime

import streamlit as st

from registry.remote.changes import ChangeSummary, ChangeView
from ui.parts.marks import mark, tier
from ui.parts.proposals.verdicts import HELD_BY
from ui.parts.terms import term
from ui.parts.text import shown_line
from ui.parts.times import ago_html, moment, now

_NEXT = {
    "approved": "an operator",
    "scheduled": "its moment",
    "stale": "a revision",
    "suspended": "an operator, or a revision",
}
_TYPES = {
    "promotion": "promotion",
    "rollback": "rollback that is voted on",
    "policy": "policy",
    "resume": "a stopped bot answers again",
}


CHECKED = 12
"""Of a digest, enough to compare."""


def heading(title: str, anchor: str = "") -> None:
    """A heading below the page's title, which links lead to by *anchor*."""
    named = f' id="{html.escape(anchor)}"' if anchor else ""
    st.html(f'<h2 class="part"{named}>{html.escape(title)}</h2>')


def status_mark(change: ChangeSummary) -> str:
    """Its status; what is kept back is not as good as agreed to."""
    if change.blocks:
        return mark("held back", "red", title=change.status)
    if change.held_back:
        return mark(f"{change.status}, not yet", "amber")
    if change.status in {"scheduled", "suspended"}:
        return mark(change.status, "blue" if change.status == "scheduled" else "red")
    return mark(change.status)


def waits_for(change: ChangeSummary) -> str:
    """For whom or for what it waits, in HTML; empty if for nothing."""
    told = [f"{HELD_BY[vote.verdict]} {vote.by}" for vote in change.blocks]
    if change.waiting_for:
        told.append(", ".join(change.waiting_for))
    told += change.held_back
    if not told and change.status in _NEXT:
        told.append(_NEXT[change.status])
    return shown_line("; ".join(told))


def head(change: ChangeView) -> str:
    """The line under the title: what it is, how it stands, whose it is, until when."""
    last = change.revisions[-1]
    marks = f"{status_mark(change)}{tier(change.tier)}"
    told = [
        f"Change {change.id} in <strong>{shown_line(change.environment)}</strong>",
        *([] if change.type == "edit" else [_type(change)]),
        f"by <strong>{shown_line(change.author)}</strong> {ago_html(change.opened_at)}",
    ]
    if last.number > 1:
        told.append(
            f"revision {last.number} by {shown_line(last.by)} {ago_html(last.at)}"
        )
    return f'<p class="head">{marks} {" · ".join([*told, *_clock(change)])}</p>'


def _type(change: ChangeView) -> str:
    return _TYPES.get(change.type, shown_line(change.type))


def _clock(change: ChangeView) -> list[str]:
    if change.closed_at is not None and change.closed_by is not None:
        seq = f", as {term('seq')} {change.seq}" if change.seq is not None else ""
        how = shown_line(change.outcome or "ended")
        by = shown_line(change.closed_by)
        return [f"{how} by {by} {ago_html(change.closed_at)}{seq}"]
    told = []
    if change.decide_by is not None and change.status == "waiting":
        told.append(_decide(change.decide_by))
    if change.earliest is not None:
        verb = "was to go" if change.is_overdue else "goes"
        told.append(f"{verb} live {ago_html(change.earliest)}")
    return [*told, f"expires {ago_html(change.expires)}"]


def _decide(by: datetime) -> str:
    if by > now():
        return f"<strong>decide {ago_html(by)}</strong>"
    return f"{mark('decision was due', 'red')}{ago_html(by)}"


def hindrance(change: ChangeView) -> str | None:
    """What keeps it from going on, and what somebody can do about it."""
    if change.stale_because is not None:
        return (
            f"This change is stale: {change.stale_because}. What people were asked is "
            f"not what would go live. {_way_on(change)}"
        )
    if change.status == "expired":
        return "Nobody decided in time, and it has expired. It takes a new change."
    if change.status == "suspended" and change.earliest is not None:
        return (
            f"It was to go live by itself at {moment(change.earliest)} and could not. "
            f"{_kept_back(change)}It never does by itself any more: an operator can "
            f"activate it. {_way_on(change)}"
        )
    return _schedule(change)


def _kept_back(change: ChangeView) -> str:
    """What still keeps it from going live."""
    told = "; ".join(change.held_back) or change.why_not
    return f"What keeps it back: {told.rstrip('.')}. " if told else ""


def _way_on(change: ChangeView) -> str:
    return change.way_on.said if change.way_on is not None else ""


def _schedule(change: ChangeView) -> str | None:
    if change.earliest is None or change.outcome is not None:
        return None
    if not change.is_overdue:
        return (
            f"Goes live by itself at {moment(change.earliest)}, if everybody agrees by "
            "then, and not before."
        )
    tried = change.tried_until
    until = f" The registry tries until {moment(tried)}." if tried else ""
    return (
        f"Was to go live by itself at {moment(change.earliest)}. Not yet: "
        f"{change.why_not or 'it is being tried'}."
        f"{until}"
    )


def checked(digest: str) -> str:
    """The beginning of *digest*, in groups that one can read out."""
    short = shown_line(digest.removeprefix("sha256:")[:CHECKED])
    return " ".join(short[at : at + 4] for at in range(0, len(short), 4))
