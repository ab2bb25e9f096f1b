"""One thing that waits: what it is, why it waits, and the way to do it."""

import html

import streamlit as st

from registry.remote.reviews import Waiting
from ui.parts.marks import mark, tier
from ui.parts.pages import CHANGE, INBOX, POLICY, path_of
from ui.parts.text import shown, shown_line
from ui.parts.times import ago_html, now

_DO = {
    "vote": "Read and vote",
    "veto": "Read the veto",
    "revision": "See what to revise",
    "check": "See which check",
    "activation": "Make it live",
    "condition": "Say that it is met",
    "ratification": "Read and judge",
    "review": "Review it",
    "confirmation": "Confirm or refuse",
    "schedule": "See what keeps it back",
    "appointment": "See who is missing",
    "alert": "Look into it",
}


def show(waiting: Waiting) -> None:
    """A bordered row of one's own, with the way to where it is done."""
    page, query = address(waiting)
    of = _named(waiting)
    with st.container(
        border=True,
        horizontal=True,
        vertical_alignment="center",
        key=f"waits-{of}",  # for the sheet: the button is never cut off
    ):
        st.html(told(waiting))
        go(_DO.get(waiting.kind, "Open the change"), page, query, of=of)


def _named(waiting: Waiting) -> str:
    """Tells it from everything else that waits; several can lead to one page."""
    told = (
        waiting.kind,
        waiting.environment,
        waiting.change,
        waiting.ratification,
        waiting.document,
        waiting.voter,
        waiting.person,
        waiting.alert,
    )
    return "-".join("" if one is None else str(one) for one in told)


def go(words: str, page: st.Page, query: dict[str, str], *, of: str = "") -> None:
    """A button; a link to the page that one is on would look unlike the others.

    Args:
        of: Tells it from other buttons that lead to the same.
    """
    if st.button(words, key=f"go {words} {query} {of}"):
        st.switch_page(page, query_params=query)


def told(waiting: Waiting) -> str:
    """HTML of what it is, of what, since and until when, and why."""
    times = [f"since {since(waiting)}" if since(waiting) else "", due(waiting)]
    facts = [_of(waiting), ", ".join(one for one in times if one)]
    why = waiting.why
    if why.startswith("it "):  # what begins with a handle stays as it is
        why = f"It {why.removeprefix('it ')}"
    return (
        '<div class="waits">'
        f'<p class="what">{mark(waiting.kind, "blue")}{_late(waiting)}'
        f"{tier(waiting.tier)}<strong>{shown_line(waiting.subject)}</strong></p>"
        f'<p class="muted">{" · ".join(one for one in facts if one)}</p>'
        f"<p>{shown(why)}</p></div>"
    )


def cells(waiting: Waiting) -> tuple[str, ...]:
    """HTML of the same for a table of what waits for others."""
    page, query = address(waiting)
    link = html.escape(path_of(page, **query))
    who = ", ".join(waiting.asked)
    return (
        f"{mark(waiting.kind, 'blue')}{_late(waiting)}"
        f'<a href="{link}" target="_self">{shown_line(waiting.subject)}</a>',
        f"{_of(waiting)} {tier(waiting.tier)}{_missing(waiting)}",
        since(waiting),
        due(waiting),
        f"{mark('nobody can', 'red') if waiting.is_stalled else ''}{shown_line(who)}",
    )


def address(waiting: Waiting) -> tuple[st.Page, dict[str, str]]:
    """The page, and its query, where this is done."""
    if waiting.kind == "review" and waiting.document is not None:
        return INBOX, {"review": f"{waiting.environment}/{waiting.document}"}
    if waiting.kind == "confirmation" and waiting.person is not None:
        return INBOX, {"person": waiting.person}
    if waiting.kind == "appointment":
        return POLICY, {"view": "seats", "env": waiting.environment or ""}
    if waiting.alert is not None:
        return INBOX, {"alert": str(waiting.alert)}
    if waiting.kind == "condition" and waiting.voter is not None:
        return INBOX, {"condition": f"{waiting.change}/{waiting.voter}"}
    if waiting.ratification is not None:
        return CHANGE, {"ratification": str(waiting.ratification)}
    return CHANGE, {"id": str(waiting.change)}


def since(waiting: Waiting) -> str:
    """HTML; nothing where nobody knows since when."""
    return ago_html(waiting.since) if waiting.since.year > 1 else ""


def due(waiting: Waiting) -> str:
    if waiting.due is None:
        return ""
    word = "was due" if waiting.due <= now() else "due"
    return f"{word} {ago_html(waiting.due)}"


def _missing(waiting: Waiting) -> str:
    """HTML of which seat nobody holds who could; nothing for what waits for people."""
    if waiting.kind != "appointment":
        return ""
    return f'<br><span class="muted">{shown_line(waiting.why)}</span>'


def _late(waiting: Waiting) -> str:
    return mark("late", "red") if waiting.is_late else ""


def _of(waiting: Waiting) -> str:
    parts = []
    if waiting.change is not None:
        parts.append(f"change {waiting.change}")
    if waiting.environment is not None:
        parts.append(f"in {shown_line(waiting.environment)}")
    return " ".join(parts)
