"""Mirroring: after each event the ledger is pushed elsewhere.

* A thread for each mirror, so that one which is slow or away delays nobody: neither
  who writes, nor the other mirrors.
* What fails is tried again, later and later, up to a minute apart.  Everything that
  was missed goes along with what is new.
* A mirror that has something else than the ledger is an alarm.  Nothing is ever
  forced on it: whose history is the right one is for people to find out.
* While writing is halted, or what was signed is not what there is, nothing is
  pushed: a mirror is what the ledger is restored from.
"""

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from registry.errors import RegistryError
from registry.ledger import Commit, Diverged, Ledger, Mirror, push
from registry.ledger.processes import Process
from registry.rounds import Rounds
from registry.writer.checkpoints import Checkpoints
from registry.writer.writer import Writer

FIRST_WAIT_S = 1.0
LONGEST_WAIT_S = 60.0

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class MirrorState:
    """How a mirror stands.

    Attributes:
        address: Where it is, without a password.
        event: The number of the last event that it is known to have; null before
            the first push.
        behind: How many events it lacks; null while nobody knows.
        diverged: The branch that has something else there.
        problem: Why the last push failed.
        tries: How many have failed since.
    """

    address: str
    event: int | None
    behind: int | None
    diverged: str | None
    problem: str | None
    tries: int


class Mirroring:
    """Threads that begin with `start` and end with `close`.

    Args:
        ledger_path: Where the ledger's repository is.
        longest_s: How long a push may take.
    """

    def __init__(
        self,
        mirrors: Sequence[Mirror],
        *,
        ledger: Ledger,
        ledger_path: Path,
        writer: Writer,
        checkpoints: Checkpoints,
        longest_s: float,
    ) -> None:
        self._writer = writer
        self._threads = [
            _Pushing(
                mirror,
                ledger=ledger,
                ledger_path=ledger_path.absolute(),
                writer=writer,
                checkpoints=checkpoints,
                longest_s=longest_s,
            )
            for mirror in mirrors
        ]

    def start(self) -> None:
        for each in self._threads:
            each.start()

    def only_if(self, may: Callable[[], bool]) -> None:
        """Push nothing while *may* says no."""
        for each in self._threads:
            each.only_if(may)

    def wake(self) -> None:
        """Push soon; returns at once."""
        for each in self._threads:
            each.wake()

    def close(self) -> None:
        """End the threads, and the pushes that are under way."""
        for each in self._threads:
            each.end()
        for each in self._threads:
            each.close()

    def states(self) -> list[MirrorState]:
        last = self._writer.state.head.number
        return [each.state(last) for each in self._threads]


class _Pushing(Rounds):
    def __init__(
        self,
        mirror: Mirror,
        *,
        ledger: Ledger,
        ledger_path: Path,
        writer: Writer,
        checkpoints: Checkpoints,
        longest_s: float,
    ) -> None:
        super().__init__(self._try, name="mirror")
        self._mirror = mirror
        self._ledger = ledger
        self._path = ledger_path
        self._writer = writer
        self._checkpoints = checkpoints
        self._longest_s = longest_s
        self._running: list[Process] = []
        self._there: dict[str, Commit] = {}
        self._event: int | None = None
        self._diverged: str | None = None
        self._problem: str | None = None
        self._tries = 0
        self._not_before = 0.0

    def close(self) -> None:
        """End the thread, and the push that is under way."""
        self.end()
        while not self.ended(within_s=0.05):
            for process in tuple(self._running):
                process.stop()

    def state(self, last: int) -> MirrorState:
        return MirrorState(
            address=self._mirror.address,
            event=self._event,
            behind=None if self._event is None else max(0, last - self._event),
            diverged=self._diverged,
            problem=self._problem,
            tries=self._tries,
        )

    def _try(self) -> None:
        try:
            self._push()
        except RegistryError as error:
            self._fail(str(error))
        except Exception:
            self._fail("a mistake of the registry's; its log has it")
            raise

    def _push(self) -> None:
        if time.monotonic() < self._not_before:
            return
        if self._writer.halted is not None or self._checkpoints.wrong is not None:
            self._wait(f"nothing is pushed: {self._doubt()}")
            return
        state = self._writer.state
        branches = self._ledger.branches(state.environments)
        if not branches or branches == self._there:
            self._event = state.head.number if branches else self._event
            return
        diverged = push(
            self._path,
            self._mirror,
            branches,
            longest_s=self._longest_s,
            running=self._running,
        )
        if diverged is not None:
            self._alarm(diverged)
            return
        if self._problem is not None or self._diverged is not None:
            log.warning("the mirror %s is up to date again", self._mirror.address)
        self._there, self._event = branches, state.head.number
        self._diverged = self._problem = None
        self._tries, self._not_before = 0, 0.0

    def _doubt(self) -> str:
        return self._writer.halted or self._checkpoints.wrong or ""

    def _alarm(self, diverged: Diverged) -> None:
        if self._diverged != diverged.branch:
            log.error(
                "the mirror %s has diverged: its %s is not what the ledger had. "
                "Nothing is pushed there; compare the two with `placet verify`",
                self._mirror.address,
                diverged.branch,
            )
        self._diverged = diverged.branch
        self._wait(f"{diverged.branch} has something else there")

    def _fail(self, problem: str) -> None:
        if self.ending:
            return
        if self._problem is None:
            log.warning(
                "the mirror %s cannot be reached, and will be tried again: %s",
                self._mirror.address,
                problem,
            )
        self._wait(problem)

    def _wait(self, problem: str) -> None:
        self._problem = problem
        wait_s = min(LONGEST_WAIT_S, FIRST_WAIT_S * 2 ** min(self._tries, 10))
        self._tries += 1
        self._not_before = time.monotonic() + wait_s
