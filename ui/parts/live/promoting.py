"""Promoting: what one environment would get from another one, and proposing it."""

from collections.abc import Iterator
from functools import partial

import streamlit as st

from registry.remote import Remote
from registry.remote.comparing import PromotionPreview
from ui.parts import done
from ui.parts.facts import headed
from ui.parts.hints import here
from ui.parts.links import change_link
from ui.parts.live import texts
from ui.parts.live.between import TONES
from ui.parts.live.proposed import proposed
from ui.parts.made_stale import made_stale
from ui.parts.marks import mark, table
from ui.parts.proposals.agreement import moved
from ui.parts.text import label, plain, shown_line


def show(registry: Remote, source: str, target: str) -> None:
    """What a promotion would propose, and the proposal."""
    named = tuple(filter(None, st.query_params.get("documents", "").split(",")))
    st.header(label(f"Promote from {source} to {target}"))
    offered = registry.comparisons.drift(source, target, differing=True).promote
    options = list(dict.fromkeys((*named, *offered)))
    if not options:
        st.info(f"{source} has nothing that {target} does not have.")
        return
    chosen = st.multiselect(
        "What to promote; a bot comes with everything that it uses",
        options,
        default=list(named or offered[:MOST]),
        format_func=plain,
    )
    if not chosen:
        st.caption("Choose at least one.")
        return
    names = ", ".join(one.partition("/")[2] for one in chosen)
    title = f"Promote {names[:MOST_CHARS]} from {source} to {target}"
    told = done.tried(
        lambda: registry.comparisons.preview(source, target, tuple(chosen), title)
    )
    if told is not None:
        _act(registry, told, tuple(chosen), title)
        st.html("".join(_told(told)))
        texts.show(registry, {o.document: (o.now, o.version) for o in told.taken})


MOST = 20
"""Chosen before anybody has chosen."""

MOST_CHARS = 120
"""Of the names in a title."""


def _act(
    registry: Remote, told: PromotionPreview, chosen: tuple[str, ...], title: str
) -> None:
    backwards = [
        one.document for one in told.taken if one.relation in {"behind", "diverged"}
    ]
    if backwards:
        st.warning(
            label(
                f"{told.environment} has what {told.source} has not: "
                f"{', '.join(backwards[:3])}. Promoting drops that.",
                400,
            ),
            icon=":material/warning:",
        )
    if told.why_not is not None:
        st.warning(label(told.why_not, 400), icon=":material/block:")
        return
    if not done.as_read(_reading(told, chosen), told.decided_on):
        return
    with st.form(f"promoting {chosen}"):
        named = st.text_input(
            "Title of the proposal", title, max_chars=200, key="title"
        )
        agrees = not backwards or st.checkbox(
            "Replace what is newer or different there all the same"
        )
        pressed = st.form_submit_button(
            label(f"Propose it in {told.environment}"), type="primary"
        )
    if pressed and agrees:
        _propose(registry, told, chosen, named)
    elif pressed:
        st.error("Say that it replaces what is newer, or leave it out.")


def _reading(told: PromotionPreview, chosen: tuple[str, ...]) -> str:
    return f"promote {told.source} {told.environment} {chosen}"


def _propose(
    registry: Remote, told: PromotionPreview, chosen: tuple[str, ...], title: str
) -> None:
    done.attempt(
        partial(
            registry.environments.promote,
            told.source,
            told.environment,
            chosen,
            title,
            expected=told.brings,
        ),
        lambda change: proposed(
            change,
            "The promotion is proposed.",
            env=told.environment,
            view="between",
            against=told.source,
        ),
        read=_reading(told, chosen),
    )


def _told(told: PromotionPreview) -> Iterator[str]:
    name = f"What {told.environment} gets"
    rows = [
        (
            shown_line(one.document),
            shown_line(one.now or "absent"),
            shown_line(one.version),
            mark("new", "blue")
            if one.now is None
            else mark(one.relation, TONES.get(one.relation)),
        )
        for one in told.taken
    ]
    yield headed(name, table(name, ("Document", "Now", "Afterwards", "Is"), rows))
    if told.facts:
        yield headed("What kind of change that is", moved(told.facts))
    for title, lines in _lists(told):
        if lines:
            items = "".join(f"<li>{shown_line(one)}</li>" for one in lines)
            yield headed(title, f"<ul>{items}</ul>")
    if told.proposed_by:
        links = ", ".join(change_link(one) for one in told.proposed_by)
        yield f"<p>Open already, and edits some of it: {links}</p>"
    if told.makes_stale:
        yield headed("Once people have agreed and it is live", "")
        yield made_stale(told.makes_stale)


def _lists(told: PromotionPreview) -> Iterator[tuple[str, list[str]]]:
    yield (
        "Left out, because what is there is not older",
        [
            f"{one.document}: {one.now} there, {one.version} here"
            for one in told.left_out
        ],
    )
    also = set(told.affected) - {one.document for one in told.taken}
    yield "Also reads differently", sorted(also)
    yield "Whom it asks", list(told.asks)
    advice = [
        f"{one.document}: {one.message}. {here(one.hint)}" for one in told.warnings
    ]
    yield "Worth a look", advice
