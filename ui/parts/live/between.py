"""Between environments: what is ahead and behind, and promoting it."""

from collections import Counter

import streamlit as st

from registry.remote import Remote
from registry.remote.comparing import DocumentDrift, Drift, Held, PromotionPreview
from ui.parts import done
from ui.parts.choosing import choice
from ui.parts.facts import headed
from ui.parts.live.telling import change_link
from ui.parts.marks import mark, table
from ui.parts.pages import CHANGE, LIVE, path_of
from ui.parts.text import label, plain, shown_line
from ui.parts.times import ago_html

MOST = 50
_TONES = {
    "diverged": "red",
    "behind": "amber",
    "only-there": "amber",
    "ahead": "blue",
    "only-here": "blue",
}
_ORDER = tuple(_TONES)
"""What somebody has to think about stands first."""


def show(registry: Remote, environment: str, names: list[str]) -> None:
    """How *environment* differs from another one."""
    others = {one: one for one in names if one != environment}
    if not others:
        st.info("There is one environment: nothing to compare it with.")
        return
    against = choice(
        "Compared with", others, of="against", default=_nearest(environment, names)
    )
    found = registry.comparisons.drift(environment, against, differing=True)
    if not found.documents:
        st.info(
            f"{environment} and {against} are alike: every document has the same text.",
            icon=":material/check:",
        )
        return
    st.html(f"<p>{_summary(found)}</p>")
    _ways(registry, found)
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


def promote(registry: Remote, source: str, target: str) -> None:
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
        default=list(named or offered[:20]),
        format_func=plain,
    )
    if not chosen:
        st.caption("Choose at least one.")
        return
    title = f"Promote {', '.join(one.partition('/')[2] for one in chosen)}"[:150]
    title = f"{title} from {source} to {target}"
    told = done.tried(
        lambda: registry.comparisons.preview(source, target, tuple(chosen), title)
    )
    if told is None:
        return
    _act(registry, told, tuple(chosen), title)
    st.html(_told(told))


def _act(
    registry: Remote, told: PromotionPreview, chosen: tuple[str, ...], title: str
) -> None:
    backwards = [one for one in told.taken if one.relation in {"behind", "diverged"}]
    if backwards:
        names = ", ".join(one.document for one in backwards[:3])
        st.warning(
            label(
                f"{told.environment} has what {told.source} has not: {names}. "
                "Promoting drops that.",
                400,
            ),
            icon=":material/warning:",
        )
    if told.why_not is not None:
        st.warning(label(told.why_not, 400), icon=":material/block:")
        return
    with st.form("promoting"):
        named = st.text_input(
            "Title of the proposal", title, max_chars=200, key="title"
        )
        agrees = not backwards or st.checkbox(
            "Replace what is newer or different there all the same"
        )
        pressed = st.form_submit_button(
            label(f"Propose it in {told.environment}"), type="primary"
        )
    if pressed and not agrees:
        st.error("Say that it replaces what is newer, or leave it out.")
    if not pressed or not agrees:
        return
    intention = f"promote {told.source} {told.environment} {chosen} {named}"
    key = done.key_of(intention)
    change = done.tried(
        lambda: registry.environments.promote(
            told.source, told.environment, chosen, named, key=key
        )
    )
    if change is not None:
        done.forget(intention)
        link = path_of(CHANGE, id=change.id)
        done.go_on(
            f"Proposed as [change {change.id}]({link}); it waits for votes.",
            env=told.environment,
            view="between",
            against=told.source,
        )


def _ways(registry: Remote, found: Drift) -> None:
    """To promote what is ahead; and the other way, if that is what is behind."""
    del registry
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


def _told(told: PromotionPreview) -> str:
    rows = [
        (
            shown_line(one.document),
            shown_line(one.now or "absent"),
            shown_line(one.version),
            mark("new", "blue")
            if one.now is None
            else mark(one.relation, _TONES.get(one.relation)),
        )
        for one in told.taken
    ]
    name = f"What {told.environment} gets"
    parts = [
        headed(name, table(name, ("Document", "Now", "Afterwards", "Is"), rows)),
    ]
    for title, lines in (
        (
            "Left out, because what is there is not older",
            [
                f"{one.document}: {one.now} there, {one.version} here"
                for one in told.left_out
            ],
        ),
        ("Also reads differently", _also(told)),
        (
            "What kind of change that is",
            [f"{one.name}: {one.sentence}" for one in told.facts],
        ),
        ("Whom it asks", list(told.asks)),
        (
            "Worth a look",
            [f"{one.document}: {one.message}. {one.hint}" for one in told.warnings],
        ),
    ):
        if lines:
            items = "".join(f"<li>{shown_line(one)}</li>" for one in lines)
            parts.append(headed(title, f"<ul>{items}</ul>"))
    if told.proposed_by:
        links = ", ".join(change_link(one) for one in told.proposed_by)
        parts.append(f"<p>Open already, and edits some of it: {links}</p>")
    return "".join(parts)


def _also(told: PromotionPreview) -> list[str]:
    return sorted(set(told.affected) - {one.document for one in told.taken})


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
    return (
        f"{shown_line(found.environment)} (seq {found.seq}) compared with "
        f"{shown_line(found.against)} (seq {found.against_seq}): {told}."
    )


def _word(found: Drift, relation: str) -> str:
    if relation == "only-here":
        return f"only in {shown_line(found.environment)}"
    if relation == "only-there":
        return f"only in {shown_line(found.against)}"
    return relation


def _row(found: Drift, one: DocumentDrift) -> tuple[str, ...]:
    return (
        shown_line(one.document),
        mark(_word(found, one.relation), _TONES[one.relation]),
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
