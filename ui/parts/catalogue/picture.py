"""What uses a document and what it uses, as a picture that stays readable."""

import json

from registry.remote.documents import UsedDocument, Uses
from ui.parts.text import plain

MOST_DRAWN = 24
"""Beyond that a picture is not read; the table has them all."""

# Middle tones: the boxes bring their own background, the lines are seen on both.
_FILL, _ITSELF, _TEXT, _LINE = "#e6edf4", "#1f5f8b", "#1b2733", "#7a8794"


def dot(found: Uses) -> str:
    """The picture: what uses it on the left, what it uses on the right."""
    nearest = sorted(found.documents, key=lambda one: abs(one.steps))[:MOST_DRAWN]
    drawn = {one.document for one in nearest}
    boxes = "".join(_box(one) for one in nearest)
    lines = "".join(
        f"{_quoted(one.document)} -> {_quoted(one.uses)};\n"
        for one in found.uses
        if one.document in drawn and one.uses in drawn
    )
    return (
        'digraph { rankdir=LR; bgcolor="transparent"; nodesep=0.15; ranksep=0.5;\n'
        'node [shape=box, style="filled,rounded", fontname="sans-serif", fontsize=11, '
        f'color="{_LINE}", fillcolor="{_FILL}", fontcolor="{_TEXT}", height=0.3];\n'
        f'edge [color="{_LINE}", arrowsize=0.6];\n{boxes}{lines}}}'
    )


def sentence(found: Uses) -> str:
    """What the picture shows, for who does not see it."""
    before = sum(one.steps < 0 for one in found.documents) + found.users_left_out
    after = sum(one.steps > 0 for one in found.documents) + found.used_left_out
    return (
        f"{plain(found.document)} in {plain(found.environment)}: {before} documents "
        f"use it and it uses {after}; the tables below name them."
    )


def _box(one: UsedDocument) -> str:
    kind, _, name = one.document.partition("/")
    told = f"{plain(name, 48)}\n{plain(kind)} {plain(one.version)}"
    itself = f', fillcolor="{_ITSELF}", fontcolor="#ffffff"' if one.steps == 0 else ""
    return f"{_quoted(one.document)} [label={_quoted(told)}{itself}];\n"


def _quoted(text: str) -> str:
    """A string of the picture's language; JSON escapes quotes and line ends alike."""
    return json.dumps(text, ensure_ascii=False)
