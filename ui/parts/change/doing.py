"""What else somebody can do about a change: each with what it does, and a reason."""

from datetime import date, timedelta
from functools import partial

import streamlit as st

from registry.remote.changes import ChangeView, Power, WayOn
from registry.remote.differences import Difference, Text
from registry.times import end_of
from ui.parts import session
from ui.parts.change.fetched import Around
from ui.parts.change.reading import MAX_CHARS, powers, reading, was_read
from ui.parts.done import attempt
from ui.parts.made_stale import made_stale
from ui.parts.marks import mark, table
from ui.parts.pages import LIVE, POLICY, PROPOSE
from ui.parts.proposals.saying import heading
from ui.parts.stopped import stays_stopped
from ui.parts.text import label, plain, shown, shown_line
from ui.parts.times import now

SHOWN = 20
"""Of what only reads differently."""


def show(change: ChangeView, difference: Difference, around: Around) -> None:
    if powers(change, "activate") and change.is_agreed:
        _activate(change, difference, around)
    if change.stale_because is not None and change.way_on is not None:
        _made_current(change, change.way_on)
    elif powers(change, "revise"):
        st.page_link(
            PROPOSE,
            label="Revise it: the voting starts again",
            icon=":material/edit_document:",
            query_params={"revise": str(change.id)},
        )
    for power in powers(change, "clear-veto"):
        _clear(change, power)
    for power in powers(change, "waive"):
        _waive(change, power)
    for power in powers(change, "activate-in-emergency"):
        _offer_emergency(change, power, around)
    if powers(change, "withdraw"):
        _withdraw(change)


def _made_current(change: ChangeView, way: WayOn) -> None:
    """Where one goes on from a stale change; what comes next is said at the top."""
    if way.act == "revise" and powers(change, "revise"):
        heading("Make it current", "current")
        if st.button(
            "Revise it on what is live now",
            type="primary",
            icon=":material/edit_document:",
            key=f"revise-{change.id}",
            help="The voting starts again.",
        ):
            st.switch_page(PROPOSE, query_params={"revise": str(change.id)})
    elif powers(change, "withdraw") and way.act in _AGAIN:
        heading("Make it current", "current")
        again, place = _AGAIN[way.act]
        bot = {} if way.bot is None else {"bot": way.bot}
        st.page_link(
            POLICY if way.act == "submit-policy" else LIVE,
            label=again,
            icon=":material/replay:",
            query_params={"env": change.environment, **place, **bot},
        )


_AGAIN: dict[str, tuple[str, dict[str, str]]] = {
    "promote": ("Promote it again", {"view": "between"}),
    "roll-back": ("Roll back again", {}),
    "submit-policy": ("Write the policy again", {}),
    "resume": ("Propose again that the bot answers", {"do": "resume"}),
}
"""What a link says, and where on its page it leads."""


def becomes_live(change: ChangeView, difference: Difference) -> str:
    """What is live by it afterwards, document by document."""
    edited = {one.document for one in difference.documents}
    others = [one.document for one in change.effect if one.document not in edited]
    rows = [
        (shown_line(one.document), _version(one.before), _version(one.after))
        for one in difference.documents
    ]
    reads = "reads differently, or uses it"
    rows += [(shown_line(one), "as it is", reads) for one in others[:SHOWN]]
    if others[SHOWN:]:
        rows.append((f"and {len(others) - SHOWN} more", "as they are", reads))
    return table("What becomes live", ("Document", "Now", "Afterwards"), rows)


def _version(text: Text | None) -> str:
    if text is None:
        return '<span class="muted">nothing</span>'
    # Of a policy it is a digest.
    return shown_line(text.version.removeprefix("sha256:")[:20])


def _activate(change: ChangeView, difference: Difference, around: Around) -> None:
    heading("Make it live", "activate")
    if change.held_back or change.why_not:
        told = "; ".join(change.held_back) or change.why_not or ""
        st.warning(
            label(f"Everybody agrees, and it does not go live yet: {told}.", 600),
            icon=":material/lock_clock:",
        )
        return
    with st.container(border=True):
        st.html(
            f'<p class="tight">{mark("everybody agrees", "green")}All of this goes '
            f"live in <strong>{shown_line(change.environment)}</strong> at once, for "
            "every conversation that begins afterwards.</p>"
            f"{stays_stopped(change.environment, around.stopped)}"
        )
        st.html(becomes_live(change, difference) + _makes_stale(around))
        if st.button(
            label(f"Make change {change.id} live in {change.environment}"),
            type="primary",
            icon=":material/publish:",
            key=f"activate-{change.id}",
        ):
            attempt(
                partial(
                    session.registry().changes.activate, change.id, was_read(change)
                ),
                f"Change {change.id} is live in {change.environment}.",
                read=reading(change),
            )


