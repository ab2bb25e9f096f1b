"""What went live without agreement: people agree to it afterwards, or do not."""

from functools import partial

import streamlit as st

from registry.remote import timelines
from registry.remote.differences import (
    Difference,
    DocumentDifference,
    EffectDifference,
    Text,
)
from registry.remote.judging import RatificationView
from registry.remote.ratifications import RatificationVote
from ui.parts import done, session, signing
from ui.parts.change import receipts
from ui.parts.change.reading import MAX_CHARS
from ui.parts.marks import mark
from ui.parts.pages import CHANGE, LIVE
from ui.parts.proposals import agreement
from ui.parts.proposals.drawing import SIDES, show_all
from ui.parts.proposals.saying import checked, heading
from ui.parts.proposals.wording import wordings
from ui.parts.terms import term
from ui.parts.text import label, plain, shown, shown_line
from ui.parts.times import ago_html

_JUDGEMENTS = {
    "ratify": "Ratify",
    "repudiate": "Repudiate",
    "retract": "Take my judgement back",
}
_MEANS = {
    "ratify": "I have read what went live, and agree to it afterwards.",
    "repudiate": "I do not agree. What was live before may be put back without a vote.",
    "retract": "I neither agree nor refuse any more.",
}
_DONE = {
    "ratify": "You ratified it",
    "repudiate": "You repudiated it",
    "retract": "You took your judgement back",
}


def show(number: int, handle: str) -> None:
    found = session.registry().ratifications.get(number)
    st.title(label(found.title, 200))
    st.html(_head(found))
    done.show()
    _show_outcome(found)
    left, right = st.columns(2, gap="small")
    with left, st.container(border=True, gap="xsmall"):
        st.html(_agreement(found, handle))
    with right, st.container(border=True, gap="xsmall"):
        st.html(f'<h2 class="part">Why it needs this</h2>{_why(found)}')
        with st.container(horizontal=True):
            if found.change is not None:
                st.page_link(
                    CHANGE,
                    label=f"Change {found.change}",
                    query_params={"id": str(found.change)},
                )
            st.page_link(LIVE, label="Live", query_params={"env": found.environment})
    _show_wording(found)
    _show_votes(found)
    _show_judging(found, handle)


def _agreement(found: RatificationView, handle: str) -> str:
    is_open = found.closed_at is None
    needs = agreement.each(found.requirements, is_open=is_open, handle=handle)
    link = '<p class="tight"><a href="#judgement">To your judgement</a></p>'
    is_asked = found.you.seats and _own(found, handle) is None
    return (
        '<h2 class="part wording">Who has to agree <span class="muted">'
        f"{agreement.agreed(found.requirements)}</span></h2>"
        f"{needs}{link if is_asked else ''}"
    )


def _show_outcome(found: RatificationView) -> None:
    """How it ended, and what follows from that."""
    if found.status == "ratified":
        st.success(
            "Ratified: everybody who is asked has agreed, and it stays live.",
            icon=":material/check_circle:",
        )
    if found.status != "repudiated":
        return
    st.warning(
        "Repudiated: people do not agree to it. That takes nothing back by itself; "
        "what was live before may be put back without a vote.",
        icon=":material/undo:",
    )
    st.page_link(
        LIVE,
        label=f"Look at what putting back seq {found.seq} would do",
        icon=":material/history:",
        query_params={"env": found.environment, "do": "back", "undo": str(found.seq)},
    )


def _head(found: RatificationView) -> str:
    what = "A rollback" if found.change is None else f"Change {found.change}"
    how = f" in an emergency ({shown_line(found.incident)})" if found.incident else ""
    due = "" if found.closed_at is not None else f" · due {ago_html(found.due)}"
    seq = term("seq")
    return (
        f'<p class="head">{mark(found.status)}{what} went live{how} as {seq} '
        f"{found.seq} in <strong>{shown_line(found.environment)}</strong> · by "
        f"<strong>{shown_line(found.by)}</strong> {ago_html(found.at)}{due}</p>"
        f"{_reason(found)}"
    )


def _reason(found: RatificationView) -> str:
    """Why it could not wait, in the words of whoever went ahead."""
    if found.incident is None or not found.why:
        return ""
    return f'<p class="why"><strong>Why</strong> {shown_line(found.why[0])}</p>'


def _why(found: RatificationView) -> str:
    told = [
        why
        for why in found.why[found.incident is not None :]
        if not any(why.startswith(f"{one.name}: ") for one in found.requirements)
    ]
    rows = "".join(f"<li>{shown(one)}</li>" for one in told)
    left_out = shown_line(", ".join(found.excluded))
    return (
        f'<ul class="plainlist">{rows}</ul><p class="tight muted">It went live without '
        f"the agreement of those on the left. Left out, since they had a hand in it: "
        f"{left_out}.</p>"
    )


def _show_wording(found: RatificationView) -> None:
    heading("What went live", "wording")
    texts = wordings(_difference(found))
    show_all(texts, SIDES, f"went-live-{found.id}")
    if not texts:
        st.info("No document differs: only what a bot says of itself has moved.")


