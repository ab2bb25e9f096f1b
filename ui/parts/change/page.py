"""One change, from what is asked to what one decides."""

import streamlit as st

from registry.remote.changes import ChangeView
from registry.remote.checks import Attached
from registry.remote.differences import Difference
from registry.remote.ratifications import RatificationSummary
from ui.parts import done, packs, session
from ui.parts.change import around, ask, decision, discussion, doing, objections
from ui.parts.change.fetched import around as around_it
from ui.parts.change.reading import powers, reading, was_read
from ui.parts.packs import Pack
from ui.parts.pages import CHANGE
from ui.parts.proposals import agreement, saying, tested, wording
from ui.parts.terms import term
from ui.parts.text import label, sentence, shown_line

_AFTERWARDS = {
    "open": "They have not decided yet whether they do afterwards.",
    "overdue": "They are late with saying whether they do afterwards.",
    "ratified": "They have agreed to it afterwards.",
    "repudiated": "Afterwards they have said no to it.",
}


def show(number: int, handle: str) -> None:
    remote = session.registry()
    change = remote.changes.get(number)
    st.title(label(change.title, 200))
    done.show()
    found = around_it(change)
    ask.show(change, found.seq)
    _show_hindrance(change)
    attached = list(remote.checks.list(number))
    difference = remote.changes.difference(number)
    _show_summary(change, attached, difference, handle)
    wording.show(change, difference)
    around.show(change, found)
    discussion.show(change)
    objections.show(change)
    decision.show(change, handle)
    doing.show(change, difference, found)
    _offer_evidence(number)


def _offer_evidence(number: int) -> None:
    """For somebody outside: who agreed to what, and how to check it without us."""
    remote = session.registry().evidence
    packs.offer(
        "Make the evidence of this change",
        f"change {number}",
        lambda: Pack(name=f"evidence-change-{number}", data=remote.of_change(number)),
    )


def _show_hindrance(change: ChangeView) -> None:
    if was_read(change) != change.review_digest:
        st.warning(
            "This change has another content than when you opened it: revision "
            f"{change.revision} stands below. Nothing that you send counts for it "
            "before you say that you have read it.",
            icon=":material/sync_problem:",
        )
        st.button(
            f"I read revision {change.revision}",
            on_click=done.read_again,
            args=(reading(change),),
            key=f"read-{change.id}",
        )
    told = saying.hindrance(change)
    if told is not None:
        is_fine = change.status == "scheduled" and not change.is_overdue
        note = st.info if is_fine else st.warning
        note(label(told, 900), icon=":material/schedule:")
    opened = change.ratification
    if opened is not None:
        st.warning(label(_went_live(opened), 900), icon=":material/emergency:")
        st.page_link(
            CHANGE,
            label=f"Ratification {opened.id}",
            query_params={"ratification": str(opened.id)},
        )


def _went_live(opened: RatificationSummary) -> str:
    """That nobody was asked before, why, and what people say of it since."""
    if opened.incident is None:
        how = "It went live before people had agreed to it"
    else:
        how = f"It went live in an emergency ({opened.incident}), before people had"
        how += " agreed to it"
    why = f": {opened.why[0]}" if opened.why else "."
    return f"{sentence(how + why)} {_AFTERWARDS.get(opened.status, opened.status)}"


def _show_summary(
    change: ChangeView, attached: list[Attached], difference: Difference, handle: str
) -> None:
    """Who agrees, what was tried, how it comes out, and what else moves."""
    with st.container(gap="xsmall"):
        left, right = st.columns(2, gap="small")
        with left, st.container(border=True, gap="xsmall"):
            st.html(_agreement(change, handle))
        with right, st.container(border=True, gap="xsmall"):
            st.html(
                f'<h2 class="part">{term("check", "Checks")}</h2>'
                f"{tested.results(attached)}"
                f"{tested.required(change.required_checks)}"
                f"{tested.checks(change, attached)}{tested.waivers(change)}"
                '<h2 class="part">What else moves</h2>'
                f"{agreement.moved(change.facts, difference)}"
            )
        st.html(tested.answers(change, attached))


def _agreement(change: ChangeView, handle: str) -> str:
    is_open = change.outcome is None
    needs = agreement.each(change.requirements, is_open=is_open, handle=handle)
    return (
        f'<h2 class="part wording">Who {"has" if is_open else "had"} to agree '
        f'<span class="muted">{agreement.agreed(change.requirements)}</span></h2>'
        f"{agreement.tier_because(change)}{agreement.blocks(change.blocks)}"
        f"{needs}{_your_part(change)}"
    )


def _your_part(change: ChangeView) -> str:
    """In which seat one could vote, or why in none; and whether one makes it live."""
    if change.outcome is not None:
        return ""
    live = ""
    if change.is_agreed and powers(change, "activate"):
        live = ' You can <a href="#activate">make it live</a>.'
    if change.you.may_vote:
        seats = shown_line(" or ".join(change.you.may_vote))
        asked = {one.seat for one in change.requirements if not one.met}
        if asked.isdisjoint(change.you.may_vote):
            told = f"Nothing open asks for your seat, <strong>{seats}</strong>"
        else:
            told = f"You can fill <strong>{seats}</strong>"
        link = '<a href="#decision">to your decision</a>'
        return f'<p class="tight">{told}: {link}.{live}</p>'
    # That it is stale, and the way on, stand at the top.
    why = "" if change.stale_because else shown_line(change.you.why_not or "")
    return f'<p class="tight"><strong>You cannot vote.</strong> {why}{live}</p>'
