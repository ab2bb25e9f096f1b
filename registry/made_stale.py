"""What an act makes stale: open changes that were current before it, and are not after.

* Whether a change is stale is decided in `registry.staleness`, before the act as
  after it; here the two are compared.
* What was stale already, what the act itself carries out, and what has expired is not
  made stale by it.
* The votes on exactly what was proposed are lost with it.  A veto is not: it blocks
  every revision.

So it is told alike before an act, of the state that would be (`registry.foreseen`),
and after it, to those whom it concerns.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from registry.changes import Change, Verdict
from registry.staleness import collision
from registry.state import State
from registry.votes import counting_votes


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeStale:
    """An open change that cannot go live any more as it is.

    Attributes:
        document: What it collides with; `policy/<environment>` for the policy.
        why: What has become of that, in words.
        voters: Whose votes are lost, sorted.
    """

    change: int
    title: str
    author: str
    document: str | None
    why: str
    voters: tuple[str, ...]


def made_stale(before: State, after: State, now: datetime) -> tuple[MadeStale, ...]:
    """What of the open changes becomes stale between two states, by number."""
    return tuple(_made_stale(before, after, now))


def _made_stale(before: State, after: State, now: datetime) -> Iterator[MadeStale]:
    for number in sorted(after.open_changes):
        change, was = after.changes[number], before.changes.get(number)
        where = change.environment
        if was is None or before.environments[where] is after.environments[where]:
            continue
        found = collision(after, change)
        if found is None or collision(before, was) is not None:
            continue
        if now < change.revision.expires:
            yield MadeStale(
                change=number,
                title=change.revision.title,
                author=change.author,
                document=found.document,
                why=found.why,
                voters=_voters(change),
            )


def _voters(change: Change) -> tuple[str, ...]:
    votes = counting_votes(change)
    return tuple(sorted(v.by for v in votes if v.verdict is not Verdict.VETO))
