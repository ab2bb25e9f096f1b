"""Exactly what customers read while a bot is stopped."""

from registry.remote.live_bots import Instead
from ui.parts.text import shown


def said_instead(instead: Instead) -> str:
    """HTML: what a stopped bot says first, and what it says to everything."""
    said = ""
    if instead.disclosure:
        said += (
            '<p class="muted">It still says what it is:</p>'
            f'<blockquote class="said">{shown(instead.disclosure)}</blockquote>'
        )
    words = shown(instead.fallback) if instead.fallback else "It has no words for that."
    return (
        f'<div class="instead">{said}<p class="muted">And to whatever is asked:</p>'
        f'<blockquote class="said">{words}</blockquote></div>'
    )
