"""Submitting: the ask in a sentence, the moment, and the button.

* What is submitted is what was checked and shown.  What is typed while the button is
  pressed is checked first.
* Nothing is lost by a refusal: the drafts stay, and the refusal is shown with them.
"""

from dataclasses import replace
from datetime import datetime
from functools import partial

import streamlit as st

from registry.errors import Conflict, RegistryError
from registry.remote import Remote
from registry.remote.changes import ChangeView, Proposal
from ui.parts import done, frame, times
from ui.parts.pages import CHANGE
from ui.parts.propose import drafts
from ui.parts.propose.checking import Answer, again
from ui.parts.propose.drafts import Basket
from ui.parts.propose.writing import field
from ui.parts.text import label

MAX_TITLE = 200
_REFUSED = "_propose_refused"


def show_ask(kept: Basket) -> None:
    """What is asked in one sentence, and when it may go live."""
    left, right = st.columns([3, 1])
    with left:
        key = _restored(_title_key(kept), kept.title)
        st.text_input(
            "What you ask for, in one plain sentence",
            key=key,
            max_chars=MAX_TITLE,
            live="800ms",
            placeholder="Say first how long a refund takes.",
            on_change=_titled,
            args=(kept, key),
            help="Whoever agrees reads this first.",
        )
    with right:
        _show_earliest(kept)


def show(remote: Remote, kept: Basket, answer: Answer) -> None:
    missing = _missing(kept, answer)
    word = "Submit" if kept.revises is None else "Submit revision"
    where = f" for {kept.environment}" if kept.revises is None else ""
    if missing:
        st.caption(label(missing, 600))
    st.button(
        label(f"{word}{where}"),
        type="primary",
        icon=":material/send:",
        disabled=bool(missing),
        on_click=_submit,
        args=(remote, kept, answer),
        key=f"submit-{kept.key}",
    )
    refused = st.session_state.pop(_REFUSED, None)
    if isinstance(refused, RegistryError):
        frame.show_error(refused)
        st.caption("Nothing is lost: what you have written stands above.")


def _missing(kept: Basket, answer: Answer) -> str:
    """What is still to be done, as the registry has told it."""
    found = answer.found
    if found.you.why_not is not None:
        return found.you.why_not
    if any(one.findings for one in found.documents):
        return "It can be submitted once nothing is wrong with the texts."
    if found.change is None:
        return "It can be submitted once nothing stands in the way."
    if kept.last is not None and kept.proposal(kept.title) == kept.last:
        return "It can be submitted once something differs from what was proposed last."
    if not kept.title.strip():
        return "It can be submitted once it says, in a sentence, what you ask for."
    return ""


def _submit(remote: Remote, kept: Basket, answer: Answer) -> None:
    """Once, however often the button is pressed."""
    kept.title = st.session_state.get(_title_key(kept), kept.title)
    proposal = kept.proposal(kept.title)
    if replace(proposal, title="") != replace(answer.asked, title="") or any(
        field(kept, one) != one.text for one in kept.texts()
    ):
        st.session_state[_REFUSED] = Conflict(
            "something was typed since it was checked",
            hint="Look at what it will meet now, and submit it then.",
        )
        return
    try:
        has_happened = done.once(_sending(remote, kept, proposal), _submitted)
    except RegistryError as error:
        st.session_state[_REFUSED] = error
        again(kept)
        return
    if has_happened:
        drafts.forget(kept)


def _sending(remote: Remote, kept: Basket, proposal: Proposal) -> partial[ChangeView]:
    if kept.revises is None:
        return partial(remote.changes.submit, kept.environment, proposal)
    return partial(remote.changes.revise, kept.revises, proposal)


def _submitted(change: ChangeView) -> done.Happened:
    number = len(change.revisions)
    told = "is submitted" if number == 1 else f"has revision {number}"
    return done.Happened(
        said=f"Change {change.id} {told}: {change.title}",
        page=CHANGE,
        query={"id": str(change.id)},
    )


def _show_earliest(kept: Basket) -> None:
    key = _restored(f"propose-earliest-{kept.key}", _local(kept.earliest))
    st.datetime_input(
        "Goes live at (optional)",
        value=None,
        key=key,
        on_change=_timed,
        args=(kept, key),
        help="By itself, once everybody has agreed; in the time zone of your browser. "
        "Empty: when somebody makes it live.",
    )


def _restored(key: str, value: object) -> str:
    """The key of a field, which has *value* again when the page was left."""
    if key not in st.session_state:
        st.session_state[key] = value
    return key


def _title_key(kept: Basket) -> str:
    return f"propose-title-{kept.key}"


def _titled(kept: Basket, key: str) -> None:
    kept.title = st.session_state[key]


def _timed(kept: Basket, key: str) -> None:
    at = st.session_state[key]
    kept.earliest = (
        at.replace(tzinfo=times.zone()) if isinstance(at, datetime) else None
    )


def _local(at: datetime | None) -> datetime | None:
    return None if at is None else at.astimezone(times.zone()).replace(tzinfo=None)
