"""Keeping what was written, when the session has ended meanwhile."""

import streamlit as st

from ui.parts.propose.drafts import all_kept, written


def offer() -> None:
    """The drafts of this tab as a file.

    The gate gives it to a browser in which somebody is signed in, and to no other.
    """
    kept = all_kept()
    if not kept:
        return
    st.write(
        "What you were writing is still in this tab. Sign in again, which opens "
        "another tab; then download it here, and upload it there to go on."
    )
    st.download_button(
        "Download drafts",
        written(kept).encode("utf-8"),
        file_name="drafts.yaml",
        mime="application/yaml",
        on_click="ignore",
        icon=":material/download:",
        key="download-kept",
    )
