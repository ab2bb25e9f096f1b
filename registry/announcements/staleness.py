"""Staleness: what an event has made stale is told to whoever wrote or voted on it."""

from collections.abc import Iterator

from registry.announcements.happenings import Happened, called
from registry.made_stale import MadeStale, made_stale
from registry.notices import Notice, audience
from registry.ways_on import hint


def went_stale(it: Happened) -> Iterator[Notice]:
    """One notice for each open change that cannot go live any more as it is."""
    for one in made_stale(it.before, it.after, it.event.at):
        change = it.change(one.change)
        # A veto is not lost, and whoever cast it has to know all the same.
        voted = (vote.by for vote in change.votes)
        yield it.notice(
            "change-stale",
            f"{called(change, 'Change')} is stale: {one.why}",
            _votes(one),
            f"What next: {hint(change)}",
            to=audience(change.author, change.revision.by, *voted),
            environment=change.environment,
            change=change.id,
            due=change.revision.expires,
            cause=str(change.id),
        )


def _votes(one: MadeStale) -> str:
    if not one.voters:
        return "Nobody's vote is lost by it."
    return f"Votes that count no more: {', '.join(one.voters)}."
