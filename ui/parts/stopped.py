"""Bots that are stopped: what goes live has none of them answer again."""

from collections.abc import Collection

from registry.remote import Remote
from registry.remote.timelines import Between
from ui.parts.marks import mark
from ui.parts.pages import LIVE, path_of
from ui.parts.text import shown_line

MOST = 100


def stopped_of(
    registry: Remote, environment: str, touched: Collection[str]
) -> tuple[str, ...]:
    """The stopped bots among the documents that read differently."""
    found = registry.live_bots.page(environment, stopped=True, limit=MOST).items
    return tuple(one.bot for one in found if f"bots/{one.bot}" in touched)


def stays_stopped(environment: str, bots: Collection[str]) -> str:
    """HTML: what becomes of them; empty if none is stopped."""
    return "".join(
        f'<p class="tight">{mark("stopped", "red")}{_linked(environment, bot)} stays '
        "stopped, and customers go on reading its fallback. What goes live now is what "
        "it says once people have agreed that it answers again.</p>"
        for bot in bots
    )


def moved_since_stop(
    registry: Remote, environment: str, bot: str, stop: int, until: int | None = None
) -> tuple[Between, ...]:
    """What a stopped bot would be told otherwise than before its stop.

    Args:
        stop: The seq of the stop.
        until: Of the environment when it answered again; `None` for now.
    """
    return tuple(
        registry.timelines.differences(
            environment, stop - 1, until, document=f"bots/{bot}"
        )
    )


def _linked(environment: str, bot: str) -> str:
    link = path_of(LIVE, env=environment, bot=bot)
    return f'<a href="{link}" target="_self">{shown_line(bot)}</a>'
