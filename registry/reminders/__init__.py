"""Reminders: what is told of what time does, and of what nobody has done yet.

    reminder-vote           two days before an approval lapses, its voter
    reminder-change         three days before a change expires: its author, and whoever
                            could still vote; operators once it is agreed to
    reminder-decision       when a decision is late: whoever could vote; then deputies
                            of the bots that it touches; then the board
    reminder-waiver         three days before it ends: who gave it, and the author
    reminder-schedule       a schedule is suspended: contributors, operators
    reminder-condition      three days before its day, and on it: its owner; then who
                            asked for it; then the board
    reminder-review         as the policy says before its day, and on it: the owner;
                            then the deputy; then the seats that review, or the board
    reminder-ratification   a day before its deadline, and on it: whoever could judge;
                            then deputies; then the board
    reminder-person         a seat waits for a second administrator: administrators
    reminder-token          fourteen and three days before it ends: its person

The rules:

 * Each stage of a matter goes out once: its id follows from the matter and the stage.
   What is settled before a stage comes gives rise to no more.
 * After a pause only the newest stage goes out, and then also to whoever an earlier
   one should have told.
 * A stage that would reach nobody active is passed on to the next one, at its own
   time, and in the end to administrators.
 * What lives for a short time is not told in the first half of its life.
 * The *board* are the seats that may reject for good; where there are none, those
   that agree to the policy itself.

Nothing here reads a clock, a file or a database.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime

from registry.answerable import SaidBy
from registry.appointments import still_asked
from registry.reminders.agreement import of_conditions, of_open_change
from registry.reminders.keeping import (
    EndingToken,
    of_person,
    of_ratification,
    of_reviews,
    of_tokens,
)
from registry.reminders.stages import Matter, Reminder, reminder, unsaid
from registry.state import State

__all__ = ["EndingToken", "Reminder", "due_reminders", "unsaid"]


def due_reminders(
    state: State, tokens: Iterable[EndingToken], said_by: SaidBy, now: datetime
) -> tuple[Reminder, ...]:
    """Everything that people are to be reminded of by now, told already or not."""
    found = (reminder(state, one, now) for one in _matters(state, tokens, said_by, now))
    return tuple(one for one in found if one is not None)


def _matters(
    state: State, tokens: Iterable[EndingToken], said_by: SaidBy, now: datetime
) -> Iterator[Matter]:
    for number in state.open_changes:
        yield from of_open_change(state, state.changes[number], said_by, now)
    for change in state.changes.values():
        yield from of_conditions(state, change, now)
    for number in state.open_ratifications:
        yield of_ratification(state, state.ratifications[number], said_by, now)
    for environment in state.environments.values():
        yield from of_reviews(state, environment, said_by, now)
    for asked in still_asked(state, now):
        yield of_person(state, asked)
    yield from of_tokens(tokens, now)
