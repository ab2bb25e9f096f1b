"""What stands in an event and in a checkpoint, as text."""

import json

from ui.parts.ledger.words import short
from ui.parts.text import attribute, shown, shown_line

MAX_DEPTH = 8


def told(value: object, depth: int = 0) -> str:
    """HTML of any JSON, all of it as text."""
    if isinstance(value, dict) and value and depth < MAX_DEPTH:
        return (
            "<dl>"
            + "".join(
                f"<dt>{shown_line(str(name).replace('_', ' '))}</dt>"
                f"<dd>{told(one, depth + 1)}</dd>"
                for name, one in value.items()
            )
            + "</dl>"
        )
    if isinstance(value, list) and value and depth < MAX_DEPTH:
        if not any(isinstance(one, dict | list) for one in value):
            return ", ".join(told(one, depth + 1) for one in value)
        items = "".join(f"<li>{told(one, depth + 1)}</li>" for one in value)
        return f"<ol>{items}</ol>"
    if value is None or value in ([], {}, ""):
        return '<span class="muted">none</span>'
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str):
        if value.startswith("sha256:"):
            return f'<code title="{attribute(value)}">{shown(short(value))}</code>'
        return shown(value)
    return shown(json.dumps(value, ensure_ascii=False))


def signed_size(checkpoint: bytes) -> int:
    """How many events a checkpoint is of: its second line."""
    lines = checkpoint.decode("utf-8", "replace").splitlines()
    return int(lines[1]) if len(lines) > 1 and lines[1].isdecimal() else 0
