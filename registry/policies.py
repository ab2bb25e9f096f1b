"""Policies: who must agree before something goes live in an environment.

The rules:

 * Every requirement that matches a document of the effect applies; a narrower
   one can only add to a wider one, never replace it.
 * A requirement may depend on facts, on what an edit does.  It then applies to
   what the fact is true of and to everything that uses it.
 * A document that no requirement matches is not free: it is covered by nobody,
   and the change cannot be activated.
 * A requirement is met by distinct, active people who hold its seat now and
   have not contributed to the change.  When nobody can, it stays unmet.
 * A requirement of nobody is not written as a count of zero, but as
   `open: true`, so that a reader sees it.

Nothing here reads a clock, a file or a database.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from registry.documents import Tier
from registry.errors import Invalid
from registry.freezes import Freeze
from registry.name_patterns import fits_any
from registry.names import Ref, kind_of, name_of
from registry.policy_rules import (
    DecisionTime,
    EmergencyRule,
    FactName,
    RequiredCheck,
    ReviewRule,
    SignInRule,
    Subject,
    concerns,
)

POLICY = "policy"
"""The kind that a policy's own change has in requirements."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirement:
    """Whom the policy asks, and about which documents.

    Attributes:
        seat: Who votes; `None` together with `open`.
        count: How many distinct people; 0 together with `open`.
        kinds: Kinds of document, or `policy`; empty for every kind.
        names: Patterns over names, `*` within a segment and `**` across
            them; empty for every name.
        tiers: Empty for every tier.
        open: Nobody needs to agree.
        facts: One of these has to be true of the document, or of something
            that it uses; empty for whatever is true.
        owners: Patterns over the handles of owners, before or after; empty for
            every owner.

    Fields with a default came later: events were written before they were there.
    """

    name: str
    seat: str | None
    count: int
    kinds: tuple[str, ...]
    names: tuple[str, ...]
    tiers: tuple[Tier, ...]
    open: bool
    facts: tuple[FactName, ...] = ()
    owners: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.open == (self.seat is not None) or self.open == (self.count > 0):
            raise Invalid(
                f"the requirement {self.name!r} neither asks somebody nor is open",
                hint="Give it a seat and a count of at least 1, or `open: true`.",
            )

    def matches(self, subject: Subject) -> bool:
        return concerns(self, subject) and (
            not self.owners or any(fits_any(self.owners, o) for o in subject.owners)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """What one environment asks for.

    Attributes:
        change_days: After so many days without a decision a change expires.
        rollback_days: What was live within so many days may come back
            without a new vote.
        rejecters: Seats whose holders may reject a change for good.
        veto_clearers: Seats whose holders may clear somebody else's veto.
        bind_composed: Tiers for which votes also name what every touched
            document reads like.
        authors_activate: Whether a change's author may activate it once it
            is agreed to; otherwise that takes an operator.
        vote_days: A vote counts for so many days; `None`: as long as the change
            is open.
        freezes: When nothing goes live but a stop, a rollback, an emergency.
        emergency: `None`: nobody may activate without agreement.
        checks: What must have passed.
        separate_tiers: Tiers for which nobody who contributed may activate.
        late_minutes: A schedule that could not be kept for so long is suspended.
        ratify_hours: The deadline of a ratification that a rollback opens.
        policy_hours: So long after the last needed vote a policy can come into
            force.
        seat_hours: So long a newly given seat, or one whose holder's password
            somebody else has set, cannot vote.
        decisions: When a decision is late; a tier that is missing has no time.
        reviews: Those that match a document's tier apply, the strictest wins.
        recent_sign_in: How new a sign-in agreeing takes; `None`: of any age.
        reason_tiers: Tiers for which agreeing takes a reason.

    Fields with a default came later, and mean what was the rule before.
    """

    environment: str
    requirements: tuple[Requirement, ...]
    change_days: int
    rollback_days: int
    rejecters: tuple[str, ...]
    veto_clearers: tuple[str, ...]
    bind_composed: tuple[Tier, ...]
    authors_activate: bool
    vote_days: int | None = None
    freezes: tuple[Freeze, ...] = ()
    emergency: EmergencyRule | None = None
    checks: tuple[RequiredCheck, ...] = ()
    separate_tiers: tuple[Tier, ...] = ()
    late_minutes: int = 60
    ratify_hours: int = 72
    policy_hours: int = 0
    seat_hours: int = 0
    decisions: tuple[DecisionTime, ...] = ()
    reviews: tuple[ReviewRule, ...] = ()
    recent_sign_in: SignInRule | None = None
    reason_tiers: tuple[Tier, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Matched:
    """A requirement with the documents that brought it in.

    Attributes:
        seat: `None` for an open requirement and for one that nobody can meet.
        because: What it is asked for, sorted.
        covered: False when no requirement of the policy matches these.
    """

    name: str
    seat: str | None
    count: int
    because: tuple[str, ...]
    covered: bool


def subject(
    document: Ref,
    tier: Tier,
    facts: Iterable[FactName] = frozenset(),
    owners: tuple[str, ...] = (),
) -> Subject:
    return Subject(
        what=document,
        kind=kind_of(document),
        name=name_of(document),
        tier=tier,
        facts=frozenset(facts),
        owners=owners,
    )


def policy_subject(environment: str) -> Subject:
    """A policy is the strictest thing there is: its own change is tier high."""
    return Subject(
        what=f"policy/{environment}",
        kind=POLICY,
        name=environment,
        tier=Tier.HIGH,
        facts=frozenset(),
        owners=(),
    )


def match(policy: Policy, subjects: Iterable[Subject]) -> tuple[Matched, ...]:
    """Every requirement that applies, in the policy's order.

    The last one, if any, stands for the subjects that nothing covers.
    """
    subjects = tuple(subjects)
    matched = []
    covered: set[str] = set()
    for requirement in policy.requirements:
        because = tuple(sorted(s.what for s in subjects if requirement.matches(s)))
        if because:
            covered.update(because)
            matched.append(
                Matched(
                    name=requirement.name,
                    seat=requirement.seat,
                    count=requirement.count,
                    because=because,
                    covered=True,
                )
            )
    bare = tuple(sorted({s.what for s in subjects} - covered))
    if bare:
        matched.append(
            Matched(
                name="covered by the policy",
                seat=None,
                count=1,
                because=bare,
                covered=False,
            )
        )
    return tuple(matched)


def union(*groups: tuple[Matched, ...]) -> tuple[Matched, ...]:
    """All of several policies' requirements, each once."""
    return tuple(dict.fromkeys(one for group in groups for one in group))
