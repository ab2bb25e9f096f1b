"""Evidence: what was tried on the content of a change, and which of it counts.

* A content is what the edits put in place: each document with its new digest.  It
  does not say who proposes it, when, or what is live; two revisions of a change
  that put the same in place have the same.
* A result says something about exactly the content that it names.
* Of one check the last result on a content counts: one that failed takes the place
  of one that passed.
* Evaluators vouch for a change, and nobody who contributed to it.  What others have
  attached is shown as theirs: that it passed meets nothing, that it failed counts.
* Where nothing was tried it is said so.
"""

from dataclasses import dataclass

import rfc8785

from registry.changes import Change, ChangeType, Revision
from registry.check_results import Attached, CheckTotals
from registry.names import Digest, digest_of

UNTRIED = "no answers were tested"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """The results of one check on what is proposed now.

    Attributes:
        last: Whoever attached it.
        independent: The last one of an evaluator who has not contributed.
        why_not: Why whoever attached the last one does not vouch for the change, in
            words that go on after a name; `None` if they do.
    """

    name: str
    last: Attached
    independent: Attached | None
    why_not: str | None


def content_of(revision: Revision) -> Digest:
    """SHA-256 of what *revision* puts in place, as canonical JSON."""
    named: dict[str, str | None] = {e.document: e.digest for e in revision.edits}
    if revision.proposed_policy is not None:
        proposed = revision.proposed_policy
        named[f"policy/{proposed.policy.environment}"] = proposed.digest
    if revision.resumption is not None:
        named[f"bots/{revision.resumption.bot}"] = revision.resumption.bundle
    return digest_of(rfc8785.dumps([[name, named[name]] for name in sorted(named)]))


def tried(change: Change) -> tuple[Tried, ...]:
    """What was tried on exactly what is proposed now, by the names of the checks."""
    content = content_of(change.revision)
    last: dict[str, Attached] = {}
    independent: dict[str, Attached] = {}
    for attached in change.attached:
        if attached.result.content == content:
            last[attached.result.name] = attached
            if _why_not(change, attached) is None:
                independent[attached.result.name] = attached
    return tuple(
        Tried(
            name=name,
            last=last[name],
            independent=independent.get(name),
            why_not=_why_not(change, last[name]),
        )
        for name in sorted(last)
    )


def is_counted(change: Change, attached: Attached) -> bool:
    """Whether it is of what is proposed now, and none of its check came later."""
    return any(attached is one.last for one in tried(change))


def answers(change: Change) -> str | None:
    """One sentence about what was tried; `None` for a policy, which answers nobody."""
    if change.type is ChangeType.POLICY:
        return None
    return "; ".join(f"{t.name}: {score(t.last.result)}" for t in tried(change)) or (
        UNTRIED
    )


def score(result: CheckTotals) -> str:
    """`96 of 100 pass`, and whether that is enough."""
    told = f"{result.total - result.failed:,} of {result.total:,} pass"
    return told if result.passed else f"{told}, which is not enough"


def _why_not(change: Change, attached: Attached) -> str | None:
    if attached.by in change.contributors:
        return "has worked on the change"
    return None if attached.by_evaluator else "is no evaluator"
