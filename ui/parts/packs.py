"""Evidence packs: made when somebody asks for one, and then there to be downloaded."""

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from ui.parts import done
from ui.parts.text import plain

_MADE = "_pack_made"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pack:
    """Attributes:
    name: Of its file, without an ending.
    data: A ZIP archive.
    """

    name: str
    data: bytes


def make(of: str, read: Callable[[], Pack]) -> None:
    """Have the registry make it; what was made before is given up.

    Args:
        of: What it shows, to find it again.
    """
    st.session_state.pop(_MADE, None)
    with st.spinner("Reading the ledger and collecting what belongs to it"):
        pack = done.tried(read)
    if pack is not None:
        st.session_state[_MADE] = (of, pack)


def is_made(of: str) -> bool:
    return bool(st.session_state.get(_MADE, ("",))[0] == of)


def show(of: str) -> None:
    """The download, if it was made."""
    if not is_made(of):
        return
    pack: Pack = st.session_state[_MADE][1]
    st.download_button(
        f"Download the evidence ({len(pack.data) / 1024:,.0f} KiB)",
        pack.data,
        file_name=f"{plain(pack.name)}.zip",
        mime="application/zip",
        on_click="ignore",
        type="primary",
        icon=":material/download:",
        key=f"_pack_{of}",
    )
    st.caption(
        "Whoever gets it unpacks it, reads evidence.html, and runs python3 verify.py "
        "with the registry's key. VERIFY.md in it says how."
    )


def offer(button: str, of: str, read: Callable[[], Pack]) -> None:
    """A button that makes it, and then the download in its place."""
    place = st.container()
    with place.empty():
        pressed = not is_made(of) and st.button(
            button, icon=":material/inventory_2:", key=f"_pack_make_{of}"
        )
        if pressed:
            make(of, read)
    if is_made(of):
        with place:
            show(of)
