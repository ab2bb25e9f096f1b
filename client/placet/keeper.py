"""The last good copy of every bot and prompt that was asked for.

The rules:

 * The first time, what is on disk is taken at once; only if nothing is there is
   the source asked. Threads that wait for the same first answer share it, also
   when it is an error.
 * Later, only a good answer replaces a copy. After any other the copy stays, is
   marked stale, and the reason is in `health` and in the log, once.
 * What was deleted is kept as deleted, and asking for it raises `Deleted`.
 * A disk that cannot be written keeps nobody from reading.
"""

import logging
import random
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from threading import Lock
from types import MappingProxyType

from placet.bundles import Bundle
from placet.cache import Cache
from placet.copies import Copy, Source
from placet.errors import (
    Closed,
    Deleted,
    PlacetError,
    RegistryUnavailable,
    Unreachable,
)
from placet.prompts import Prompt
from placet.reports import Reports
from placet.shelf import Shelf, opened

_NEVER = float("-inf")

_log = logging.getLogger("placet")


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """How far what the client serves can be relied on.

    Attributes:
        stale_s: Seconds since the registry last confirmed what it confirmed
            longest ago; None if nothing was read yet.
        problems: What went wrong last, by `bots/...`, `prompts/...` or
            `cache_dir`; empty when all is well.
        dropped: How many reports of models were lost.
        events: Whether news comes at once just now, and not only by polling.
    """

    stale_s: float | None
    problems: Mapping[str, str]
    dropped: int
    events: bool = False

    @property
    def ok(self) -> bool:
        return not self.problems


@dataclass(slots=True)
class _Item:
    """One bot or prompt that was asked for; who holds `lock` may change it.

    Attributes:
        value: What `copy` says; None if it was deleted.
        confirmed: When the source last said that `copy` is live.
        at: The environment's epoch and seq then, if it said that.
        problem: Why the last attempt to ask again failed.
        failure: When the first attempt failed, and why; then this one is left.
    """

    ref: str
    lock: Lock = field(default_factory=Lock)
    copy: Copy | None = None
    value: Bundle | Prompt | None = None
    stale: bool = True
    confirmed: float = _NEVER
    at: tuple[int, int] | None = None
    problem: PlacetError | None = None
    failure: tuple[float, PlacetError] | None = None

    @property
    def is_known(self) -> bool:
        return self.copy is not None


