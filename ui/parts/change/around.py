"""What stands around a change: whom it reaches, the way back, what came before.

Each part is asked for when somebody opens it.
"""

import json
from collections.abc import Callable, Iterator
from typing import Any

import streamlit as st

from registry.errors import NotFound, RegistryError
from registry.remote.changes import ChangeView
from registry.remote.documents import LiveVersion
from registry.remote.ratifications import RatificationSummary
from ui.parts import frame, session
from ui.parts.change import cases, saying
from ui.parts.change.tested import examples
from ui.parts.marks import mark, table
from ui.parts.pages import CHANGE, LIVE, path_of
from ui.parts.text import shown, shown_line
from ui.parts.times import ago_html, day

ANSWERS, CASES, REACH, SAFETY, BEFORE, OWNERS = (
    "Answers tried",
    "Cases",
    "Blast radius",
    "Safety net",
    "History",
    "Owners",
)
SOME = 6
"""Of the documents, those that are looked up."""

MOST = 100
"""Of what is touched, what is listed."""

LATEST = 50
"""Of what went live without agreement, what is looked at for emergencies."""

_UNKNOWN = '<span class="muted">not recorded</span>'


def show(change: ChangeView) -> None:
    parts: dict[str, Callable[[ChangeView], None]] = {
        ANSWERS: _answers,
        CASES: cases.show,
        REACH: _reach,
        SAFETY: _safety,
        BEFORE: _before,
        OWNERS: _owners,
    }
    tabs = st.tabs(list(parts), on_change="rerun", key=f"around-{change.id}")
    for tab, part in zip(tabs, parts.values(), strict=True):
        if tab.open:
            with tab:
                _tried(part, change)


def _tried(part: Callable[[ChangeView], None], change: ChangeView) -> None:
    try:
        part(change)
    except RegistryError as error:
        frame.show_error(error)


def _answers(change: ChangeView) -> None:
    found = [one for one in session.registry().checks.list(change.id) if one.counts]
    if not any(one.result.examples for one in found):
        st.info(
            "No answers were tested on what is proposed now. Somebody who runs the bot "
            "can attach what it answers before and after."
            if not found
            else "What was attached has numbers, and no examples to read."
        )
    else:
        st.html(examples("Answers before and after", found))
    for one in found:
        if one.result.link is not None:
            st.html(
                f'<p class="tight">The pipeline\'s own report of '
                f"{shown_line(one.result.name)}: {shown_line(one.result.link)}</p>"
            )
    if not found:
        return
    st.html(
        '<p class="tight muted">Not recorded with a result: which version of the data '
        "set it was, and how sure the difference from what is live is.</p>"
    )


def _reach(change: ChangeView) -> None:
    rows = [
        (
            shown_line(one.document),
            mark(one.tier),
            "edited" if _is_edited(change, one.document) else "uses what is edited",
            shown_line(", ".join(one.owners)),
        )
        for one in change.effect[:MOST]
    ]
    if change.effect[MOST:]:
        rows.append((f"and {len(change.effect) - MOST} more", "", "", ""))
    if not rows:
        st.info("It touches no document that is served to a bot.")
        return
    st.html(table("Touched", ("Document", "Tier", "How", "Owners"), rows))
    bots = list(_audiences(change))
    if bots:
        st.html(table("The bots that it reaches", ("Bot", "Talks to", "For"), bots))
    elsewhere = list(_elsewhere(change))
    if elsewhere:
        columns = ("Edited document", "Live in")
        st.html(table("Where the edited documents are live", columns, elsewhere))
    st.html(
        '<p class="tight muted">How many conversations a day that is, is not recorded: '
        "the registry serves texts, and does not see what customers ask.</p>"
    )


def _audiences(change: ChangeView) -> Iterator[tuple[str, ...]]:
    seq = _live_seq(change)
    for name in _bots_of(change)[:SOME]:
        bot = _bot(change.environment, name, seq)
        yield shown_line(name), _told(bot, "audience"), _told(bot, "purpose")


def _bots_of(change: ChangeView) -> list[str]:
    return [
        one.document.removeprefix("bots/")
        for one in change.effect
        if one.document.startswith("bots/")
    ]


def _live_seq(change: ChangeView) -> int:
    found = session.registry().environments.list()
    return next(one.seq for one in found if one.name == change.environment)


def _elsewhere(change: ChangeView) -> Iterator[tuple[str, ...]]:
    for edit in change.edits[:SOME]:
        try:
            found = session.registry().documents.get(edit.document)
        except NotFound:
            yield shown_line(edit.document), "nowhere yet"
            continue
        told = [f"{name} {one.version}" for name, one in sorted(found.live.items())]
        yield shown_line(edit.document), shown_line(", ".join(told) or "nowhere now")


def _is_edited(change: ChangeView, document: str) -> bool:
    return any(edit.document == document for edit in change.edits)