def _difference(found: RatificationView) -> Difference:
    """The texts that it replaced, and what read otherwise by them."""
    between = tuple(
        session.registry().timelines.differences(
            found.environment, found.seq - 1, found.seq
        )
    )
    return Difference(
        documents=tuple(
            DocumentDifference(
                document=one.document,
                before=_text(one.before),
                after=_text(one.after),
                rules=one.rules,
            )
            for one in between
            if _source(one.before) != _source(one.after)
        ),
        effect=tuple(
            EffectDifference(
                document=one.document,
                tier="",
                owners=(),
                before=one.before.reads if one.before else None,
                after=one.after.reads if one.after else None,
            )
            for one in between
        ),
        warnings=(),
    )


def _source(one: timelines.Text | None) -> str | None:
    return one.source if one else None


def _text(one: timelines.Text | None) -> Text | None:
    if one is None:
        return None
    return Text(version=one.version, source=one.source, review_by=None)


def _show_votes(found: RatificationView) -> None:
    if not found.votes:
        return
    heading("Judged so far")
    rows = "".join(
        f"<li>{mark(_past(vote.judgement))}<strong>{shown_line(vote.by)}</strong> for "
        f'{shown_line(vote.seat)} <span class="muted">{ago_html(vote.at)}</span>'
        f'<div class="words">{shown(vote.reason)}</div></li>'
        for vote in found.votes
    )
    st.html(f'<ul class="said">{rows}</ul>')


def _past(judgement: str) -> str:
    return {"ratify": "ratified", "repudiate": "repudiated"}.get(judgement, "retracted")


def _own(found: RatificationView, handle: str) -> RatificationVote | None:
    """What somebody says of it now."""
    own = [vote for vote in found.votes if vote.by == handle]
    return None if not own or own[-1].judgement == "retract" else own[-1]


def _show_judging(found: RatificationView, handle: str) -> None:
    heading("Your judgement", "judgement")
    own = _own(found, handle)
    if own is not None:
        st.html(
            f'<p class="tight">You <strong>{_past(own.judgement)}</strong> it as '
            f"{shown_line(own.seat)} {ago_html(own.at)}. {shown(own.reason)}</p>"
        )
    if any(vote.by == handle for vote in found.votes):
        receipts.of_judgement(found.id, handle)
    if not found.you.seats:
        why = found.you.why_not or "You hold no seat that is asked."
        told = why if own is not None else f"You cannot judge it. {why}"
        st.info(label(told, 500), icon=":material/info:")
    elif own is None:
        _form(found, handle)
    else:
        with st.expander("Say something else", key=f"otherwise-{found.id}"):
            _form(found, handle)


def _form(found: RatificationView, handle: str) -> None:
    judgement, seat = _choose(found, handle)
    agrees, you = judgement == "ratify", found.you
    again = you.sign_in_again if agrees else None
    if again is not None:
        signing.ask(again)
    needed = you.reason_needed if agrees else judgement == "repudiate"
    nth = sum(one.by == handle for one in found.votes)
    with st.form(f"judge-{found.id}", enter_to_submit=False):
        reason = st.text_area(
            "Reason" if needed else "Reason (you may leave it out)",
            max_chars=MAX_CHARS,
            height=90,
            key=f"judge-reason-{found.id}-{nth}",
        )
        st.html(
            f'<p class="attest"><strong>“{_MEANS[judgement]}”</strong><br>'
            f'<span class="muted">Of exactly what went live as seq {found.seq} of '
            f"{shown_line(found.environment)}, digest "
            f"<code>{checked(found.activated)}</code>.</span></p>"
        )
        sent = st.form_submit_button(
            label(f"{_JUDGEMENTS[judgement]} as {seat}"),
            type="primary",
            disabled=again is not None,
        )
    sent = sent and again is None
    if sent and needed and not reason.strip():
        st.error("Write a reason: of this tier, and of a no, the record says why.")
    elif sent:
        _send(found, judgement, seat, reason.strip())


def _choose(found: RatificationView, handle: str) -> tuple[str, str]:
    """What to say, and in which seat."""
    judged = _own(found, handle) is not None
    options = [one for one in _JUDGEMENTS if one != "retract" or judged]
    with st.container(horizontal=True, vertical_alignment="bottom"):
        judgement = st.segmented_control(
            "What you say",
            options,
            default=options[0],
            required=True,
            format_func=_JUDGEMENTS.__getitem__,
            key=f"judgement-{found.id}",
        )
        seat = found.you.seats[0]
        if len(found.you.seats) > 1:
            seat = str(
                st.selectbox("As", found.you.seats, format_func=plain, width=180)
            )
    return judgement, seat


def _send(found: RatificationView, judgement: str, seat: str, reason: str) -> None:
    done.attempt(
        partial(
            session.registry().ratifications.judge,
            found.id,
            activated=found.activated,
            judgement=judgement,
            seat=seat,
            reason=reason,
        ),
        f"{_DONE[judgement]} as {seat}.",
    )
