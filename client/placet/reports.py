"""What really answered, told to the registry: queued, added up, sent now and then.

The rules:

 * Whoever reports never waits: a report is a look-up and a count.
 * Reports of the same model under the same bundle are one, with a count.
 * A model that was not reported before goes out with the next round, so that a
   change underneath is noticed soon; counts go out twice a minute.
 * What waits is bounded. The oldest makes room, and is counted as dropped.
 * When nobody answers, reports wait. What the registry will never take is dropped.
 * A report that was sent and not answered is sent again: counts are about right.
"""

import json
import logging
import re
import time
from collections import OrderedDict
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from threading import Lock
from typing import NamedTuple

from placet import shapes
from placet.errors import BadAnswer, PlacetError
from placet.fetch import Answer, Fetcher

MAX_WAITING = 1_000
MAX_BATCH = 500  # half of what a registry takes
MAX_COUNT = 1_000_000
MAX_CHARS = 200
MAX_WARNED = 100
MAX_ANSWER_BYTES = 512 * 1024
PAUSE_S = 30.0

_NEVER_TAKEN = {400, 413, 422}
_ROLE = re.compile(r"[a-z][a-z0-9_-]{0,63}\Z")

_log = logging.getLogger("placet")

Send = Callable[[bytes], Answer]


class Key(NamedTuple):
    """What is reported, without how often.

    Attributes:
        fingerprint: Empty if the platform said none.
    """

    bot: str
    seq: int
    bundle: str
    role: str
    response_model: str
    fingerprint: str


@dataclass(frozen=True, slots=True)
class _Seen:
    """How often, and when last by the wall clock."""

    count: int
    at: float