def _safety(change: ChangeView) -> None:
    seq = _live_seq(change)
    told = [
        (
            "Way back",
            f"seq {seq} of {shown_line(change.environment)} is live now; a rollback "
            "puts back what this replaces"
            if change.seq is None
            else f"seq {change.seq - 1}, which this replaced",
        ),
        ("Stop", "a stopped bot says its fallback, at once, without a vote"),
        ("Rollout", "everything at once, for every conversation that begins then"),
        (
            "Backs out by itself",
            "no: the registry measures no outcome, and somebody has to decide",
        ),
    ]
    st.html(table("Safety net", ("What", "How"), told))
    st.html(table("Who answers for the bots", _WHO, _on_call(change, seq)))
    st.page_link(
        LIVE,
        label="Stop or roll back on the page Live",
        icon=":material/emergency_home:",
        query_params={"env": change.environment},
    )


_WHO = ("Bot", "On call", "Owner", "Deputy", "When stopped it says")


def _on_call(change: ChangeView, seq: int) -> Iterator[tuple[str, ...]]:
    for name in _bots_of(change)[:SOME]:
        bot = _bot(change.environment, name, seq)
        parts = ("on_call", "owner", "deputy", "fallback")
        yield shown_line(name), *(_told(bot, part) for part in parts)


def _bot(environment: str, name: str, seq: int) -> dict[str, Any]:
    """What the bot says of itself, as it is told; empty if it is not live yet."""
    try:
        bundle = session.registry().environments.bundle(environment, name, seq=seq)
    except NotFound:
        return {}
    found = json.loads(bundle).get("bot")
    return found if isinstance(found, dict) else {}


def _told(bot: dict[str, Any], part: str) -> str:
    found = bot.get(part)
    return shown(found) if isinstance(found, str) and found else _UNKNOWN


def _before(change: ChangeView) -> None:
    rows = []
    seen = {change.id}
    for document in change.documents[:SOME]:
        found = session.registry().changes.list(
            environment=change.environment, q=document, limit=4
        )
        for one in [one for one in found if one.id not in seen][:3]:
            seen.add(one.id)
            link = path_of(CHANGE, id=one.id)
            rows.append(
                (
                    f'<a href="{link}" target="_self">{one.id} · '
                    f"{shown_line(one.title)}</a>",
                    saying.status_mark(one),
                    shown_line(one.author),
                    ago_html(one.opened_at),
                )
            )
    if rows:
        columns = ("Change", "How it ended", "Author", "When")
        st.html(table("The last changes of these documents", columns, rows))
    else:
        st.info(f"The first change of these documents in {change.environment}.")
    _show_emergencies(change)


def _show_emergencies(change: ChangeView) -> None:
    rows = [
        (
            shown_line(one.incident or ""),
            f'<a href="{path_of(CHANGE, ratification=one.id)}" target="_self">'
            f"{shown_line(one.title)}</a>",
            mark(one.status),
            shown_line(one.by),
            ago_html(one.at),
        )
        for one in _emergencies(change)
    ]
    if rows:
        columns = ("Incident", "What went live", "Agreed to since", "By", "When")
        st.html(table("Emergencies of these documents", columns, rows))
    none = "" if rows else "None of these documents is known from an emergency. "
    st.html(
        f'<p class="tight muted">{none}Of incidents the registry knows those that an '
        f"emergency named, here among the last {LATEST} activations without "
        "agreement.</p>"
    )


def _emergencies(change: ChangeView) -> Iterator[RatificationSummary]:
    """The last ones that edited a document of this change."""
    remote = session.registry()
    found = remote.ratifications.list(environment=change.environment, limit=LATEST)
    named = [one for one in found if one.incident is not None]
    for one in named[: 2 * SOME]:
        edited = () if one.change is None else remote.changes.get(one.change).documents
        if not set(change.documents).isdisjoint(edited):
            yield one


def _owners(change: ChangeView) -> None:
    rows = [_owner(change.environment, name) for name in change.documents[:SOME]]
    columns = ("Document", "Owner", "Deputies", "Risk partner", "To be reviewed by")
    st.html(table("Who answers for it", columns, rows))


def _owner(environment: str, document: str) -> tuple[str, ...]:
    try:
        live = session.registry().documents.get(document).live.get(environment)
    except NotFound:
        live = None
    if live is None:
        return (shown_line(document), "not live here yet", "", "", "")
    who = live.review.answering
    return (
        shown_line(document),
        shown_line(who.owner),
        shown_line(", ".join(who.deputies)),
        shown_line(", ".join(who.risk_partners)),
        _review(live),
    )


def _review(live: LiveVersion) -> str:
    if live.review.due is None:
        return '<span class="muted">no day is named</span>'
    return f"{day(live.review.due)} {mark(live.review.status)}"
