"""Certifying: somebody who answers for a live document says that it is still right."""

from datetime import UTC, datetime, timedelta

import streamlit as st

from registry.remote import Remote
from registry.remote.reviews import Review
from registry.remote.sessions import Current
from registry.times import end_of, said_end
from ui.parts import done
from ui.parts.differences import whole
from ui.parts.facts import facts
from ui.parts.marks import mark, tier
from ui.parts.text import MAX_REASON, label, plain, shown_line

AHEAD = timedelta(days=180)
LONGEST = timedelta(days=365)


def show(registry: Remote, me: Current, named: str) -> None:
    """Args:
    named: The environment and the document: `production/prompts/acme-air/refunds`.
    """
    environment, _, document = named.partition("/")
    found = next(registry.reviews.list(environment, document=document), None)
    if found is None:
        st.info(label(f"{document} is not live in {environment}."))
        return
    st.header(label(f"Is {document} still right?"))
    st.html(_told(found))
    with st.expander("Read exactly what is live", expanded=True):
        text = registry.documents.read(document, found.version).decode()
        with st.container(height=360, border=False):
            st.html(whole(f"{document} {found.version}", text))
    seats = _ways(found, me)
    if not seats:
        st.caption(label(_who(found), 400))
    elif done.as_read(f"review {named}", found.digest):
        _form(registry, found, seats)


def _form(registry: Remote, found: Review, ways: dict[str, str | None]) -> None:
    today = datetime.now(UTC).date()
    with st.form("certifying"):
        way = st.selectbox("As", list(ways), format_func=plain, key="as")
        until = st.date_input(
            "Look at it again by",
            today + AHEAD,
            min_value=today,
            max_value=today + LONGEST,
            key="until",
        )
        reason = st.text_area(
            "What did you look at, and find? Everybody will read it.",
            max_chars=MAX_REASON,
            key="reason",
        )
        said = st.form_submit_button(
            label(f"Certify {found.document} {found.version} in {found.environment}"),
            type="primary",
        )
    if not said:
        return
    end = end_of(until)
    certified = done.tried(
        lambda: registry.reviews.certify(
            found.environment,
            found.document,
            digest=found.digest,
            until=end,
            seat=ways[way],
            reason=reason,
        )
    )
    if certified is None:
        return
    last = said_end(certified.due or end)
    told = f"{certified.document} {certified.version} is certified until {last}."
    if found.due is not None and found.due >= end:
        told += " Its review was due as late as that already."
    done.go_on(label(told, 300))


def _told(found: Review) -> str:
    answering = found.answering
    rows = [
        ("Live", f"{shown_line(found.version)} in {shown_line(found.environment)}"),
        ("Digest", f"<code>{shown_line(found.digest[:19])}…</code>"),
        (
            "Review",
            mark(found.status)
            + (f"due by {said_end(found.due)}" if found.due else "no day is named")
            + _blocks(found),
        ),
        ("Owner", shown_line(answering.owner)),
    ]
    if answering.deputies:
        rows.append(("Deputies", shown_line(", ".join(answering.deputies))))
    if answering.risk_partners:
        rows.append(("Risk partners", shown_line(", ".join(answering.risk_partners))))
    if found.certified is not None:
        told = found.certified
        rows.append(
            (
                "Certified",
                f"by {shown_line(told.by)} until {said_end(told.until)}: "
                f"{shown_line(told.reason)}",
            )
        )
    if found.unowned:
        rows.append(("Unowned", shown_line("; ".join(found.unowned))))
    return tier(found.tier) + facts("The review", rows)


def _blocks(found: Review) -> str:
    if not found.blocks:
        return ""
    return (
        " Once it has lapsed, it does not go live again before somebody certifies it."
    )


def _ways(found: Review, me: Current) -> dict[str, str | None]:
    """As what *me* could say it: what is chosen, and the seat that is sent."""
    answering = found.answering
    ways: dict[str, str | None] = {}
    for word, handles in (
        ("its owner", (answering.owner,)),
        ("a deputy of a bot that uses it", answering.deputies),
        ("a risk partner of a bot that uses it", answering.risk_partners),
    ):
        if me.handle in handles:
            ways[word] = None
            break
    return ways | {f"the seat {s}": s for s in found.seats if s in me.seats}


def _who(found: Review) -> str:
    answering = found.answering
    names = (answering.owner, *answering.deputies, *answering.risk_partners)
    told = ", ".join(dict.fromkeys(names))
    seats = f", or somebody who sits for {', '.join(found.seats)}" * bool(found.seats)
    return f"You read it here; {told}{seats} can certify it."
