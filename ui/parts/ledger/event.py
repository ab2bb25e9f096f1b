"""One event: all that stands in it, and how it hangs together with the others."""

import json
from typing import Any

import streamlit as st

from registry.errors import NotFound
from registry.remote import Remote
from registry.remote.ledger import Act
from ui.parts import differences, marks, times
from ui.parts.ledger.fields import signed_size, told
from ui.parts.ledger.words import TYPES, sentence, short, signed_in
from ui.parts.links import change_link, event_link
from ui.parts.pages import LEDGER
from ui.parts.terms import term
from ui.parts.text import label, plain, shown, shown_line


def show(remote: Remote, number: int) -> None:
    st.page_link(LEDGER, label="All events", icon=":material/arrow_back:")
    act = next(remote.ledger.acts(after=number - 1, limit=1), None)
    event = next(remote.ledger.events(after=number - 1, limit=1), None)
    if act is None or event is None:
        st.title(f"Event {number}")
        raise NotFound(
            f"there is no event {number}",
            hint="Events are numbered from 1, without gaps.",
        )
    st.title(f"Event {number}")
    st.html(f"<p>{shown_line(sentence(act))}.</p>")
    st.html(marks.table("The event", ("Field", "Told"), _fields(act)))
    _show_chain(remote, act, event)
    _show_payload(event)
    _show_texts(remote, event)
    st.download_button(
        "Download this event",
        json.dumps(event, ensure_ascii=False, indent=2),
        file_name=f"event-{number}.json",
        mime="application/json",
        on_click="ignore",
        icon=":material/download:",
    )


def _fields(act: Act) -> list[list[str]]:
    words = next((told for told, name in TYPES.items() if name == act.type), act.type)
    held = [
        *(f"role {one}" for one in act.roles),
        *(f"seat {one}" for one in act.seats),
    ]
    rows = [
        ["What", shown_line(words)],
        ["When", times.moment_html(act.at)],
        ["Who", shown_line(act.by)],
        ["Held then", shown_line(", ".join(held) or "nothing")],
        ["Signed in", shown_line(signed_in(act.via))],
        ["Environment", shown_line(act.environment or "")],
        ["Became", "" if act.seq is None else f"{term('seq')} {act.seq}"],
        ["Change", change_link(act.change)],
        ["Answers", "" if act.answers is None else event_link(act.answers)],
        ["In their words", shown_line(act.reason)],
    ]
    return [row for row in rows if row[1]]


def _show_chain(remote: Remote, act: Act, event: dict[str, Any]) -> None:
    """What makes a later change of it visible."""
    st.subheader("How it is bound")
    number = act.event
    before = event_link(number - 1) if number > 1 else "the beginning"
    previous = short(str(event.get("previous", "")))
    following = next(remote.ledger.events(after=number, limit=1), None)
    rows = [
        ["The one before", before, f"<code>{shown(previous)}</code>"],
        ["This one", str(number), f"<code>{short(act.event_digest)}</code>"],
    ]
    if following is not None:
        named = short(str(following.get("previous", "")))
        rows.append(
            [
                "The next one names",
                event_link(number + 1),
                f"<code>{shown(named)}</code>",
            ]
        )
    st.html(marks.table("The chain", ("", "Event", "Check mark"), rows))
    st.html(
        f'<p class="tight muted">Each event names the {term("check mark")} of the one '
        "before, so that nothing can be changed, left out or put in without all that "
        f"follows being different. {_signed(remote, number)}</p>"
    )


def _signed(remote: Remote, number: int) -> str:
    try:
        size = signed_size(remote.ledger.checkpoint())
    except NotFound:
        return "Nothing is signed yet; it is, a moment after each event."
    if size < number:
        return f"The registry has signed the first {size} events; this one comes next."
    return f"It is one of the {size:,} events that the registry has signed last."


def _show_payload(event: dict[str, Any]) -> None:
    payload = event.get("payload")
    if payload:
        st.subheader("What it says")
        st.html(f'<div class="said-in">{told(payload)}</div>')


def _show_texts(remote: Remote, event: dict[str, Any]) -> None:
    """The texts that came with it, exactly as they are."""
    edits = {
        str(one["path"]): str(one["digest"])
        for one in event.get("edits") or ()
        if one.get("digest")
    }
    if not edits:
        return
    st.subheader("What came with it")
    number = event.get("number")
    chosen = st.selectbox(
        "Text",
        list(edits),
        index=None,
        key=f"text-{number}",
        placeholder=f"{len(edits)} to read" if len(edits) > 1 else "One to read",
        format_func=lambda one: plain(str(one), 200),
    )
    if chosen is not None:
        text = remote.ledger.text(edits[chosen]).decode("utf-8", "replace")
        st.caption(label(f"SHA-256 {edits[chosen].removeprefix('sha256:')}"))
        st.html(differences.whole(plain(chosen), text))
