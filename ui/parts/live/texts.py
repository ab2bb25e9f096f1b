"""The texts before and after a rollback or a promotion, for whoever asks for them."""

from collections.abc import Mapping

import streamlit as st

from registry.remote import Remote
from ui.parts.differences import side_by_side
from ui.parts.text import plain

Step = tuple[str | None, str | None]
"""The version now and afterwards; `None` where there is none."""


def show(registry: Remote, steps: Mapping[str, Step]) -> None:
    """One text at a time: it is fetched when somebody chooses it."""
    names = tuple(steps)
    chosen = st.selectbox(
        "Read a text as it is now, and as it would be",
        names,
        index=None,
        format_func=plain,
        placeholder="Choose a document",
        # Of another preview it is another list, in which nothing is chosen yet.
        key=f"texts {hash(names)}",
    )
    if chosen is None:
        return
    before, after = (_text(registry, chosen, version) for version in steps[chosen])
    st.html(side_by_side(f"{plain(chosen)} now and afterwards", before, after))


def _text(registry: Remote, document: str, version: str | None) -> str | None:
    if version is None:
        return None
    return registry.documents.read(document, version).decode()
