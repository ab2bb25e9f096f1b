"""All that waits, worked out once for those who ask at about the same time.

It takes all open changes and all live documents, and one page asks for it several
times: for one's own part, for that of others, and for what is stalled.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from registry.state import State
from registry.waits import Found

KEPT = timedelta(seconds=10)
"""So much later something becomes late in a list than it does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kept:
    state: State
    at: datetime
    found: tuple[Found, ...]


class AllWaiting:
    """Of the last state that was asked about; of another one nothing is kept."""

    def __init__(self) -> None:
        self._kept: _Kept | None = None

    def get(
        self, state: State, now: datetime, find: Callable[[], tuple[Found, ...]]
    ) -> tuple[Found, ...]:
        kept = self._kept
        if kept is None or kept.state is not state or abs(now - kept.at) >= KEPT:
            kept = _Kept(state=state, at=now, found=find())
            self._kept = kept
        return kept.found
