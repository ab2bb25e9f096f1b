"""Whom an edit would need, before anybody has made it."""

import streamlit as st

from registry.remote import Remote
from registry.remote.policies import Need, Needs, Voice
from ui.parts import done
from ui.parts.choosing import picked
from ui.parts.facts_words import DOES
from ui.parts.marks import mark, table, tier
from ui.parts.text import label, plain, shown_line
from ui.parts.times import moment

MOST = 500
"""Of documents to choose from; any other can be written."""

_TIERS = {"": "As it is live", "low": "Low", "medium": "Medium", "high": "High"}


def show(registry: Remote, environment: str) -> None:
    """A question, and its answer."""
    st.html(
        f"<p>Suppose that somebody edits a document in <strong>"
        f"{shown_line(environment)}</strong>. Who would have to agree, and who could?"
        "</p>"
    )
    document = _document(registry, environment)
    left, right = st.columns([1, 2])
    with left:
        chosen = picked("Tier", _TIERS, of="tier", default="")
    with right:
        facts = _facts()
    if not document:
        st.info("Choose a document, or write its name.")
        return
    found = done.tried(
        lambda: registry.policies.needs(
            environment, document, tier=chosen or None, facts=facts
        )
    )
    if found is not None:
        _tell(found)


def _document(registry: Remote, environment: str) -> str | None:
    known = sorted(
        one.document for one in registry.reviews.list(environment, limit=MOST)
    )
    given = st.query_params.get("document", "")
    options = list(
        dict.fromkeys([*known, f"policy/{environment}", *filter(None, [given])])
    )
    st.session_state["_document"] = given or options[0]
    chosen: str | None = st.selectbox(
        "Document",
        options,
        key="_document",
        format_func=plain,
        accept_new_options=True,
        on_change=_write,
        help="Choose one that is live, or write another name: prompts/acme-air/new.",
    )
    return chosen


def _facts() -> tuple[str, ...]:
    given = st.query_params.get_all("fact")
    st.session_state["_facts"] = [one for one in given if one in DOES]
    chosen = st.multiselect(
        "What the edit does",
        list(DOES),
        format_func=lambda one: DOES.get(one, one),
        key="_facts",
        on_change=_write,
        placeholder="Nothing in particular",
    )
    return tuple(chosen)


def _write() -> None:
    """The address says what is asked, so that it can be sent to somebody."""
    st.query_params["document"] = st.session_state["_document"] or ""
    st.query_params["fact"] = st.session_state["_facts"]


def _tell(found: Needs) -> None:
    documents = sorted({what for one in found.needs for what in one.because})
    others = [one for one in documents if one != found.document]
    st.subheader(label(f"An edit of {found.document} needs", 300))
    st.html(_about(found, others))
    st.html(
        table(
            "Whom it needs",
            ("Requirement", "Needs", "For", "Who could"),
            [_row(one, len(documents)) for one in found.needs],
        )
    )
    st.caption(
        "Whoever works on it is not counted, and one person fills one seat of a change."
    )


def _about(found: Needs, others: list[str]) -> str:
    parts = [tier(found.tier)]
    if not found.is_live:
        parts.append(
            f"Nothing is called so in {shown_line(found.environment)} yet: this is "
            "what a new one would need."
        )
    if others:
        names = ", ".join(map(shown_line, others[:5]))
        more = f" and {len(others) - 5} more" if len(others) > 5 else ""
        parts.append(f"It is asked about what uses it as well: {names}{more}.")
    return f"<p>{' '.join(parts)}</p>"


def _row(one: Need, of: int) -> tuple[str, ...]:
    return (shown_line(one.name), _whom(one), _because(one, of), _could(one))


def _whom(one: Need) -> str:
    if not one.covered:
        return mark("cannot go live", "red") + "no requirement covers it"
    if not one.count:
        return "nobody"
    return f"{one.count} of {shown_line(one.seat) if one.seat else 'any seat'}"


def _because(one: Need, of: int) -> str:
    if len(one.because) == of and of > 1:
        return "all of it"
    names = ", ".join(map(shown_line, one.because[:3]))
    more = f" and {len(one.because) - 3} more" if len(one.because) > 3 else ""
    return names + more


def _could(one: Need) -> str:
    if not one.count or not one.covered:
        return ""
    who = ", ".join(_voice(each, one) for each in one.could)
    if one.enough:
        return who
    return mark("too few", "red") + (who or "nobody holds the seat for it")


def _voice(one: Voice, need: Need) -> str:
    told = shown_line(one.handle)
    if need.seat is None:
        told += f" ({shown_line(one.seat)})"
    if len(one.documents) < len(need.because):
        told += f" (for {len(one.documents)} of {len(need.because)})"
    if one.speaks_from is not None:
        told += f" (from {moment(one.speaks_from)} on)"
    return told
