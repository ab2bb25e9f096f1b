"""The bots that a change reaches, and what each says of itself as it is told now."""

import json
from typing import Any

from registry.errors import NotFound
from registry.remote.changes import ChangeView
from ui.parts import session
from ui.parts.text import shown

UNKNOWN = '<span class="muted">not recorded</span>'
_PREFIX = "bots/"


def of(change: ChangeView) -> list[str]:
    """Their names; those that are edited, or use what is edited."""
    found = (one.document for one in change.effect)
    return [name.removeprefix(_PREFIX) for name in found if name.startswith(_PREFIX)]


def says(environment: str, name: str, seq: int) -> dict[str, Any]:
    """Its own document, as it is told; empty if it is not live yet."""
    try:
        bundle = session.registry().environments.bundle(environment, name, seq=seq)
    except NotFound:
        return {}
    found = json.loads(bundle).get("bot")
    return found if isinstance(found, dict) else {}


def told(bot: dict[str, Any], part: str) -> str:
    """HTML of what the bot says of itself there."""
    found = bot.get(part)
    return shown(found) if isinstance(found, str) and found else UNKNOWN
