"""Reminding: notices of what time does, beside those of events.

A round is made when something has happened and at least every minute.  Which stages
went out before is looked up by their ids, and the newest of each matter is posted;
of two processes that do so at once one is first, and the other posts nothing.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import Engine

from registry.db.deliveries import Deliveries
from registry.db.operations import Operations
from registry.db.said import SaidTexts
from registry.reminders import EndingToken, due_reminders, unsaid
from registry.state import State

EVERY = timedelta(minutes=1)


class Reminding:
    """Args:
    engine: Where the projection is.
    operations_engine: Where tokens are, and notices that went out.
    state: The registry's state at this moment.
    """

    def __init__(
        self,
        *,
        engine: Engine,
        operations_engine: Engine,
        state: Callable[[], State],
        clock: Callable[[], datetime],
    ) -> None:
        self._said = SaidTexts(engine)
        self._operations = Operations(operations_engine)
        self._deliveries = Deliveries(operations_engine)
        self._state = state
        self._clock = clock
        self._last: tuple[int, datetime] | None = None

    def remind(self) -> int:
        """Post what has become due; how many notices are new."""
        state, now = self._state(), self._clock()
        if not self._is_time(state, now):
            return 0
        found = due_reminders(state, self._tokens(), self._said.among(state), now)
        ids = [notice.id for one in found for notice in one.notices]
        told = self._deliveries.list_known(ids)
        notices = [notice for one in found if (notice := unsaid(one, told))]
        new = self._deliveries.post(notices, state.people, at=now) if notices else 0
        self._last = (state.head.number, now)
        return new

    def _is_time(self, state: State, now: datetime) -> bool:
        if self._last is None:
            return True
        number, at = self._last
        return number != state.head.number or abs(now - at) >= EVERY

    def _tokens(self) -> list[EndingToken]:
        return [
            EndingToken(
                id=token.id,
                handle=token.handle,
                purpose=token.purpose,
                made=token.made,
                expires=token.expires,
            )
            for token in self._operations.list_tokens(None)
            if token.revoked is None
        ]
