"""Vetoes: who may clear one that somebody else has cast.

Whoever holds a seat that the policy names for it, for all that the change edits, or for
the bot that it resumes; has had no hand in the change; and whose seat has cooled down.
"""

from datetime import datetime

from registry.changes import Change, ChangeType
from registry.names import Kind, ref
from registry.policies import policy_subject
from registry.seats import has_cooled, held_for
from registry.state import State


def veto_clearers(state: State, change: Change, now: datetime) -> set[str]:
    """Who could clear any veto on *change*, in a seat that the policy names."""
    return {
        handle
        for handle in state.people
        for seat in clearing_seats(state, change, handle)
        if has_cooled(state, handle, seat, change.environment, now)
    }


def clearing_seats(state: State, change: Change, handle: str) -> tuple[str, ...]:
    """The seats in which *handle* may clear somebody else's veto, once they cooled."""
    if handle in change.contributors:
        return ()
    policy = state.environments[change.environment].policy
    about = _about(change)
    return tuple(
        seat
        for seat in policy.veto_clearers
        if about
        == held_for(state, handle, seat, environment=change.environment, because=about)
    )


def _about(change: Change) -> tuple[str, ...]:
    revision = change.revision
    if revision.resumption is not None:
        return (ref(Kind.BOT, revision.resumption.bot),)
    if change.type is ChangeType.POLICY:
        return (policy_subject(change.environment).what,)
    return tuple(edit.document for edit in revision.edits)
