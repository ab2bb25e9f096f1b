"""What a rollback would do, told before it is done, and the button that does it."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import partial

import streamlit as st

from registry.remote import Remote
from registry.remote.changes import Done
from registry.remote.rollbacks import Preview, Rollback, Undone
from ui.parts import done
from ui.parts.facts import headed
from ui.parts.hints import here
from ui.parts.links import change_link
from ui.parts.live import texts
from ui.parts.live.proposed import proposed
from ui.parts.made_stale import made_stale
from ui.parts.marks import mark, table
from ui.parts.pages import CHANGE, path_of
from ui.parts.proposals.agreement import moved
from ui.parts.stopped import stays_stopped, stopped_of
from ui.parts.text import MAX_REASON, label, shown_line


def show(registry: Remote, wanted: Rollback, told: Preview) -> None:
    stopped = stopped_of(registry, told.environment, told.affected)
    st.html(
        _verdict(told)
        + _undoes_emergencies(told)
        + stays_stopped(told.environment, stopped)
        + made_stale(told.makes_stale)
    )
    _act(registry, wanted, told)
    st.html(
        headed(
            f"What changes in {told.environment}",
            table(
                "What changes",
                ("Document", "Now", "Afterwards"),
                [
                    (
                        shown_line(one.document),
                        shown_line(one.now or "absent"),
                        shown_line(one.afterwards or "deleted"),
                    )
                    for one in told.replaced
                ],
            ),
        )
    )
    texts.show(registry, {o.document: (o.now, o.afterwards) for o in told.replaced})
    st.html("".join(_remarks(told)))


def _verdict(told: Preview) -> str:
    """HTML: whether it can be done at once, in a line."""
    if told.recalled:
        return _listing(mark("refused", "red"), "Nobody can do this", told.recalled)
    if told.needs_vote:
        return _listing(
            mark("needs votes", "amber"), "People have to agree first", told.needs_vote
        )
    said = f"<p>{mark('at once', 'green')}This needs no vote."
    if not told.ratify:
        return f"{said}</p>"
    return f"{said} It has to be ratified by others afterwards:</p>" + _items(
        told.ratify
    )


def _undoes_emergencies(told: Preview) -> str:
    """HTML: that some of what it undoes was urgent, or is being decided on."""
    return "".join(
        f'<p class="tight">{mark("undoes an emergency", "red")}Seq {one.seq} went live '
        f"because of {shown_line(one.incident)}: {shown_line(one.title)}. "
        f"{_judged(one)}</p>"
        if one.incident
        else f'<p class="tight">{mark("undoes what waits", "amber")}Seq {one.seq}: '
        f"{shown_line(one.title)}. {_judged(one)}</p>"
        for one in told.undoes
        if one.incident or (one.ratification is not None and one.judged is None)
    )


_JUDGED = {
    "ratified": "People have agreed to it since.",
    "repudiated": "People have said no to it since.",
}


def _judged(one: Undone) -> str:
    """HTML: what people have said of it afterwards."""
    if one.ratification is None:
        return ""
    if one.judged is not None:
        return _JUDGED.get(one.judged, shown_line(one.judged))
    link = path_of(CHANGE, ratification=one.ratification)
    return (
        f'<a href="{link}" target="_self">Whether people agree to it afterwards</a> '
        "is not decided yet."
    )


def _act(registry: Remote, wanted: Rollback, told: Preview) -> None:
    if told.recalled:
        st.caption("Go back to before it: choose an earlier moment.")
        return
    at_once = not told.needs_vote and told.you.why_not is None
    proposes = not at_once and told.you.why_not_propose is None
    if not told.needs_vote and told.you.why_not is not None:
        st.caption(label(f"You cannot do it at once: {told.you.why_not}", 400))
    if not at_once and not proposes:
        st.caption(label(told.you.why_not_propose or "", 400))
        return
    if not done.as_read(_reading(told.environment, wanted), told.decided_on):
        return
    # Of another choice it is another form: what was pressed there is not meant here.
    with st.form(f"going-back {wanted}"):
        reason = st.text_input(
            "Why? Everybody here will read it; customers do not.",
            max_chars=MAX_REASON,
            key="reason",
        )
        words = f"{_scope(wanted)} in {told.environment} to seq {told.restored}"
        pressed = st.form_submit_button(
            label(f"Roll back {words}" if at_once else f"Propose to roll back {words}"),
            type="primary",
            icon=":material/undo:" if at_once else None,
        )
    if pressed:
        # Compared just now with what was read: nothing comes between.
        wanted = replace(wanted, reason=reason, expected_seq=told.seq)
        _do(registry, wanted, told, at_once=at_once)


def _reading(environment: str, wanted: Rollback) -> str:
    of = replace(wanted, reason="", expected_seq=None)
    return f"back {environment} {of}"


def _do(registry: Remote, wanted: Rollback, told: Preview, *, at_once: bool) -> None:
    environment = told.environment
    if at_once:
        done.attempt(
            partial(registry.environments.roll_back, environment, wanted),
            _rolled_back,
            read=_reading(environment, wanted),
        )
    else:
        done.attempt(
            partial(registry.environments.propose_rollback, environment, wanted),
            lambda change: proposed(
                change, "The rollback is proposed.", env=environment, view="moves"
            ),
            read=_reading(environment, wanted),
        )


def _rolled_back(now: Done) -> done.Happened:
    said = f"Rolled back: {now.environment} is at seq {now.seq}."
    query = {"env": now.environment, "view": "moves"}
    if now.ratification is None:
        return done.Happened(said=said, query=query)
    link = done.Link(
        words=f"Ratification {now.ratification}",
        page=CHANGE,
        query={"ratification": str(now.ratification)},
    )
    told = f"{said} Others have to agree to it afterwards."
    return done.Happened(said=told, query=query, link=link)


def _scope(wanted: Rollback) -> str:
    if wanted.undo is not None:
        return f"what seq {wanted.undo} replaced"
    if wanted.all:
        return "everything"
    return (wanted.document or "").removeprefix("bots/")


def _remarks(told: Preview) -> Iterator[str]:
    also = sorted(set(told.affected) - {one.document for one in told.replaced})
    if also:
        yield headed("Also reads differently", _items(also))
    if told.undoes:
        yield headed("What it undoes", _undone(told))
    if told.facts:
        yield headed("What kind of change that is", moved(told.facts))
    if told.stronger:
        yield headed("Protects more afterwards", _items(told.stronger))
    if told.lapsed:
        yield headed("Held then, and does not any more", _items(told.lapsed))
    if told.warnings:
        advice = (f"{o.document}: {o.message}. {here(o.hint)}" for o in told.warnings)
        yield headed("Worth a look", _items(advice))


def _undone(told: Preview) -> str:
    return table(
        "What it undoes",
        ("Seq", "What", "Change", "Made live by", "People said afterwards"),
        [
            (
                str(one.seq),
                shown_line(one.title),
                change_link(one.change) if one.change is not None else "",
                mark("you", "blue") if one.yours else shown_line(one.by),
                _judged(one),
            )
            for one in told.undoes
        ],
    )


def _listing(marked: str, what: str, why: tuple[str, ...]) -> str:
    return f"<p>{marked}{what}:</p>{_items(why)}"


def _items(sentences: Iterable[str]) -> str:
    return (
        "<ul>" + "".join(f"<li>{shown_line(one)}</li>" for one in sentences) + "</ul>"
    )
