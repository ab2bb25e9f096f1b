"""The cases of a prompt's document: values that its author thought of.

A bundle has none, since chatbots need none; the registry tells those of the document.
"""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from placet.prompts import Prompt
from registry.errors import RegistryError
from registry.remote import Remote
from ui.parts.playground.told import PROMPTS

_READ = "_playground_cases"
MAX_READ = 30

Case = Mapping[str, Any]


def cases_of(remote: Remote, prompt: Prompt, change: int | None = None) -> list[Case]:
    """Those of the very version, each with its name and its inputs.

    Args:
        change: The open change that it is of, where it may be a proposed text.
    """
    read: dict[tuple[str, str], list[Case]]
    read = st.session_state.setdefault(_READ, {})
    key = (prompt.name, prompt.version)
    if key in read:
        return read[key]
    document = PROMPTS + prompt.name
    found = _version(remote, document, prompt.version)
    if found is None:
        return [] if change is None else _proposed(remote, change, document)
    while len(read) >= MAX_READ:
        del read[next(iter(read))]
    read[key] = found
    return found


def _version(remote: Remote, document: str, version: str) -> list[Case] | None:
    try:
        return list(remote.documents.cases(document, version))
    except RegistryError:  # a text that was never live has no version to read
        return None


def _proposed(remote: Remote, change: int, document: str) -> list[Case]:
    try:
        found = remote.changes.cases(change, document).cases
    except RegistryError:
        return []
    return [{"name": one.name, "inputs": one.inputs} for one in found if not one.gone]
