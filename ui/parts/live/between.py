"""Between environments: what is ahead of the other, behind it, or went its own way."""

from collections import Counter

import streamlit as st

from registry.remote import Remote
from registry.remote.comparing import DocumentDrift, Drift, Held
from ui.parts.choosing import choice
from ui.parts.links import change_link
from ui.parts.marks import mark, table
from ui.parts.pages import LIVE
from ui.parts.text import label, shown_line
from ui.parts.times import ago_html

MOST = 50
TONES = {
    "diverged": "red",
    "behind": "amber",
    "only-there": "amber",
    "ahead": "blue",
    "only-here": "blue",
}
_ORDER = tuple(TONES)
"""What somebody has to think about stands first."""


def show(registry: Remote, environment: str, names: list[str]) -> None:
    """How *environment* differs from another one."""
    others = {one: one for one in names if one != environment}
    if not others:
        st.info("There is one environment: nothing to compare it with.")
        return
    against = choice(
        "Compared with",
        others,
        of="against",
        default=_nearest(environment, names),
        what="other environment",
    )
    found = registry.comparisons.drift(environment, against, differing=True)
    if not found.documents:
        st.info(
            f"{environment} and {against} are alike: every document has the same text.",
            icon=":material/check:",
        )
        return
    st.html(f"<p>{_summary(found)}</p>")
    _ways(found)
    ordered = sorted(
        found.documents, key=lambda one: (_ORDER.index(one.relation), one.document)
    )
    st.html(
        table(
            f"{environment} and {against}",
            ("Document", "Is", environment, against, "Bots", "Proposed there"),
            [_row(found, one) for one in ordered[:MOST]],
        )
    )
    if len(ordered) > MOST:
        st.caption(f"{len(ordered) - MOST} more differ.")


def _ways(found: Drift) -> None:
    """To promote what is ahead; and the other way, if that is what is behind."""
    with st.container(horizontal=True):
        if found.promote and st.button(
            label(f"Promote what is ahead to {found.against}…"), key="promote"
        ):
            st.switch_page(
                LIVE,
                query_params={
                    "do": "promote",
                    "env": found.environment,
                    "to": found.against,
                },
            )
        behind = any(o.relation in {"behind", "only-there"} for o in found.documents)
        if behind and st.button(
            label(f"Look the other way: from {found.against}"), key="other-way"
        ):
            st.switch_page(
                LIVE,
                query_params={
                    "view": "between",
                    "env": found.against,
                    "against": found.environment,
                },
            )


def _nearest(environment: str, names: list[str]) -> str:
    """The one that things usually come from; else any other."""
    usual = {
        "production": "staging",
        "staging": "development",
        "development": "staging",
    }
    other = usual.get(environment, "")
    return other if other in names else next(n for n in names if n != environment)


def _summary(found: Drift) -> str:
    counts = Counter(one.relation for one in found.documents)
    told = ", ".join(f"{counts[o]} {_word(found, o)}" for o in _ORDER if counts[o])
    told = shown_line(told)
    return (
        f"{shown_line(found.environment)} (seq {found.seq}) compared with "
        f"{shown_line(found.against)} (seq {found.against_seq}): {told}."
    )


def _word(found: Drift, relation: str) -> str:
    """What is told of it; not escaped."""
    if relation == "only-here":
        return f"only in {found.environment}"
    if relation == "only-there":
        return f"only in {found.against}"
    return relation


def _row(found: Drift, one: DocumentDrift) -> tuple[str, ...]:
    return (
        shown_line(one.document),
        mark(_word(found, one.relation), TONES[one.relation]),
        _held(one.here),
        _held(one.there),
        shown_line(", ".join(one.bots)),
        ", ".join(
            change_link(p.change) + ("" if p.brings else " (another text)")
            for p in one.proposed_by
        ),
    )


def _held(held: Held | None) -> str:
    if held is None:
        return ""
    by = change_link(held.change) if held.change else f"by {shown_line(held.by)}"
    return f"{shown_line(held.version)}, {ago_html(held.at)} ({by})"
