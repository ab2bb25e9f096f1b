"""Facts about one thing: what it is on the left, how it is on the right."""

import html
from collections.abc import Iterable

from ui.parts.text import shown_line


def facts(name: str, rows: Iterable[tuple[str, str]]) -> str:
    """An HTML table without heads; values are HTML, and what is empty is left out."""
    lines = "".join(
        f'<tr><th scope="row">{html.escape(what)}</th><td>{value}</td></tr>'
        for what, value in rows
        if value
    )
    return (
        f'<table class="plain facts" aria-label="{html.escape(name)}">{lines}</table>'
    )


def headed(title: str, value: str) -> str:
    """HTML with a small heading before it.

    Args:
        title: Plain text.
        value: HTML.
    """
    return f'<h3 class="part">{shown_line(title)}</h3>{value}'
