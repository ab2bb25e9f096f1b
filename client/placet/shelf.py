"""What readers see: one look-up, no lock, no waiting.

The mappings never change. News is a new mapping in the place of the old one, so
that a reader sees all of it or nothing of it.
"""

from collections.abc import Mapping
from threading import Lock
from types import MappingProxyType
from typing import TypeVar

from placet.bundles import Bundle, open_bundle
from placet.copies import BOTS, Copy
from placet.prompts import Prompt, open_prompt
from placet.reports import Reports

T = TypeVar("T")


class Shelf:
    """Live bundles and prompts by name.

    Attributes:
        bots: Each with the moment (of the monotonic clock) until which it may be
            read, None for ever. What was deleted is not there.
        prompts: The same for prompts that were asked for by themselves.
    """

    __slots__ = ("_closed", "_swap", "bots", "prompts")

    def __init__(self) -> None:
        self.bots: Mapping[str, tuple[Bundle, float | None]] = MappingProxyType({})
        self.prompts: Mapping[str, tuple[Prompt, float | None]] = MappingProxyType({})
        self._swap = Lock()
        self._closed = False

    def put(self, name: str, value: Bundle | Prompt, until: float | None) -> None:
        with self._swap:
            if self._closed:
                return
            if isinstance(value, Bundle):
                self.bots = _with(self.bots, name, (value, until))
            else:
                self.prompts = _with(self.prompts, name, (value, until))

    def remove(self, ref: str) -> None:
        kind, _, name = ref.partition("/")
        with self._swap:
            if kind + "/" == BOTS:
                self.bots = _without(self.bots, name)
            else:
                self.prompts = _without(self.prompts, name)

    def close(self) -> None:
        """Empty it for good."""
        with self._swap:
            self._closed = True
            self.bots = MappingProxyType({})
            self.prompts = MappingProxyType({})

    def reopen_in_child(self) -> None:
        self._swap = Lock()


def opened(
    copy: Copy, environment: str, *, stale: bool, reports: Reports | None = None
) -> Bundle | Prompt | None:
    """Read a copy's bytes; None if it was deleted.

    Args:
        reports: Where a bundle tells which models answered.

    Raises:
        BadAnswer: They are not what they should be.
        Unsupported: They need more than this installation has.
    """
    if copy.body is None:
        return None
    if copy.ref.startswith(BOTS):
        return open_bundle(copy, environment, stale=stale, reports=reports)
    return open_prompt(copy, environment, stale=stale)


def _with(of: Mapping[str, T], name: str, value: T) -> Mapping[str, T]:
    return MappingProxyType({**of, name: value})


def _without(of: Mapping[str, T], name: str) -> Mapping[str, T]:
    return MappingProxyType({key: value for key, value in of.items() if key != name})
