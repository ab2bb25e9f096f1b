"""A policy in words: who is asked for what, and what else it says.

For people who decide on a policy and read no YAML.  Each sentence follows from one
part of the policy, in its order, so that both can be read side by side.
"""

from collections.abc import Iterable, Iterator

from registry.floors import PRODUCTION, RESET_HOURS
from registry.freezes import Freeze
from registry.names import Kind
from registry.policies import Policy, Requirement
from registry.policy_rules import (
    Concern,
    DecisionTime,
    EmergencyRule,
    FactName,
    RequiredCheck,
    ReviewRule,
)

EDIT_DOES = {
    FactName.GUARDRAIL_WEAKENED: "weakens a guardrail",
    FactName.MODEL_CHANGED: "changes the model",
    FactName.TOOLS_CHANGED: "changes tools",
    FactName.SOURCES_CHANGED: "changes the knowledge it reads",
    FactName.INPUTS_CHANGED: "changes inputs",
    FactName.DISCLOSURE_CHANGED: "changes what users are told of the machine",
    FactName.OWNER_CHANGED: "changes the owner",
    FactName.RETIREMENT_NEAR: "uses a model that is retired soon",
    FactName.WORDING_ONLY: "changes the wording only",
}
"""What each fact about an edit means, where a policy asks for it."""


def asked(policy: Policy) -> tuple[tuple[str, str], ...]:
    """Of each requirement its name, and whom it asks for what."""
    return tuple((one.name, _requirement(one)) for one in policy.requirements)


