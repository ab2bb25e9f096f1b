"""The schemas of documents, asked for once in a tab: the same for everybody."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from registry.remote import Remote

_HELD = "_propose_schemas"


def schema_of(remote: Remote, kind: str) -> Mapping[str, Any]:
    held: dict[str, Mapping[str, Any]] = st.session_state.setdefault(_HELD, {})
    if kind not in held:
        held[kind] = remote.schemas.get(kind)
    return held[kind]
