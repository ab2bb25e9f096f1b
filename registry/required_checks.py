"""Required checks: what has to have passed before a change goes live.

The rules:

 * A policy requires checks by name, of documents of some kinds, names or tiers, or
   of which some fact is true.  Those that match a document of the effect apply.
 * Of another policy, both the one in force and the proposed one require theirs.
 * One of the registry's own is met when every line of it about those documents, or
   about the change as a whole, has passed.  It is looked at again each time.
 * One of somebody else's is met by a result on exactly the content that is proposed
   now: it has to have passed, to be no older than the policy says, and of as many
   samples, and as many from production, as it asks for.
 * The last result of a name counts.  Evaluators vouch, who have not contributed: what
   others attach meets nothing, and if it failed it counts (`registry.evidence`).
 * A check is also met while somebody does without it: a waiver is for one review
   digest, ends, and counts only as long as whoever gave it is active, holds the
   seat there, and has not contributed.
 * A policy is tested by nobody, and a stopped bot comes back as it was: of these only
   what the policy requires of the kind `policy`, or nothing.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from registry.changes import Change, ChangeType, Edit
from registry.check_lines import Line, LineState, own_lines
from registry.check_results import Attached, CheckTotals, OwnCheck, Waiver
from registry.effects import Documents
from registry.errors import NotChecked
from registry.evidence import Tried, score, tried
from registry.facts import true_of
from registry.names import Ref
from registry.policies import POLICY, policy_subject, subject
from registry.policy_rules import RequiredCheck, Subject
from registry.revisions import direct_uses
from registry.seats import speaks
from registry.state import State
from registry.times import said_end


class CheckState(StrEnum):
    """Where a required check stands."""

    MET = "met"
    WAIVED = "waived"
    FAILED = "failed"
    MISSING = "missing"
    NOT_INDEPENDENT = "not-independent"
    TOO_OLD = "too-old"
    TOO_FEW = "too-few-samples"
    TOO_FEW_PRODUCTION = "too-few-from-production"


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckStanding:
    """One required check of a change, and where it stands.

    Attributes:
        why: One sentence for people.
        could_waive: Who could do without it.
        because: The documents that it is asked for.
    """

    name: str
    state: CheckState
    met: bool
    why: str
    could_waive: tuple[str, ...]
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A required check with the documents that brought it in."""

    check: RequiredCheck
    because: tuple[str, ...]


def required(state: State, change: Change, documents: Documents) -> tuple[Asked, ...]:
    """What the policy in force asks for, in its order, and then the proposed one."""
    checks = state.environments[change.environment].policy.checks
    if (proposed := change.revision.proposed_policy) is not None:
        checks = tuple(dict.fromkeys((*checks, *proposed.policy.checks)))
    if not checks or change.type is ChangeType.RESUME:
        return ()
    if change.type is ChangeType.POLICY:
        checks = tuple(one for one in checks if POLICY in one.kinds)
    subjects = subjects_of(state, change, documents)
    found = []
    for one in checks:
        because = tuple(sorted(s.what for s in subjects if one.matches(s)))
        if because:
            found.append(Asked(check=one, because=because))
    return tuple(found)


def check_standings(
    state: State,
    change: Change,
    documents: Documents,
    now: datetime,
    own: Iterable[Line] | None = None,
) -> tuple[CheckStanding, ...]:
    """Every required check, met or not.

    Args:
        own: The lines of the registry's own checks, if they are known already.
    """
    asked = required(state, change, documents)
    if own is None and any(one.check.name in set(OwnCheck) for one in asked):
        own = own_lines(state, change, documents, now.date())
    lines = tuple(own or ())
    results = {one.name: one for one in tried(change)}
    return tuple(_standing(state, change, one, lines, results, now) for one in asked)


def refuse_unchecked(
    state: State, change: Change, documents: Documents, now: datetime
) -> None:
    """Raises:
    NotChecked: It names each required check that is not met.
    """
    missing = [s for s in check_standings(state, change, documents, now) if not s.met]
    if missing:
        told = " ".join(f"{one.name}: {one.why}" for one in missing)
        raise NotChecked(f"change {change.id} is not checked. {told}")


def may_waive(
    state: State,
    change: Change,
    asked: Asked,
    handle: str,
    seat: str,
    now: datetime,
) -> bool:
    """Whether *handle* could do without the check, as far as seats are concerned."""
    return (
        seat in asked.check.waived_by
        and handle not in change.contributors
        and speaks(
            state,
            handle,
            seat,
            environment=change.environment,
            because=asked.because,
            now=now,
        )
    )


def subjects_of(
    state: State, change: Change, documents: Documents
) -> tuple[Subject, ...]:
    revision = change.revision
    if change.type is ChangeType.POLICY:
        return (policy_subject(change.environment),)
    uses = direct_uses(
        state.environments[change.environment],
        (affected.document for affected in revision.effect),
        _brought(revision.edits, documents),
    )
    true = true_of(revision.facts, uses)
    return tuple(
        subject(a.document, a.tier, true.get(a.document, ()), a.owners)
        for a in revision.effect
    )


