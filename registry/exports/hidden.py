"""Secrets and hidden characters, as patterns: what Placet's own detectors look for."""

from collections.abc import Mapping
from typing import cast

from placet.guardrails.hidden_text import DEFAULT_CLASSES, ranges_of
from placet.guardrails.secrets import form_of
from registry.errors import NotExportable
from registry.exports.syntax import parse
from registry.exports.trees import Chain, Choice, Edge, Node, Place
from registry.values import Json

_SHOWN = {
    "zero_width": "joiners in emoji and in Arabic or Indian words",
    "bidi": "marks of direction in Arabic and Hebrew text",
    "tag_chars": "the flags of England, Scotland and Wales",
}
"""What is no hidden text where it belongs, and a pattern cannot tell."""

_LEFT_OUT = {
    "variation_selectors": "Variation selectors are not looked for: a pattern cannot "
    "tell them from those of ordinary emoji.",
    "unassigned": "Code points that are no character yet are not looked for: which "
    "they are, each engine has its own tables for.",
}


def of_secrets(check: Mapping[str, Json], told: list[str]) -> Node:
    names = cast(list[str], check["detectors"])
    told.append(
        "A key is not found where hidden characters stand in it, and some are found "
        "that are part of a longer word."
    )
    options = [_secret(*form_of(name)) for name in names]
    return options[0] if len(options) == 1 else Choice(tuple(options))


def _secret(form: str, within: bool) -> Node:
    node = parse(form, case_sensitive=True)
    if within:
        return node
    before, after = Edge(Place.NO_ASCII_BEFORE), Edge(Place.NO_ASCII_AFTER)
    return Chain((before, node, after))


def of_hidden_text(check: Mapping[str, Json], told: list[str]) -> Node:
    """Raises:
    NotExportable: There is no list of what is looked for.
    """
    classes = cast(list[str], check.get("classes", list(DEFAULT_CLASSES)))
    left_out = [name for name in classes if name in _LEFT_OUT]
    told += (_LEFT_OUT[name] for name in left_out)
    ranges = "".join(ranges_of(name) or "" for name in classes if name not in _LEFT_OUT)
    if not ranges:
        raise NotExportable("there is no list of the characters that it looks for")
    shown = [_SHOWN[name] for name in classes if name in _SHOWN]
    if shown:
        told.append(
            f"Stopped as well, because a pattern cannot tell: {', '.join(shown)}."
        )
    return parse(f"[{ranges}]", case_sensitive=True)
