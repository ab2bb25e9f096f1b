"""Throttles: how often somebody may try before they have to wait.

A bucket of tries for each key, in memory.  A full bucket is the same as none,
so buckets are forgotten once they are full again, and the longest unused ones
when there are too many.
"""

import math
from collections import OrderedDict
from dataclasses import dataclass, replace
from datetime import datetime
from threading import Lock

from registry.errors import TooManyTries

MAX_KEYS = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class _Bucket:
    tries: float
    at: datetime


class Throttle:
    """Args:
    burst: Tries that are there at first.
    every_s: Seconds after which one more comes in.
    words: What whoever has to wait is told.
    """

    def __init__(
        self,
        *,
        burst: int,
        every_s: float,
        words: str = "too many tries to sign in",
    ) -> None:
        self._burst = burst
        self._every_s = every_s
        self._words = words
        self._lock = Lock()
        self._buckets: OrderedDict[str, _Bucket] = OrderedDict()

    def take(self, key: str, now: datetime) -> None:
        """Use up one try of *key*.

        Raises:
            TooManyTries: There is none left.
        """
        with self._lock:
            bucket = self._filled(key, now)
            if bucket.tries < 1:
                wait_s = math.ceil(round((1 - bucket.tries) * self._every_s, 3))
                raise TooManyTries(
                    self._words,
                    hint=f"Wait {wait_s} seconds, then try again.",
                    retry_after_s=wait_s,
                )
            self._put(key, replace(bucket, tries=bucket.tries - 1))

    def give_back(self, key: str, now: datetime) -> None:
        """The try was a good one and does not count."""
        with self._lock:
            bucket = self._filled(key, now)
            self._put(key, replace(bucket, tries=bucket.tries + 1))

    def _filled(self, key: str, now: datetime) -> _Bucket:
        bucket = self._buckets.get(key)
        if bucket is None:
            return _Bucket(tries=self._burst, at=now)
        passed_s = max(0.0, (now - bucket.at).total_seconds())
        tries = min(self._burst, bucket.tries + passed_s / self._every_s)
        return _Bucket(tries=tries, at=max(now, bucket.at))

    def _put(self, key: str, bucket: _Bucket) -> None:
        self._buckets.pop(key, None)
        if bucket.tries < self._burst:
            self._buckets[key] = bucket
        if len(self._buckets) > MAX_KEYS:
            self._buckets.popitem(last=False)