def _brought(
    edits: Iterable[Edit], documents: Documents
) -> Iterator[tuple[Ref, tuple[Ref, ...]]]:
    """What the edits use, and what they replace: it may not be live any more."""
    for edit in edits:
        for digest in (edit.digest, edit.base.digest if edit.base else None):
            uses = documents[digest].uses if digest else ()
            yield edit.document, tuple(use.ref for use in uses)


def _standing(
    state: State,
    change: Change,
    asked: Asked,
    lines: tuple[Line, ...],
    results: Mapping[str, Tried],
    now: datetime,
) -> CheckStanding:
    if asked.check.name in set(OwnCheck):
        found, why = _own(asked, lines)
    else:
        found, why = _result(asked.check, results.get(asked.check.name), now)
    waiver = _waiver(state, change, asked, now)
    if found is not CheckState.MET and waiver is not None:
        found = CheckState.WAIVED
        why = (
            f"{why} {waiver.by} does without it for {waiver.seat} until "
            f"{said_end(waiver.expires)}: {waiver.reason}"
        )
    met = found in {CheckState.MET, CheckState.WAIVED}
    return CheckStanding(
        name=asked.check.name,
        state=found,
        met=met,
        why=why,
        could_waive=() if met else _who_could(state, change, asked, now),
        because=asked.because,
    )


def _own(asked: Asked, lines: tuple[Line, ...]) -> tuple[CheckState, str]:
    """Lines are in order: the first is the worst."""
    about = [
        line
        for line in lines
        if line.check == asked.check.name
        and (line.document is None or line.document in asked.because)
    ]
    bad = [line for line in about if line.state is not LineState.PASSED]
    if bad:
        where = f"{bad[0].document}: " if bad[0].document else ""
        more = f", and {len(bad) - 1:,} more" if len(bad) > 1 else ""
        only = all(line.state is LineState.NOT_MEASURED for line in bad)
        state = CheckState.MISSING if only else CheckState.FAILED
        return state, f"{where}{bad[0].sentence.rstrip('.')}{more}."
    said = [line.sentence for line in about]
    return CheckState.MET, said[0] if said else "There is nothing to say against it."


def _result(
    check: RequiredCheck, one: Tried | None, now: datetime
) -> tuple[CheckState, str]:
    if one is None:
        return CheckState.MISSING, "Nothing was attached for what is proposed now."
    if not one.last.result.passed:
        return CheckState.FAILED, f"{score(one.last.result)}, by {one.last.by}."
    attached = one.independent
    if attached is None:
        return (
            CheckState.NOT_INDEPENDENT,
            f"{one.last.by}, who attached it, {one.why_not}.",
        )
    if not attached.result.passed:
        return CheckState.FAILED, f"{score(attached.result)}, by {attached.by}."
    return _fresh_enough(check, attached, now) or _enough(check, attached.result)


def _fresh_enough(
    check: RequiredCheck, attached: Attached, now: datetime
) -> tuple[CheckState, str] | None:
    """`None` if it is."""
    days = check.max_age_days
    if days is None or now - attached.at <= timedelta(days=days):
        return None
    said = f"It is of {attached.at:%Y-%m-%d}, and counts for {days} days."
    return CheckState.TOO_OLD, said


def _enough(check: RequiredCheck, result: CheckTotals) -> tuple[CheckState, str]:
    if result.total < check.min_samples:
        said = f"{result.total:,} samples; the policy asks for {check.min_samples:,}."
        return CheckState.TOO_FEW, said
    if result.production < check.min_production:
        asked = f"the policy asks for {check.min_production:,}"
        said = f"{result.production:,} samples are from production; {asked}."
        return CheckState.TOO_FEW_PRODUCTION, said
    from_production = f"{result.production:,} from production"
    return CheckState.MET, f"{score(result)}, {from_production}."


def _waiver(state: State, change: Change, asked: Asked, now: datetime) -> Waiver | None:
    """The one that lasts longest of those that count."""
    counting = [
        waiver
        for waiver in change.waivers
        if waiver.check == asked.check.name
        and waiver.review_digest == change.revision.review_digest
        and now < waiver.expires
        and may_waive(state, change, asked, waiver.by, waiver.seat, now)
    ]
    return max(counting, key=lambda waiver: waiver.expires, default=None)


def _who_could(
    state: State, change: Change, asked: Asked, now: datetime
) -> tuple[str, ...]:
    return tuple(
        sorted(
            handle
            for handle in state.people
            if any(
                may_waive(state, change, asked, handle, seat, now)
                for seat in asked.check.waived_by
            )
        )
    )