class Keeper:
    """Keeps copies, and puts what they say on the shelf."""

    def __init__(
        self,
        shelf: Shelf,
        source: Source,
        cache: Cache | None,
        environment: str,
        max_stale_s: float | None,
        reports: Reports | None = None,
    ) -> None:
        self._shelf = shelf
        self._reports = reports
        self._source = source
        self._cache = cache
        self._environment = environment
        self._max_stale_s = max_stale_s
        self._items: dict[str, _Item] = {}
        self._adding = Lock()
        self._closed = False

    def first(self, ref: str) -> bool:
        """Put *ref* on the shelf; False if nobody has confirmed it yet.

        Raises:
            Deleted: It was deleted, and that is known.
            PlacetError: Neither the disk nor the source has it.
        """
        if self._closed:
            raise Closed("the client was closed")
        since = time.monotonic()
        while not (item := self._item(ref)).is_known:
            with item.lock:
                if item.failure is not None and item.failure[0] >= since:
                    raise item.failure[1]  # somebody asked while this one waited
                if self._items.get(ref) is item:
                    self._load(item)
        held = item.copy
        if held is not None and held.body is None:
            raise Deleted(f"{ref} was deleted at seq {held.seq}", seq=held.seq)
        return not item.stale

    def round(self) -> bool:
        """Ask once for everything that is kept; failures are kept as problems.

        When there is no connection at all, only one question is asked, and the
        result is False.
        """
        items = self._kept()
        random.shuffle(items)  # so that no bot is always behind a slow one
        gone: Unreachable | None = None
        for item in items:
            with item.lock:
                if not self._closed:
                    gone = self._refresh(item, gone)
        return gone is None

    @property
    def is_well(self) -> bool:
        """Whether everything that is kept was confirmed when last asked for."""
        return all(item.problem is None for item in self._kept())

    def has_read(self, place: tuple[int, int]) -> bool:
        """Whether everything that is kept was confirmed at *place* or later."""
        return all(
            item.problem is None and item.at is not None and item.at >= place
            for item in self._kept()
        )

    def lags(self, place: tuple[int, int]) -> bool:
        """Whether something was confirmed by a server that was not at *place* yet."""
        return any(
            item.problem is None and item.at is not None and item.at < place
            for item in self._kept()
        )

    def health(self) -> Health:
        items = self._kept()
        now = time.monotonic()
        problems = {item.ref: str(item.problem) for item in items if item.problem}
        if self._cache is not None and self._cache.problem:
            problems["cache_dir"] = self._cache.problem
        return Health(
            stale_s=max((now - item.confirmed for item in items), default=None),
            problems=MappingProxyType(problems),
            dropped=0 if self._reports is None else self._reports.dropped,
        )

    def close(self) -> None:
        self._closed = True
        self._shelf.close()
        self._source.close()

    def reopen_in_child(self) -> None:
        """After a fork: the parent's other threads, and their locks, are not here."""
        self._adding = Lock()
        for item in self._items.values():
            item.lock = Lock()
        self._shelf.reopen_in_child()
        self._source.forget_connections()

    def _kept(self) -> list[_Item]:
        with self._adding:
            return [item for item in self._items.values() if item.is_known]

    def _item(self, ref: str) -> _Item:
        with self._adding:
            return self._items.setdefault(ref, _Item(ref))

    def _load(self, item: _Item) -> None:
        if item.is_known:
            return
        on_disk = self._from_disk(item)
        until = self._until(item.confirmed)
        if on_disk and (until is None or time.monotonic() <= until):
            return
        try:
            self._ask(item)
        except PlacetError as error:
            if on_disk:
                self._fail(item, error)
                return
            item.failure = (time.monotonic(), error)
            with self._adding:  # names that nobody has do not pile up
                del self._items[item.ref]
            raise

    def _from_disk(self, item: _Item) -> bool:
        kept = self._cache.read(item.ref) if self._cache else None
        if kept is None:
            return False
        age = time.time() - kept.confirmed
        try:
            self._hold(
                item,
                kept.copy,
                stale=True,
                # A clock that was set back says nothing about the age.
                confirmed=time.monotonic() - age if age >= 0 else _NEVER,
            )
        except PlacetError as error:
            _log.warning("%s is not taken from disk: %s", item.ref, error)
            return False
        return True

    def _refresh(self, item: _Item, gone: Unreachable | None) -> Unreachable | None:
        if gone is not None:
            self._fail(item, gone)
            return gone
        try:
            self._ask(item)
        except PlacetError as error:
            self._fail(item, error)
            return error if isinstance(error, Unreachable) else None
        return None

    def _ask(self, item: _Item) -> None:
        reading = self._source.read(item.ref, item.copy)
        is_new = reading.copy != item.copy
        item.at = reading.at
        self._hold(
            item,
            reading.copy,
            stale=not reading.confirmed,
            confirmed=time.monotonic() if reading.confirmed else item.confirmed,
        )
        if not reading.confirmed:
            self._note(item, RegistryUnavailable("the server may be behind"))
        elif item.problem is not None:
            item.problem = None
            _log.info("%s is confirmed again", item.ref)
        if self._cache is not None:
            age = time.monotonic() - item.confirmed
            self._cache.keep(reading.copy, max(0.0, time.time() - age), is_new=is_new)

    def _note(self, item: _Item, error: PlacetError) -> None:
        if item.problem is None:
            _log.warning("%s is not confirmed: %s", item.ref, error)
        item.problem = error

    def _fail(self, item: _Item, error: PlacetError) -> None:
        self._note(item, error)
        if item.copy is not None:
            self._hold(item, item.copy, stale=True, confirmed=item.confirmed)

    def _hold(self, item: _Item, copy: Copy, *, stale: bool, confirmed: float) -> None:
        if copy != item.copy or stale != item.stale:
            item.value = opened(
                copy, self._environment, stale=stale, reports=self._reports
            )
        item.confirmed = confirmed
        item.stale = stale
        # Whoever misses it on the shelf looks at `copy`: what is live is on the
        # shelf before that says so, what was deleted leaves it afterwards.
        if item.value is not None:
            self._shelf.put(copy.name, item.value, self._until(confirmed))
        item.copy = copy
        if item.value is None:
            self._shelf.remove(copy.ref)

    def _until(self, confirmed: float) -> float | None:
        return None if self._max_stale_s is None else confirmed + self._max_stale_s