class Reports:
    """What waits to be told; threads may share it.

    Args:
        send: Posts one batch, and returns what came back or raises a PlacetError.
    """

    def __init__(self, send: Send) -> None:
        self._send = send
        self._reopen()
        self._dropped = 0
        self._warned: set[tuple[str, str]] = set()

    @property
    def dropped(self) -> int:
        """How many reports nobody will ever see."""
        return self._dropped

    @property
    def waiting(self) -> int:
        """How many different ones are still to be sent."""
        return len(self._waiting)

    def add(self, key: Key, *, roles: Collection[str] | None = None) -> None:
        """Note that something answered; what cannot be reported is dropped.

        Args:
            roles: Those of the bot's bindings, if they are known.  The registry has
                the last word on any other.
        """
        if not _is_plain(key.response_model):
            self._drop(1, "a model's name that is empty, long or not plain text")
            return
        if not _is_role(key.role):
            self._drop(1, "a role that no binding can have")
            return
        if roles is not None and key.role not in roles:
            self._warn_of_role(key, roles)
        if key.fingerprint and not _is_plain(key.fingerprint):
            key = key._replace(fingerprint="")
        with self._turn:
            self._put(key, _Seen(1, time.time()))

    def send(self, *, all_of_them: bool) -> None:
        """Send what is due; nothing happens while another thread does so.

        Args:
            all_of_them: Also what only adds to what was sent before.
        """
        if not self._waiting or not self._sending.acquire(blocking=False):
            return
        try:
            self._send_due(all_of_them or time.monotonic() >= self._due)
        finally:
            self._sending.release()

    def reopen_in_child(self) -> None:
        """After a fork: what waits is sent by the parent."""
        self._reopen()

    def _reopen(self) -> None:
        self._turn = Lock()
        self._counting = Lock()
        self._sending = Lock()
        self._waiting: OrderedDict[Key, _Seen] = OrderedDict()
        self._told: OrderedDict[Key, None] = OrderedDict()
        self._due = time.monotonic() + PAUSE_S

    def _send_due(self, all_of_them: bool) -> None:
        with self._turn:
            due = [k for k in self._waiting if all_of_them or k not in self._told]
        if all_of_them:
            self._due = time.monotonic() + PAUSE_S
        for begin in range(0, len(due), MAX_BATCH):
            with self._turn:  # meanwhile one may have made room for another
                keys = [k for k in due[begin : begin + MAX_BATCH] if k in self._waiting]
                batch = {key: self._waiting.pop(key) for key in keys}
            if batch and not self._post(batch):
                return

    def _post(self, batch: dict[Key, _Seen]) -> bool:
        """Whether the registry has taken note of it, or never will."""
        try:
            answer = self._send(_dumped(batch))
        except PlacetError as error:
            _log.debug("reports are kept for later: %s", error)
            self._put_back(batch)
            return False
        count = sum(seen.count for seen in batch.values())
        if answer.status in _NEVER_TAKEN:
            self._drop(count, "a batch that the registry does not take")
            return True
        if answer.status != 200:
            _log.debug("reports are kept for later: status %d", answer.status)
            self._put_back(batch)
            return False
        self._note_refused(list(batch.values()), answer.body)
        with self._turn:
            self._told |= dict.fromkeys(batch)
            while len(self._told) > MAX_WAITING:
                self._told.popitem(last=False)
        return True

    def _note_refused(self, sent: list[_Seen], body: bytes) -> None:
        try:
            answer = shapes.parse_object(body, what="the answer to reports")
            refused = shapes.sequence(answer, "refused")
        except BadAnswer as error:
            _log.warning("what became of reports is not known: %s", error)
            return
        named = [one.get("index") for one in refused if isinstance(one, dict)]
        indexes = {index for index in named if isinstance(index, int)}
        count = sum(seen.count for n, seen in enumerate(sent) if n in indexes)
        if count:
            self._drop(count, "reports that the registry does not believe")

    def _put_back(self, batch: dict[Key, _Seen]) -> None:
        """Before what came meanwhile, which is newer."""
        with self._turn:
            newer = self._waiting
            self._waiting = OrderedDict()
            for key, seen in (*batch.items(), *newer.items()):
                self._put(key, seen)

    def _put(self, key: Key, seen: _Seen) -> None:
        """With the lock held."""
        known = self._waiting.get(key)
        if known is not None:
            count = min(known.count + seen.count, MAX_COUNT)
            seen = replace(seen, count=count, at=max(known.at, seen.at))
        self._waiting[key] = seen
        while len(self._waiting) > MAX_WAITING:
            _, oldest = self._waiting.popitem(last=False)
            self._drop(oldest.count, "more reports than can wait")

    def _warn_of_role(self, key: Key, roles: Collection[str]) -> None:
        """Once for each role: a chatbot that says a wrong one says it every time."""
        with self._counting:
            if (key.bot, key.role) in self._warned or len(self._warned) == MAX_WARNED:
                return
            self._warned.add((key.bot, key.role))
        _log.warning(
            "a model is reported for %s in the role %r, which has no binding there; %s",
            key.bot,
            key.role,
            f"its roles are {', '.join(map(repr, roles))}" if roles else "none has one",
        )

    def _drop(self, count: int, what: str) -> None:
        """Tell it once; how many there are is in `health`."""
        with self._counting:
            is_first = not self._dropped
            self._dropped += count
        if is_first:
            _log.warning("reports of models are dropped: %s", what)


def reports_to(fetcher: Fetcher, environment: str) -> Reports:
    """Reports for one environment of one registry."""
    path = f"/v1/environments/{environment}/observations"

    def send(batch: bytes) -> Answer:
        return fetcher.post(path, batch, max_bytes=MAX_ANSWER_BYTES)

    return Reports(send)


def _dumped(batch: dict[Key, _Seen]) -> bytes:
    observations = [
        {
            **key._asdict(),
            "fingerprint": key.fingerprint or None,
            "at": datetime.fromtimestamp(seen.at, UTC).isoformat(),
            "count": seen.count,
        }
        for key, seen in batch.items()
    ]
    return json.dumps({"observations": observations}).encode()


def _is_role(text: object) -> bool:
    return isinstance(text, str) and _ROLE.match(text) is not None


def _is_plain(text: object) -> bool:
    """As the registry wants it: short, and nothing but what can be seen."""
    return (
        isinstance(text, str)
        and 0 < len(text) <= MAX_CHARS
        and text.isprintable()
        and text == text.strip()
    )