def parts(policy: Policy) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Everything else that it says: what about, and a sentence for each."""
    found = (
        ("Votes", _votes(policy)),
        ("Going live", _activation(policy)),
        ("Freezes", map(_freeze, policy.freezes)),
        ("Checks", map(_check, policy.checks)),
        ("Emergencies", [_emergency(policy.emergency)]),
        ("Deadlines of decisions", map(_decision, policy.decisions)),
        ("Reviews", map(_review, policy.reviews)),
    )
    told = ((name, tuple(sentences)) for name, sentences in found)
    return tuple(one for one in told if one[1])


def powers_of(policy: Policy, seat: str) -> tuple[str, ...]:
    """What the policy asks of whoever holds *seat*, and lets them do."""
    emergency = policy.emergency.seats if policy.emergency else ()
    named: list[tuple[Iterable[str | None], str]] = [
        *(((r.seat,), f"{r.name} ({r.count} needed)") for r in policy.requirements),
        (policy.rejecters, "may reject a change for good"),
        (policy.veto_clearers, "may clear somebody else's veto"),
        (emergency, "may activate in an emergency"),
        *((c.waived_by, f"may do without the check {c.name}") for c in policy.checks),
        *((r.seats, f"may certify tier {_any(r.tiers)}") for r in policy.reviews),
    ]
    return tuple(told for seats, told in named if seat in seats)


def _requirement(one: Requirement) -> str:
    owners = f", owned by {_any(one.owners)}" if one.owners else ""
    what = f"{about(one)}{owners}."
    if one.seat is None:
        return f"Nobody is asked about {what}"
    who = "One person" if one.count == 1 else f"{one.count} people"
    has = "has" if one.count == 1 else "have"
    return f"{who} in the seat {one.seat} {has} to agree to {what}"


def about(one: Concern) -> str:
    """What a requirement or a check is about."""
    kinds = _kinds(one.kinds)
    names = f" called {_any(one.names)}" if one.names else ""
    tiers = f" of tier {_any(one.tiers)}" if one.tiers else ""
    does = _any(EDIT_DOES[fact] for fact in one.facts)
    facts = f" where an edit {does}" if one.facts else ""
    return f"{kinds}{names}{tiers}{facts}"


def _votes(policy: Policy) -> Iterator[str]:
    yield f"A change expires after {_days(policy.change_days)} without a decision."
    yield (
        "An approval counts as long as its change is open."
        if policy.vote_days is None
        else f"An approval counts for {_days(policy.vote_days)}."
    )
    yield f"May reject a change for good: {_seats(policy.rejecters)}."
    yield f"May clear somebody else's veto: {_seats(policy.veto_clearers)}."
    if policy.bind_composed:
        yield (
            "A vote also names what every touched document reads like, for tier "
            f"{_any(policy.bind_composed)}."
        )
    yield from _agreeing(policy)
    if policy.seat_hours:
        yield (
            f"A newly given seat, or one whose password somebody else has set, votes "
            f"after {policy.seat_hours} hours."
        )
    if policy.environment == PRODUCTION and policy.seat_hours < RESET_HOURS:
        yield f"Whose password somebody else has set votes after {RESET_HOURS} hours."


def _agreeing(policy: Policy) -> Iterator[str]:
    recent = policy.recent_sign_in
    if recent is not None:
        yield (
            f"Agreeing to tier {_any(recent.tiers)} takes a sign-in of the last "
            f"{recent.minutes} minutes."
        )
    if policy.reason_tiers:
        yield f"Agreeing to tier {_any(policy.reason_tiers)} takes a reason."


def _activation(policy: Policy) -> Iterator[str]:
    yield (
        "An operator, or its author, activates a change."
        if policy.authors_activate
        else "An operator activates a change."
    )
    if policy.separate_tiers:
        yield (
            f"Of tier {_any(policy.separate_tiers)} nobody who has worked on it "
            "activates it."
        )
    yield (
        f"A schedule is suspended when it could not be kept for {policy.late_minutes} "
        "minutes."
    )
    yield (
        f"What was live within {_days(policy.rollback_days)} may come back without a "
        f"vote; what has to be ratified then is due after {policy.ratify_hours} hours."
        if policy.rollback_days
        else "Nothing comes back without a vote."
    )
    yield (
        f"Another policy comes into force {policy.policy_hours} hours after the last "
        "approval it needs."
        if policy.policy_hours
        else "Another policy comes into force as soon as it is agreed to."
    )


def _freeze(one: Freeze) -> str:
    what = f" called {_any(one.names)}" if one.names else ""
    return (
        f"Frozen ({one.name}): nothing{what} goes live from {one.start} to {one.end}, "
        f"{one.zone}."
    )


def _check(one: RequiredCheck) -> str:
    measured = [
        f"{number:,} {word}"
        for number, word in (
            (one.min_samples, "samples"),
            (one.min_production, "of them from production"),
        )
        if number
    ]
    if one.max_age_days is not None:
        measured.append(f"at most {_days(one.max_age_days)} old")
    told = f", with {', '.join(measured)}" if measured else ""
    return (
        f"The check {one.name} must have passed for {about(one)}{told}; may do "
        f"without: {_seats(one.waived_by)}."
    )


def _emergency(one: EmergencyRule | None) -> str:
    if one is None:
        return "Nobody activates without agreement, in an emergency or not."
    kinds = _kinds(one.kinds)
    names = f" called {_any(one.names)}" if one.names else ""
    return (
        f"In an emergency {_any(one.seats)} may activate {kinds}{names} without "
        f"agreement, to be ratified within {one.ratify_hours} hours."
    )


def _decision(one: DecisionTime) -> str:
    return f"A decision on a change of tier {one.tier} is late after {one.hours} hours."


def _review(one: ReviewRule) -> str:
    lapsed = (
        "is not activated again before somebody has certified it"
        if one.lapsed == "block"
        else "is told of"
    )
    return (
        f"Of tier {_any(one.tiers)} owners are told {_days(one.notice_days)} before a "
        f"review is due; what is overdue {lapsed}. May certify as well: "
        f"{_seats(one.seats)}."
    )


def _kinds(kinds: tuple[str, ...]) -> str:
    if not kinds:
        return "everything"
    every = set(kinds) == set(Kind)
    return "every document" if every else _any(f"a {kind}" for kind in kinds)


def _days(number: int) -> str:
    return f"{number} day" if number == 1 else f"{number} days"


def _seats(seats: Iterable[str]) -> str:
    return ", ".join(seats) or "nobody"


def _any(words: Iterable[str]) -> str:
    return " or ".join(words)
