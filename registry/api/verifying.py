"""Verifying while the registry is in use.

What is verified is a moment, and an event that is written meanwhile looks like a
difference.  So a difference counts only when nothing was written; otherwise it is
tried again.
"""

from threading import Lock

from registry.errors import LedgerBroken, Unavailable
from registry.writer import Open
from registry.writer.verify import Verified, verify

TRIES = 3


class Verifying:
    """One at a time, because it takes as much work as everything before it."""

    def __init__(self, opened: Open) -> None:
        self._opened = opened
        self._turn = Lock()

    def verify(self) -> Verified:
        """Raises:
        LedgerBroken: It names the first thing that is wrong.
        Unavailable: Somebody else is verifying, or it is too busy to do it.
        """
        if not self._turn.acquire(blocking=False):
            raise Unavailable(
                "somebody is verifying already", hint="Try again in a minute."
            )
        try:
            return self._verify()
        finally:
            self._turn.release()

    def _verify(self) -> Verified:
        for _ in range(TRIES):
            before = self._opened.ledger.head()
            try:
                return verify(
                    self._opened.ledger,
                    self._opened.engine,
                    lambda _: None,
                    keys=self._opened.checkpoints.verifiers,
                )
            except LedgerBroken:
                if self._opened.ledger.head() == before:
                    raise
        raise Unavailable(
            "too much was written meanwhile to compare it",
            hint="Verify when less is going on, or verify a copy: `placet verify`.",
        )
