"""The loop: making notices of events and reminders, and delivering what is due.

* Each round makes notices of the events since the last one, in the transaction
  that moves the cursor, and then has what is due delivered.
* Every target has a thread of its own while something is due for it, so that a
  slow one delays no other, and nothing that is written.
* A delivery is claimed before it is tried.  The claim is longer than a try can
  take; what a crash leaves is tried again after it, with the same id.
* When the tables come from an older backup than the cursor, it goes back to their
  end: nothing is told twice.
"""

import logging
import random
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from datetime import datetime, timedelta
from threading import Lock

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from registry.announcements import announce
from registry.db.deliveries import Claimed, Deliveries
from registry.db.targets import Targets
from registry.errors import NotFound
from registry.notices import Notice
from registry.outbox.failures import NotDelivered
from registry.outbox.feed import Feed
from registry.outbox.reminding import Reminding
from registry.outbox.sending import Sender
from registry.rounds import Rounds
from registry.state import State
from registry.targets import MAX_TARGETS, Target, next_try

CLAIM = timedelta(minutes=2)

log = logging.getLogger(__name__)


class Outbox(Rounds):
    """Args:
    engine: Where the projection is.
    operations_engine: Where notices, targets and deliveries are.
    state: The registry's state at this moment.
    chance: From 0 to 1, a new one each time.
    """

    def __init__(
        self,
        *,
        engine: Engine,
        operations_engine: Engine,
        state: Callable[[], State],
        clock: Callable[[], datetime],
        sender: Sender,
        chance: Callable[[], float] = random.random,
    ) -> None:
        super().__init__(self._deliver_some, name="outbox")
        self._feed = Feed(engine, state)
        self._reminding = Reminding(
            engine=engine,
            operations_engine=operations_engine,
            state=state,
            clock=clock,
        )
        self._deliveries = Deliveries(operations_engine)
        self._targets = Targets(operations_engine)
        self._state = state
        self._clock = clock
        self._sender = sender
        self._chance = chance
        self._round = Lock()
        self._busy: dict[str, Future[None]] = {}
        self._pool = ThreadPoolExecutor(MAX_TARGETS, thread_name_prefix="placet-send")

    def close(self) -> None:
        """End the thread, after what is being sent at this moment."""
        super().close()
        self._pool.shutdown()

    def post(self, notices: Iterable[Notice]) -> int:
        """Have *notices* delivered that no event gives rise to; how many were new.

        One that was posted before, by its id, is left alone.
        """
        people = self._state().people
        new = self._deliveries.post(notices, people, at=self._clock())
        self.wake()
        return new

    def once(self) -> None:
        """One round; returns when everything that is due was tried."""
        self.gather()
        wait(self._deliver())

    def gather(self) -> None:
        """Make notices of the events that there are none of yet, and reminders."""
        with self._round:
            while self._gather():
                pass
            self._reminding.remind()

    def _deliver_some(self) -> None:
        """A round of the thread: it waits for no target."""
        self.gather()
        self._deliver()

    def _gather(self) -> bool:
        """Whether there may be more."""
        latest = self._feed.read_number()
        number = self._deliveries.read_number()
        if number is None:
            # What happened before anybody could listen is told nobody.
            self._deliveries.begin(latest)
            return False
        if number == latest:
            return False
        if number > latest:
            self._deliveries.move(before=number, to=latest)
            return False
        steps = self._feed.read(number)
        if not steps:
            return False
        notices = [
            notice
            for step in steps
            for notice in announce(step.before, step.after, step.event)
        ]
        last = steps[-1].after
        self._deliveries.record(
            notices,
            last.people,
            at=self._clock(),
            before=number,
            to=last.head.number,
        )
        self._feed.keep(steps[-1])
        return True

    def _deliver(self) -> list[Future[None]]:
        """Begin with what is due, for targets that are not being told already."""
        begun = []
        for target in self._deliveries.list_due(self._clock()):
            busy = self._busy.get(target)
            if busy is None or busy.done():
                self._busy[target] = self._pool.submit(self._tell, target)
            begun.append(self._busy[target])
        return begun

    def _tell(self, id: str) -> None:
        """Everything that is due for one target, one after the other."""
        try:
            target = self._targets.get(id)
            while not self.ending:
                now = self._clock()
                claimed = self._deliveries.claim(id, now=now, until=now + CLAIM)
                if claimed is None:
                    return
                self._try(target, claimed)
        except NotFound:
            return  # it was removed meanwhile, and what waited was given up
        except SQLAlchemyError as error:
            log.error("will be tried again: %s", error)  # noqa: TRY400
        except Exception:
            log.exception("a delivery failed, and will be tried again")

    def _try(self, target: Target, claimed: Claimed) -> None:
        try:
            self._sender.send(
                target,
                claimed.notice,
                recipient=claimed.recipient,
                now=self._clock(),
            )
        except NotDelivered as error:
            self._failed(target, claimed, error)
        else:
            self._deliveries.deliver(claimed, target, self._clock())

    def _failed(self, target: Target, claimed: Claimed, error: NotDelivered) -> None:
        now = self._clock()
        later = next_try(
            claimed.attempts, made=claimed.made, now=now, chance=self._chance()
        )
        if later is not None and not error.lasting:
            self._deliveries.postpone(claimed, str(error), later)
            return
        is_alert = not error.expected
        self._deliveries.give_up(claimed, target, str(error), now, alert=is_alert)
        if is_alert:
            log.warning(
                "alert: %s was not told of %s: %s",
                target.name,
                claimed.notice.id,
                error,
            )
