"""The cases of a prompt's document: values that its author thought of.

A bundle has none, since chatbots need none; the document's own text has them.
"""

from collections.abc import Mapping
from typing import Any

import streamlit as st
import yaml

from placet.prompts import Prompt
from registry.errors import RegistryError
from registry.remote import Remote
from ui.parts.playground.told import PROMPTS

_READ = "_playground_cases"
MAX_READ = 30


def cases_of(
    remote: Remote, prompt: Prompt, change: int | None = None
) -> list[Mapping[str, Any]]:
    """Those of the very version; none where its text cannot be had.

    Args:
        change: The open change that it is of, where it may be a proposed text.
    """
    read: dict[tuple[str, str], list[Mapping[str, Any]]]
    read = st.session_state.setdefault(_READ, {})
    key = (prompt.name, prompt.version)
    if key in read:
        return read[key]
    document = PROMPTS + prompt.name
    source = _version(remote, document, prompt.version)
    if source is None and change is not None:
        return _cases(_proposed(remote, change, document))
    while len(read) >= MAX_READ:
        del read[next(iter(read))]
    read[key] = _cases(source)
    return read[key]


def _version(remote: Remote, document: str, version: str) -> bytes | None:
    try:
        return remote.documents.read(document, version)
    except RegistryError:  # a text that was never live has no version to read
        return None


def _proposed(remote: Remote, change: int, document: str) -> str | None:
    try:
        difference = remote.changes.difference(change)
    except RegistryError:
        return None
    found = (one for one in difference.documents if one.document == document)
    proposed = next((one.after for one in found), None)
    return None if proposed is None else proposed.source


def _cases(source: bytes | str | None) -> list[Mapping[str, Any]]:
    if source is None:
        return []
    # The registry takes no text of which two readers could make different values;
    # this is the parser that it has itself, which alone takes all that it takes.
    try:
        document = yaml.load(source, Loader=yaml.CSafeLoader)
    except yaml.YAMLError:
        return []
    found = document.get("cases") if isinstance(document, dict) else None
    return [one for one in found or () if isinstance(one, dict)]
