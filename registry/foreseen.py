"""Foreseen: what a decision would lead to, to be looked at and then forgotten.

A preview decides as the act would, folds the event into the state as the writer
would, and writes nothing.  So it cannot tell anything else than what would come.
"""

from dataclasses import dataclass
from datetime import datetime

from registry.decisions import Decision, Situation, seal
from registry.events import NOTHING_BEFORE, dump
from registry.fold import apply
from registry.made_stale import MadeStale, made_stale
from registry.names import digest_of
from registry.payloads import Payload
from registry.state import State


@dataclass(frozen=True, slots=True, kw_only=True)
class Foreseen:
    """Attributes:
    state: The one after it, which never is.
    at: When it would have been.
    """

    state: State
    at: datetime


def foresee(situation: Situation, decision: Decision) -> Foreseen:
    """What *decision* would lead to, if it were written now."""
    event = seal(
        decision,
        head=situation.state.head,
        actor=situation.actor,
        key=None,
        command=NOTHING_BEFORE,
        now=situation.now,
    )
    after = apply(situation.state, event, digest_of(dump(event)))
    return Foreseen(state=after, at=event.at)


def stale_by(situation: Situation, payload: Payload) -> tuple[MadeStale, ...]:
    """Which open changes an event with *payload* would make stale now."""
    decision = Decision(payload=payload, subject="", trailers=(), files={})
    outcome = foresee(situation, decision)
    return made_stale(situation.state, outcome.state, outcome.at)
