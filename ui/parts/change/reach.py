"""The blast radius: what a change touches, which bots, and what goes live with it."""

from collections.abc import Iterator

import streamlit as st

from registry.errors import NotFound
from registry.remote.changes import ChangeView
from ui.parts import session
from ui.parts.change import bots, saying
from ui.parts.marks import mark, table
from ui.parts.pages import CHANGE, path_of
from ui.parts.text import shown_line

SOME = 6
"""Of the documents, those that are looked up."""

MOST = 100
"""Of what is touched, what is listed; and of open changes, what is looked through."""


_LIVE_IN = ("Edited document", "Live in")
_BESIDE = ("Open change", "State", "Edits the same")


def show(change: ChangeView) -> None:
    if not change.effect:
        st.info("It touches no document that is served to a bot.")
        return
    st.html(f'<p class="tight">{_together(change)}</p>')
    st.html(table("Touched", ("Document", "Tier", "How", "Owners"), _touched(change)))
    reached = list(_audiences(change))
    if reached:
        st.html(table("The bots that it reaches", ("Bot", "Talks to", "For"), reached))
    elsewhere = list(_elsewhere(change))
    if elsewhere:
        st.html(table("Where the edited documents are live", _LIVE_IN, elsewhere))
    beside = list(_beside(change))
    if beside:
        st.html(table("Other open changes of the same documents", _BESIDE, beside))
        st.html(
            '<p class="tight muted">Whichever of them goes live first, the others are '
            "stale then, and have to be revised.</p>"
        )
    st.html(
        '<p class="tight muted">How many conversations a day that is, is not recorded: '
        "the registry serves texts, and does not see what customers ask.</p>"
    )


def _together(change: ChangeView) -> str:
    """What is in the same activation."""
    edited = [edit.document for edit in change.edits]
    where = f"in <strong>{shown_line(change.environment)}</strong>"
    if not edited:
        return f"It is one act {where}, and nothing else goes live with it."
    named = shown_line(", ".join(edited[:SOME]))
    more = f" and {len(edited) - SOME} more" if edited[SOME:] else ""
    if len(edited) == 1:
        return f"{named} goes live alone {where}: nothing else comes with it."
    return (
        f"{len(edited)} documents go live together {where}, all of them or none: "
        f"{named}{more}. Nothing else comes with them."
    )


def _touched(change: ChangeView) -> list[tuple[str, ...]]:
    edited = {edit.document for edit in change.edits}
    rows: list[tuple[str, ...]] = [
        (
            shown_line(one.document),
            mark(one.tier),
            "edited" if one.document in edited else "uses what is edited",
            shown_line(", ".join(one.owners)),
        )
        for one in change.effect[:MOST]
    ]
    if change.effect[MOST:]:
        rows.append((f"and {len(change.effect) - MOST} more", "", "", ""))
    return rows


def _audiences(change: ChangeView) -> Iterator[tuple[str, ...]]:
    names = bots.of(change)
    seq = bots.live_seq(change.environment) if names else 0
    for name in names[:SOME]:
        bot = bots.says(change.environment, name, seq)
        yield shown_line(name), bots.told(bot, "audience"), bots.told(bot, "purpose")


def _elsewhere(change: ChangeView) -> Iterator[tuple[str, ...]]:
    for edit in change.edits[:SOME]:
        try:
            found = session.registry().documents.get(edit.document)
        except NotFound:
            yield shown_line(edit.document), "nowhere yet"
            continue
        told = [f"{name} {one.version}" for name, one in sorted(found.live.items())]
        yield shown_line(edit.document), shown_line(", ".join(told) or "nowhere now")


def _beside(change: ChangeView) -> Iterator[tuple[str, ...]]:
    """What is proposed of the same documents, and could go live first."""
    if change.outcome is not None:
        return
    found = session.registry().changes.list(
        environment=change.environment, status="open", limit=MOST
    )
    for one in found:
        same = sorted(set(one.documents) & set(change.documents))
        if one.id == change.id or not same:
            continue
        link = path_of(CHANGE, id=one.id)
        yield (
            f'<a href="{link}" target="_self">{one.id} · {shown_line(one.title)}</a>',
            saying.status_mark(one),
            shown_line(", ".join(same)),
        )
