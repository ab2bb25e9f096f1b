"""Votes: which of them count, and which stand in the way.

* A vote counts only for the exact review digest that it names, and of each
  person only the last one does.
* What somebody contributed to, they do not agree to.  An objection of theirs stands:
  they raised it before they contributed, and others can make somebody a contributor.
* An approval lapses after as many days as the policy says.  An objection does
  not: what stands in the way stays there until somebody takes it away.
* Asking for changes, and a veto that nobody has cleared, stand in the way,
  whoever else agrees.  When that is over is remembered: only then is it agreed to.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from registry.changes import Change, Verdict, Vote
from registry.policies import Policy


def counting_votes(change: Change) -> tuple[Vote, ...]:
    """The last vote of each person on exactly what is proposed now.

    Approvals by contributors are left out: somebody may have become one since.
    """
    last: dict[str, Vote] = {}
    for vote in change.votes:
        if vote.review_digest == change.revision.review_digest:
            last[vote.by] = vote
    return tuple(
        vote
        for vote in last.values()
        if vote.verdict is Verdict.ASK
        or (vote.verdict is not Verdict.RETRACT and vote.by not in change.contributors)
    )


def blocks(change: Change) -> tuple[Vote, ...]:
    """Votes that keep the change from going live, whoever else agrees."""
    return (*change.vetoes, *_asks(change))


def asking(change: Change) -> frozenset[str]:
    """Who asks for changes."""
    return frozenset(vote.by for vote in _asks(change))


def _asks(change: Change) -> tuple[Vote, ...]:
    return tuple(v for v in counting_votes(change) if v.verdict is Verdict.ASK)


def unblocked(change: Change) -> Iterator[datetime]:
    """When something that stood in the way was taken away."""
    if change.cleared_at is not None:
        yield change.cleared_at
    asking: set[str] = set()
    for vote in change.votes:
        if vote.review_digest != change.revision.review_digest:
            continue
        if vote.verdict is Verdict.ASK:
            asking.add(vote.by)
        elif vote.by in asking:
            asking.discard(vote.by)
            yield vote.at


def vote_days(change: Change, policy: Policy) -> int | None:
    """How long an approval of *change* counts; of two policies the shorter."""
    proposed = change.revision.proposed_policy
    both = (policy, proposed.policy) if proposed is not None else (policy,)
    days = [one.vote_days for one in both if one.vote_days is not None]
    return min(days, default=None)


def lapses(vote: Vote, days: int | None) -> datetime | None:
    """From when on an approval does not count any more."""
    return None if days is None else vote.at + timedelta(days=days)


def has_lapsed(vote: Vote, days: int | None, now: datetime) -> bool:
    end = lapses(vote, days)
    return end is not None and now >= end
