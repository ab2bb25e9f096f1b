"""Drawing what reads differently: side by side, in one column, or both texts whole."""

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from registry.remote.differences import EffectDifference, RuleDifference
from ui.parts import differences
from ui.parts.proposals.rules import in_words
from ui.parts.text import label, plain, shown_line

SIDES, UNIFIED, SOURCE, WHOLE = ("Side by side", "Unified", "Source", "Composed")
OPEN = 3
"""How many are shown at once; the others when one opens them."""

MAX_NAMED = 200
"""Of documents that read alike, those of which one can be chosen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """Attributes:
    documents: In which it reads so, prompts first.
    how: Whether they were edited, or read differently by what they use.
    reads: Whether it is what is read; else it is the documents' own source.
    each: What each of the documents reads like, if it is what is read.
    rules: Of a guardrail, the rules that are not as they were.
    """

    documents: tuple[str, ...]
    how: str
    reads: bool
    before: str | None
    after: str | None
    each: tuple[EffectDifference, ...] = ()
    rules: tuple[RuleDifference, ...] = ()


def show_all(texts: Sequence[Wording], how: str, key: str) -> None:
    for number, one in enumerate(texts):
        title, named = _title(one), f"{key}-{number}"
        if number < OPEN:
            heading = (
                f'<h3 class="wording">{shown_line(title)} '
                f'<span class="muted">{shown_line(one.how)}</span></h3>'
            )
            _show(one, how, title, named, heading)
        else:
            with st.expander(label(f"{title} ({one.how})")):
                _show(one, how, title, named)


def _show(one: Wording, how: str, title: str, key: str, heading: str = "") -> None:
    if how == WHOLE:
        if heading:
            st.html(heading)
        _show_composed(one, key)
        return
    words = in_words(one.rules) if how != SOURCE else ""
    st.html(heading + words + drawn(one, how, title))
    if not _is_shown_whole(one, how):
        differences.show_downloads(title, one.before, one.after, key)


def _show_composed(one: Wording, key: str) -> None:
    """Both texts of one of the documents, as they are read."""
    before, after, name = one.before, one.after, one.documents[0]
    if len(one.each) > 1:
        chosen = st.selectbox(
            "Document",
            [each.document for each in one.each[:MAX_NAMED]],
            format_func=plain,
            key=f"{key}-document",
            width=420,
        )
        of = next((each for each in one.each if each.document == chosen), one.each[0])
        before, after, name = of.before, of.after, of.document
    for column, when, text in zip(
        st.columns(2), ("Before", "After"), (before, after), strict=True
    ):
        body = '<p class="muted">Nothing.</p>'
        if text is not None:
            body = differences.whole(f"{name}, {when.lower()}", text)
        column.html(f'<p class="tight"><strong>{when}</strong></p>{body}')


def drawn(one: Wording, how: str, title: str) -> str:
    """Args:
    how: Any but `WHOLE`.
    """
    if one.after is not None and _is_shown_whole(one, how):
        return differences.whole(title, one.after)
    tells_version = one.reads or how == SOURCE
    if how == UNIFIED or one.before is None or one.after is None:
        draw = differences.unified
    else:
        draw = differences.side_by_side
    return draw(title, one.before, one.after, tells_version=tells_version)


def _is_shown_whole(one: Wording, how: str) -> bool:
    """What is new, unless somebody wants to see it as a difference."""
    return one.before is None and one.after is not None and how != UNIFIED


def _title(one: Wording) -> str:
    """The first documents, without those that it already says were edited."""
    prompts = [name for name in one.documents if name.startswith("prompts/")]
    names = prompts or list(one.documents)
    more = f" and {len(names) - 3} more" if names[3:] else ""
    return ", ".join(map(short, names[:3])) + more


def short(document: str) -> str:
    return document.removeprefix("prompts/")
