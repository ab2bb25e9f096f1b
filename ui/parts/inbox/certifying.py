"""Certifying: somebody who answers for a live document says that it is still right.

Or that it is not: then they are led to what can be done about it.  Who may certify it,
as what and until when, the registry says with the review.
"""

from datetime import UTC, datetime, timedelta
from functools import partial

import streamlit as st

from registry.remote import Remote
from registry.remote.reviews import Certifying, ListedReview, Review
from registry.remote.sessions import Current
from registry.times import end_of
from ui.parts import done
from ui.parts.choosing import choice
from ui.parts.differences import whole
from ui.parts.facts import facts
from ui.parts.marks import tier
from ui.parts.pages import LIVE, POLICY, PROPOSE
from ui.parts.reviewing import review_html
from ui.parts.terms import term
from ui.parts.text import MAX_REASON, label, plain, shown_line
from ui.parts.times import day, ends, ends_html

SUBMIT = "submit a change"
"""The words of the registry's table of acts."""

AHEAD = timedelta(days=180)
"""What is offered first."""

_PARTS = {
    "owner": "its owner",
    "deputy": "a deputy of a bot that uses it",
    "risk partner": "a risk partner of a bot that uses it",
}


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
    say = choice(
        "What do you say?",
        {"right": "It is still right", "wrong": "It is wrong, or out of date"},
        of="say",
        default="right",
    )
    if say == "wrong":
        _wrong(found, me)
    elif found.you.why_not:
        st.caption(label(_who(found), 400))
    elif done.as_read(_reading(found), found.digest):
        _form(registry, found, found.you)


def _wrong(found: Review, me: Current) -> None:
    """What to do about it: nothing is certified, and the review stays open."""
    where, owner = found.environment, found.answering.owner
    edit = {"env": where, "document": found.document}
    with st.container(border=True):
        if SUBMIT in me.may:
            st.write(
                "Propose what it should say instead. The review is over when that is "
                "live, or when somebody certifies it after all."
            )
            st.page_link(PROPOSE, label="Propose an edit", query_params=edit)
        else:
            st.write(
                label(
                    f"Tell {owner}, who owns it, what is wrong, and send the address "
                    "of this page along. Somebody with the role author proposes what "
                    "it should say instead; the review stays open until then.",
                    400,
                )
            )
            st.page_link(
                POLICY,
                label=label(f"Who {owner} is"),
                query_params={"view": "people", "person": owner},
            )
            st.page_link(
                PROPOSE, label="Try what it could say instead", query_params=edit
            )
        st.write(
            "If it does harm now, stop the bot first, or go back to what was live "
            "before. Both are done in a minute."
        )
        kind, _, name = found.document.partition("/")
        bot = {"bot": name} if kind == "bots" else {}
        st.page_link(
            LIVE, label="Stop a bot, or go back", query_params={"env": where} | bot
        )


def _reading(found: Review) -> str:
    return f"review {found.environment}/{found.document}"


def _form(registry: Remote, found: Review, you: Certifying) -> None:
    today, ways = datetime.now(UTC).date(), _ways(you)
    with st.form("certifying"):
        way = st.selectbox("As", list(ways), format_func=plain, key="as")
        until = st.date_input(
            "Look at it again by",
            min(today + AHEAD, you.last_day),
            min_value=today,
            max_value=you.last_day,
            format="YYYY-MM-DD",
            key="until",
            help=label(f"{day(you.last_day)} at the latest."),
        )
        reason = st.text_area(
            "What did you look at, and find? Everybody here will read it.",
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
    done.attempt(
        partial(
            registry.reviews.certify,
            found.environment,
            found.document,
            digest=found.digest,
            until=end,
            seat=ways[way],
            reason=reason,
        ),
        lambda certified: done.Happened(
            said=_certified(found, certified, end), query={}
        ),
        read=_reading(found),
    )


def _certified(was: Review, now: Review, end: datetime) -> str:
    told = f"{now.document} {now.version} is certified until {ends(now.due or end)}."
    if was.due is not None and was.due >= end:
        told += " Its review was due as late as that already."
    return told


def _told(found: Review) -> str:
    answering = found.answering
    rows = [
        ("Live", f"{shown_line(found.version)} in {shown_line(found.environment)}"),
        ("Check mark", _check_mark(found.digest)),
        (
            "Review",
            review_html(found.status, found.due) + _blocks(found),
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
                f"by {shown_line(told.by)} until {ends_html(told.until)}: "
                f"{shown_line(told.reason)}",
            )
        )
    if found.unowned:
        rows.append(("Unowned", shown_line("; ".join(found.unowned))))
    return tier(found.tier) + facts("The review", rows)


def _blocks(found: Review) -> str:
    if not found.blocks:
        return ""
    return ". Once it is overdue, it does not go live again before it is certified."


def _check_mark(digest: str) -> str:
    short = shown_line(digest.removeprefix("sha256:")[:12])
    return f"<code>{short}</code> {term('check mark', 'of its text')}"


def _ways(you: Certifying) -> dict[str, str | None]:
    """As what it can be said: what is chosen, and the seat that is sent."""
    ways: dict[str, str | None] = {}
    if you.part is not None:
        ways[_PARTS.get(you.part, you.part)] = None
    return ways | {f"the seat {seat}": seat for seat in you.seats}


def _who(found: ListedReview) -> str:
    answering = found.answering
    names = (answering.owner, *answering.deputies, *answering.risk_partners)
    told = ", ".join(dict.fromkeys(names))
    seats = ""
    if found.seats:
        seats = f", or somebody who sits for {', '.join(found.seats)}"
    return (
        f"You read it here; {told}{seats} can certify it. As things stand, "
        f"{found.you.why_not}."
    )
