"""The timer: makes live what was agreed to for this moment.

A plain loop in the writer, which knows no rule: `registry.timetable` says what is
due, and each of these commands takes the one way that every command takes.  It
wakes at the next moment that was agreed to, and at least once a second.

Several processes may run it.  Whichever is first inside the fence makes a change
live; the others send the same command with the same key, and nothing comes of it.
Whether a clock was set back, or this process slept, decides nothing: the rules look
at the time of the event.

What is refused is tried again when something has happened, or some seconds later,
for as long as it is not late.
"""

import logging
from datetime import datetime, timedelta
from threading import Lock

from registry.errors import RegistryError, Unavailable
from registry.rounds import EVERY_S, Rounds
from registry.timetable import ITSELF, Due, due, next_due
from registry.writer.answers import Written
from registry.writer.writer import Writer

AGAIN = timedelta(seconds=15)

log = logging.getLogger(__name__)


class Timer(Rounds):
    def __init__(self, writer: Writer) -> None:
        super().__init__(self.once, name="timer", rest_s=self._until_next)
        self._writer = writer
        self._round = Lock()
        self._refused: dict[str, tuple[int, datetime]] = {}

    def once(self) -> tuple[Written, ...]:
        """One round: what went live in it.

        Raises:
            Unavailable: Nothing can be written just now.
        """
        done = []
        with self._round:
            found = due(self._writer.state, self._writer.now())
            self._forget(found)
            for one in found:
                written = self._try(one) if self._is_time(one) else None
                if written is not None and not written.repeated:
                    done.append(written)
        return tuple(done)

    def _try(self, one: Due) -> Written | None:
        try:
            return self._writer.write(one.command, by=ITSELF, key=one.key)
        except Unavailable:
            raise
        except RegistryError as refused:
            log.warning("change %s does not go live now: %s", one.change, refused)
            self._refused[one.key] = (
                self._writer.state.head.number,
                self._writer.now(),
            )
            return None

    def _is_time(self, one: Due) -> bool:
        if one.key not in self._refused:
            return True
        number, at = self._refused[one.key]
        happened = self._writer.state.head.number != number
        return happened or self._writer.now() >= at + AGAIN

    def _forget(self, found: tuple[Due, ...]) -> None:
        keys = {one.key for one in found}
        self._refused = {k: v for k, v in self._refused.items() if k in keys}

    def _until_next(self) -> float:
        now = self._writer.now()
        moment = next_due(self._writer.state, now)
        if moment is None:
            return EVERY_S
        return max(0.0, min(EVERY_S, (moment - now).total_seconds()))
