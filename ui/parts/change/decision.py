"""The decision: a vote, with a reason, on exactly what was read."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial

import streamlit as st

from registry.remote.changes import ChangeView, Standing, Vote
from registry.remote.conditions import Condition
from registry.times import end_of
from ui.parts import done, session, signing
from ui.parts.change import receipts
from ui.parts.change.reading import MAX_CHARS, powers, reading, was_read
from ui.parts.proposals.saying import checked, heading
from ui.parts.proposals.verdicts import ACTS, DID
from ui.parts.terms import term
from ui.parts.text import label, plain, shown, shown_line
from ui.parts.times import ago_html, now

_MEANS = {
    "approve": "I have read what reads differently, and agree that it goes live.",
    "ask-for-changes": "Not like this: it waits until I approve, or it is revised.",
    "veto": "No, whoever else agrees, in any revision, until the veto is cleared.",
    "reject": "The change ends here, for good.",
    "retract": "I neither agree nor object any more.",
}
_DONE = {
    "approve": "You approved change {id} as {seat}.",
    "ask-for-changes": "You asked for changes of change {id} as {seat}.",
    "veto": "You vetoed change {id} as {seat}.",
    "reject": "You rejected change {id} as {seat}, for good.",
    "retract": "You took your vote on change {id} back.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """What somebody is about to say."""

    verdict: str
    seat: str
    on_condition: bool


def show(change: ChangeView, handle: str) -> None:
    """The vote, or why there is none."""
    heading("Your decision", "decision")
    _own_vote(change, handle)
    if any(vote.by == handle for vote in change.votes):
        receipts.of_vote(change.id, handle)
    if change.outcome is not None:
        st.html(f'<p class="tight">{shown_line(change.you.why_not or "")}</p>')
        return
    if change.you.why_not is not None:
        cannot = "agree" if powers(change, "ask-for-changes") else "vote"
        why = f"You cannot {cannot}. {change.you.why_not}"
        st.info(label(why, 500), icon=":material/info:")
        could = shown_line(", ".join(_could(change.requirements)))
        if could:
            st.html(f'<p class="tight muted">Who could: {could}.</p>')
    verdicts = _verdicts(change, handle)
    if not verdicts:
        return
    if was_read(change) != change.review_digest:
        st.info(
            "This change has changed since you opened it. Read it again, and say so at "
            "the top of the page: then you can decide here.",
            icon=":material/sync_problem:",
        )
        return
    if _current(change, handle) is None:
        _vote(change, verdicts, handle)
    else:
        with st.expander("Say something else", key=f"otherwise-{change.id}"):
            _vote(change, verdicts, handle)


_BESIDE = {"ask-for-changes", "veto", "reject", "retract"}
"""What one may say also where nobody agrees, as to what is stale."""


def _verdicts(change: ChangeView, handle: str) -> dict[str, tuple[str, ...]]:
    """Each thing that one can say, with the seats in which one can say it."""
    # Beside a veto of one's own, all but ending the change is refused.
    vetoed = any((one.by, one.verdict) == (handle, "veto") for one in change.blocks)
    seats = () if vetoed else change.you.may_vote
    usual = ("approve", "ask-for-changes", "veto")
    found = dict.fromkeys(usual, seats) if seats else {}
    for power in change.you.could:
        if power.act in _BESIDE:
            found[power.act] = power.seats
    return found


def _vote(
    change: ChangeView, verdicts: dict[str, tuple[str, ...]], handle: str
) -> None:
    # A field of one's own: what somebody else says meanwhile takes nothing typed away.
    nth = f"{change.id}-{sum(one.by == handle for one in change.votes)}"
    chosen = _choose(change, verdicts)
    agrees, you = chosen.verdict == "approve", change.you
    needed = you.reason_needed if agrees else chosen.verdict != "retract"
    again = you.sign_in_again if agrees else None
    if again is not None:
        signing.ask(again)
    with st.form(f"vote-{change.id}", enter_to_submit=False):
        reason = st.text_area(
            "Reason" if needed else "Reason (you may leave it out)",
            key=f"reason-{nth}",
            max_chars=MAX_CHARS,
            height=90,
            placeholder="What you looked at, and why you decide so",
        )
        condition = _condition(change) if chosen.on_condition else None
        st.html(attestation(change, chosen))
        word = ACTS[chosen.verdict]
        sent = st.form_submit_button(
            label(f"{word} as {chosen.seat}"),
            type="primary",
            key=f"send-{nth}",
            disabled=again is not None,
        )
    if not sent or again is not None:
        return
    if needed and not reason.strip():
        st.error("Write a reason: of this tier, and of a no, the record says why.")
        return
    if chosen.on_condition and condition is None:
        st.error("A condition says what has to be done, by whom, and by when.")
        return
    _send(change, chosen, reason.strip(), condition)


def _choose(change: ChangeView, verdicts: dict[str, tuple[str, ...]]) -> Chosen:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        verdict = st.segmented_control(
            "Your vote",
            list(verdicts),
            default=next(iter(verdicts)),
            required=True,
            format_func=lambda one: ACTS[one],
            key=f"verdict-{change.id}",
        )
        verdict = verdict if verdict in verdicts else next(iter(verdicts))
        seats = verdicts[verdict]
        seat = seats[0]
        if len(seats) > 1:
            seat = st.selectbox(
                "As", seats, format_func=plain, key=f"seat-{change.id}", width=180
            )
        on_condition = verdict == "approve" and st.checkbox(
            "On a condition", key=f"conditional-{change.id}"
        )
    return Chosen(verdict=verdict, seat=seat, on_condition=on_condition)


def _condition(change: ChangeView) -> Condition | None:
    left, middle, right = st.columns([3, 1, 1])
    people = sorted(
        one.handle for one in session.registry().people.list() if one.active
    )
    text = left.text_input(
        "What still has to be done", key=f"to-do-{change.id}", max_chars=MAX_CHARS
    )
    owner = middle.selectbox(
        "Who answers for it",
        people,
        index=people.index(change.author) if change.author in people else 0,
        format_func=plain,
        key=f"owner-{change.id}",
    )
    today = now().date()
    due = right.date_input(
        "By",
        value=today + timedelta(days=30),
        min_value=today + timedelta(days=1),
        max_value=today + timedelta(days=session.me().longest_days.condition - 1),
        key=f"due-{change.id}",
    )
    if not text.strip() or not owner or not isinstance(due, date):
        return None
    return Condition(text=text.strip(), owner=owner, due=end_of(due))


def attestation(change: ChangeView, chosen: Chosen) -> str:
    """What one says by it, of which bytes, and what it counts for."""
    edited = len(change.edits)
    counts = _counts(change, chosen.seat) if chosen.verdict == "approve" else ""
    of = (
        f"{edited} edited, {len(change.effect)} read or use them"
        if edited
        else shown_line(", ".join(change.documents))
    )
    return (
        f'<p class="attest"><strong>“{_MEANS[chosen.verdict]}”</strong><br>'
        f'<span class="muted">Of exactly revision {change.revision} of change '
        f"{change.id} ({of}), {term('digest')} "
        f"<code>{checked(was_read(change))}</code>.{counts}</span></p>"
    )


def _counts(change: ChangeView, seat: str) -> str:
    waiting = [one for one in change.requirements if not one.met]
    meets = [one.name for one in waiting if one.seat == seat]
    if meets:
        return f" It counts for: {shown_line(', '.join(meets))}."
    others = ", ".join(f"{one.name} ({one.seat or 'nobody'})" for one in waiting)
    told = f"those ask for others: {others}" if others else "all are met"
    return f" No open requirement asks for {shown_line(seat)}; {shown_line(told)}."


def _send(
    change: ChangeView, chosen: Chosen, reason: str, condition: Condition | None
) -> None:
    done.attempt(
        partial(
            session.registry().changes.vote,
            change.id,
            review_digest=was_read(change),
            verdict=chosen.verdict,
            seat=chosen.seat,
            reason=reason,
            condition=condition,
        ),
        _DONE[chosen.verdict].format(id=change.id, seat=chosen.seat),
        read=reading(change),
    )


def _current(change: ChangeView, handle: str) -> Vote | None:
    """What somebody says of exactly what is proposed now."""
    last = _last(change, handle)
    if last is None or last.review_digest != change.review_digest:
        return None
    return last


def _last(change: ChangeView, handle: str) -> Vote | None:
    own = [vote for vote in change.votes if vote.by == handle]
    return None if not own or own[-1].verdict == "retract" else own[-1]


def _own_vote(change: ChangeView, handle: str) -> None:
    last = _last(change, handle)
    if last is None:
        return
    is_old = last.review_digest != change.review_digest
    of = f" revision {last.revision}, and not this one," if is_old else " it"
    st.html(
        f'<p class="tight">You <strong>{DID[last.verdict]}</strong>{of} as '
        f"{shown_line(last.seat)} {ago_html(last.at)}. {shown(last.reason)}</p>"
    )


def _could(standings: tuple[Standing, ...]) -> list[str]:
    """Who could still agree."""
    return sorted({who for one in standings if not one.met for who in one.could})
