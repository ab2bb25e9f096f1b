"""The blast radius: what a change touches, which bots, and what goes live with it."""

from collections.abc import Iterator

import streamlit as st

from registry.errors import NotFound
from registry.remote.changes import ChangeView
from ui.parts import session
from ui.parts.change import bots
from ui.parts.change.fetched import Around
from ui.parts.made_stale import made_stale
from ui.parts.marks import mark, table
from ui.parts.text import shown_line

SOME = 6
"""Of the documents, those that are looked up."""

MOST = 100
"""Of what is touched, what is listed."""


_LIVE_IN = ("Edited document", "Live in")


def show(change: ChangeView, around: Around) -> None:
    if not change.effect:
        st.info("It touches no document that is served to a bot.")
        return
    st.html(f'<p class="tight">{_together(change)}</p>')
    st.html(table("Touched", ("Document", "Tier", "How", "Owners"), _touched(change)))
    reached = list(_audiences(change, around.seq))
    if reached:
        st.html(table("The bots that it reaches", ("Bot", "Talks to", "For"), reached))
    elsewhere = list(_elsewhere(change))
    if elsewhere:
        st.html(table("Where the edited documents are live", _LIVE_IN, elsewhere))
    # What could not go live itself is told so at the top.
    if stale := made_stale(around.makes_stale):
        st.html(stale)
    st.html(
        '<p class="tight muted">How many conversations a day that is, is not recorded: '
        "the registry serves texts, and does not see what customers ask.</p>"
    )


def _together(change: ChangeView) -> str:
    """What is in the same activation."""
    edited = [edit.document for edit in change.edits]
    where = f"in <strong>{shown_line(change.environment)}</strong>"
    if not edited:
        return f"It is one act {where}, and nothing else comes with it."
    named = shown_line(", ".join(edited[:SOME]))
    more = f" and {len(edited) - SOME} more" if edited[SOME:] else ""
    if len(edited) == 1:
        return f"In one act {where}: {named}, and nothing else."
    return (
        f"In one act {where}, all of them or none: {named}{more}. Nothing else comes "
        "with them."
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


def _audiences(change: ChangeView, seq: int) -> Iterator[tuple[str, ...]]:
    names = bots.of(change)
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
