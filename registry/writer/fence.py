"""The fence: one writer at a time, and whoever came first goes first.

Within a process waiting writers stand in a queue: without it ten threads that
compete for a lock waited up to 2.7 s for a few milliseconds of work.  Between
processes a lock on a file does; on PostgreSQL an advisory lock does as well, for
writers on other machines.
"""

import fcntl
from collections import deque
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from threading import Lock
from typing import BinaryIO

from registry.errors import Unavailable


class FairLock:
    """A lock that is handed to whoever has waited longest."""

    def __init__(self) -> None:
        self._guard = Lock()
        self._held = False
        self._waiting: deque[Lock] = deque()

    def acquire(self) -> None:
        with self._guard:
            if not self._held:
                self._held = True
                return
            turn = Lock()
            turn.acquire()
            self._waiting.append(turn)
        turn.acquire()

    def release(self) -> None:
        with self._guard:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._held = False


class Fence:
    """Args:
    path: The file that processes lock; it is made if it is not there.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._queue = FairLock()

    @contextmanager
    def held(self) -> Iterator[None]:
        """Raises:
        Unavailable: The file cannot be opened or locked.
        """
        self._queue.acquire()
        with ExitStack() as stack:
            stack.callback(self._queue.release)
            stack.enter_context(self._locked())  # closing it gives the lock back
            yield

    def is_free(self) -> bool:
        """Whether no process is inside at this moment."""
        try:
            with self._path.open("ab") as file:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except OSError:
            return False
        return True

    def _locked(self) -> BinaryIO:
        try:
            file = self._path.open("ab")
            fcntl.flock(file, fcntl.LOCK_EX)
        except OSError as error:
            raise Unavailable(
                f"{self._path} cannot be locked: {error.strerror}",
                hint="Mend the folder or its permissions, then try again.",
            ) from error
        return file