def _makes_stale(around: Around) -> str:
    """HTML: which open changes could not go live any more; or why this one cannot."""
    if around.refused is not None:
        why = shown_line(str(around.refused))
        return f'<p class="tight">{mark("not now", "amber")}{why}</p>'
    return made_stale(around.makes_stale)


def _clear(change: ChangeView, power: Power) -> None:
    by = power.about or ""
    veto = next((one for one in change.blocks if one.by == by), None)
    with st.expander(label(f"Clear the veto of {by}")):
        if veto is not None:
            st.html(f'<p class="tight">{shown_line(by)}: {shown(veto.reason)}</p>')
        with st.form(f"clear-{change.id}-{by}", border=False):
            reason = _reason("Why it is settled")
            if st.form_submit_button(label(f"Clear the veto of {by}")):
                attempt(
                    partial(
                        session.registry().changes.clear_veto,
                        change.id,
                        veto_by=by,
                        reason=reason,
                    ),
                    f"The veto of {by} is cleared.",
                )


def _waive(change: ChangeView, power: Power) -> None:
    check = power.about or ""
    with st.expander(label(f"Do without the check {check}")):
        st.html(
            '<p class="tight muted">For this revision alone, until the day that you '
            "name. It stays on record that it went live without.</p>"
        )
        with st.form(f"waive-{change.id}-{check}", border=False):
            seat = _seat(power)
            today = now().date()
            until = st.date_input(
                "Until",
                value=today + timedelta(days=7),
                min_value=today,
                max_value=today + timedelta(days=session.me().longest_days.waiver - 1),
            )
            reason = _reason("Why it can go live without")
            sent = st.form_submit_button(label(f"Do without {check}"))
        if sent and isinstance(until, date):
            attempt(
                partial(
                    session.registry().checks.waive,
                    change.id,
                    review_digest=was_read(change),
                    check=check,
                    seat=seat,
                    reason=reason,
                    expires=end_of(until),
                ),
                f"Change {change.id} can go live without {check}.",
                read=reading(change),
            )


def _offer_emergency(change: ChangeView, power: Power, around: Around) -> None:
    offered = st.expander(
        "Activate in an emergency", on_change="rerun", key=f"in-emergency-{change.id}"
    )
    if offered.open:
        with offered:
            _emergency(change, power, around)


def _emergency(change: ChangeView, power: Power, around: Around) -> None:
    st.html(
        '<p class="tight">It goes live at once, <strong>without</strong> what is '
        f"missing:</p>{stays_stopped(change.environment, around.stopped)}"
        f'<ul class="needs">{_without(change)}</ul>'
        f"{_makes_stale(around)}"
        '<p class="tight muted">The others have to agree to it afterwards, by a '
        "deadline. Stopping the bot, or rolling back, needs no agreement at all: "
        "think of these first.</p>"
    )
    with st.form(f"emergency-{change.id}", border=False):
        seat = _seat(power)
        incident = st.text_input("Incident", placeholder="INC-7", max_chars=100)
        reason = _reason("Why it cannot wait")
        sent = st.form_submit_button(
            label(f"Activate change {change.id} in {change.environment} now"),
            type="primary",
        )
    if sent:
        attempt(
            partial(
                session.registry().changes.activate_in_emergency,
                change.id,
                was_read(change),
                seat=seat,
                incident=incident,
                reason=reason,
            ),
            f"Change {change.id} is live in {change.environment}. Others have to "
            "agree to it afterwards.",
            read=reading(change),
        )


def _without(change: ChangeView) -> str:
    missing = [f"{one.name}: {one.why}" for one in change.requirements if not one.met]
    missing += [
        f"check {one.name}: {one.why}" for one in change.required_checks if not one.met
    ]
    return "".join(f"<li>{shown_line(one)}</li>" for one in missing) or (
        "<li>nothing: everybody agrees</li>"
    )


def _withdraw(change: ChangeView) -> None:
    with (
        st.expander("Withdraw this change"),
        st.form(f"withdraw-{change.id}", border=False),
    ):
        reason = _reason("Why it is taken back")
        if st.form_submit_button(label(f"Withdraw change {change.id}")):
            attempt(
                partial(session.registry().changes.withdraw, change.id, reason),
                f"Change {change.id} is withdrawn.",
            )


def _reason(what: str) -> str:
    return st.text_area(what, max_chars=MAX_CHARS, height=80).strip()


def _seat(power: Power) -> str:
    if len(power.seats) == 1:
        return power.seats[0]
    return str(st.selectbox("As", power.seats, format_func=plain))
