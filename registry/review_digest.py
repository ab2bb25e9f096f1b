"""The review digest: one hash over everything that a vote agrees to.

Facts are not in it, nor are requirements: a better sentence would make every open
change stale.  What they are found from is bound: the edits, the policy, and what an
edit begins or ceases to use.  Where they turn out to be others all the same when the
change is to go live, it is stale (see `registry.activations`).
"""

from datetime import UTC
from typing import Any

import rfc8785

from registry.changes import Base, Revision
from registry.names import Digest, digest_of


def review_digest(
    repository: str, environment: str, change: int, revision: Revision
) -> Digest:
    """One hash over everything that a vote for *revision* agrees to.

    The digest that *revision* itself carries is not read.
    """
    strict = revision.strict
    bound: dict[str, Any] = {
        "format": "placet-review-1",
        "repository": repository,
        "environment": environment,
        "change": change,
        "revision": revision.number,
        "edits": [
            [e.document, _base(e.base), e.digest]
            for e in sorted(revision.edits, key=lambda e: e.document)
        ],
        "effect": [
            [
                a.document,
                a.tier,
                list(a.owners),
                *([_base(a.before), a.after] if strict else []),
            ]
            for a in sorted(revision.effect, key=lambda a: a.document)
        ],
        "reads": [
            [r.document, _base(r.base)]
            for r in (*(revision.reads if strict else ()), *revision.compared)
        ],
        "policy": [revision.policy.digest, revision.policy.since],
        "proposed_policy": (
            revision.proposed_policy and revision.proposed_policy.digest
        ),
        "resumption": revision.resumption
        and [
            revision.resumption.bot,
            revision.resumption.stopped,
            revision.resumption.bundle,
        ],
        "earliest": revision.earliest and revision.earliest.astimezone(UTC).isoformat(),
        "expires": revision.expires.astimezone(UTC).isoformat(),
    }
    return digest_of(rfc8785.dumps(bound))


def _base(base: Base | None) -> list[Any] | None:
    return None if base is None else [base.digest, base.since]
