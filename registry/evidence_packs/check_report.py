"""What a change's report says of checks: required, tried, and done without.

What the registry looks at itself is looked at again whenever somebody asks, and
leaves no event of its own: a pack has only that it was required, and that nothing
goes live while it is not met.
"""

from collections.abc import Iterator, Mapping

from registry.check_results import CheckResult, OwnCheck
from registry.evidence_packs.change import ChangeEvidence, CheckMade, WaiverMade
from registry.evidence_packs.report import (
    Block,
    done,
    table,
    when,
    where,
    whose,
)
from registry.names import Digest
from registry.policy_rules import RequiredCheck
from registry.policy_text import parse_policy

OURS = (
    "the registry itself, each time it is asked; not met, nothing goes live but in "
    "an emergency"
)
THEIRS = "results from outside, or a waiver"


def checks(found: ChangeEvidence, texts: Mapping[Digest, bytes]) -> Iterator[Block]:
    """Args:
    texts: Of the policies that it was made under, by their digests.
    """
    yield table(
        "required by its policy|where it concerns|answered by|has to have",
        (_required(one) for one in _all_required(found, texts)),
        "The policies that it was made under require no checks.",
    )
    yield table(
        "event|when|check|revision|result|has to pass|from production|counts|link",
        (_check(one) for one in found.checks),
        "No results from outside were attached.",
    )
    yield table(
        "event|when|who, holding|what|until|in their words",
        (_waived(one) for one in found.waivers),
        "No check was waived.",
    )


def _all_required(
    found: ChangeEvidence, texts: Mapping[Digest, bytes]
) -> tuple[RequiredCheck, ...]:
    """What its policies require, and the last one that it proposed."""
    sources = [texts[one.digest] for one in found.policies]
    proposed = found.revisions[-1].revision.proposed_policy
    if proposed is not None:
        sources.append(proposed.source.encode())
    policies = [parse_policy(source).policy for source in sources]
    return tuple(dict.fromkeys(one for each in policies for one in each.checks))


def _required(check: RequiredCheck) -> tuple[str, ...]:
    concerns = [*check.kinds, *check.names, *check.tiers, *check.facts]
    own = check.name in set(OwnCheck)
    return (
        check.name,
        ", ".join(concerns) or "everything",
        OURS if own else THEIRS,
        "" if own else _asked(check),
    )


def _asked(check: RequiredCheck) -> str:
    asked = []
    if check.min_samples:
        asked.append(f"{check.min_samples} samples")
    if check.min_production:
        asked.append(f"{check.min_production} from production")
    if check.max_age_days is not None:
        asked.append(f"at most {check.max_age_days} days old")
    return ", ".join(asked)


def _check(made: CheckMade) -> tuple[str, ...]:
    result = made.result
    return (
        where(made.act),
        when(made.act.at),
        f"{result.name}, attached by {made.act.by}",
        str(made.revision),
        f"{result.total - result.failed} of {result.total} pass; "
        f"{'passed' if result.passed else 'not passed'}",
        _threshold(result),
        f"{result.production} of {result.total}",
        "yes" if made.counts else "no",
        result.link or "",
    )


def _threshold(result: CheckResult) -> str:
    return "all" if result.threshold is None else f"{result.threshold * 100:g}%"


def _waived(made: WaiverMade) -> tuple[str, ...]:
    act = made.act
    return (
        where(act),
        when(act.at),
        whose(act),
        done(act),
        when(made.expires),
        act.reason,
    )
