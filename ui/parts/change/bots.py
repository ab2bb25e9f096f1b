"""The bots that a change reaches, and what each says of itself as it is told now."""

import json
from typing import Any

from registry.errors import Conflict, NotFound
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
    """Its own document, as it is told; empty if it is not live yet.

    Of a bot that is stopped, as it would be told if it answered again now.
    """
    environments = session.registry().environments
    try:
        bundle = json.loads(environments.bundle(environment, name, seq=seq))
        if bundle["stopped"] is not None:
            bundle = json.loads(environments.beneath(environment, name))
    except (Conflict, NotFound):
        return {}
    return dict(bundle["bot"])


def told(bot: dict[str, Any], part: str) -> str:
    """HTML of what the bot says of itself there."""
    found = bot.get(part)
    return shown(found) if isinstance(found, str) and found else UNKNOWN
