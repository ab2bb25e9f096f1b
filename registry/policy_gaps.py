"""Gaps: what a policy leaves to nobody, to everybody, or to people who are not there.

A gap is not refused: a policy may be meant so, and people come and go.  Whoever
proposes a policy reads it first.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from registry.documents import Tier
from registry.floors import PRODUCTION
from registry.freezes import Freeze, thaws_at
from registry.names import Kind
from registry.people import Person
from registry.policies import Policy, Requirement, match, policy_subject

GIVEN = "Two administrators give a seat: one asks for it, another one confirms it."
"""What to do about a seat that too few hold."""

_EVERY_NAME = "**"


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """Attributes:
    part: The part of the policy that it is in, and which entry there; `None`: all.
    """

    part: str
    entry: int | None
    sentence: str
    hint: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """Somebody who holds a seat in the policy's environment.

    Attributes:
        names: Patterns of the names for which they hold it; empty for all.
        speaks_from: While the seat cools down: until when; else `None`.
    """

    handle: str
    names: tuple[str, ...]
    speaks_from: datetime | None


def gaps(policy: Policy, now: datetime) -> tuple[Gap, ...]:
    """What can be seen without knowing who there is."""
    return (*_uncovered(policy), *_unguarded(policy), *_frozen(policy, now))


def empty_seats(policy: Policy, people: Iterable[Person]) -> tuple[Gap, ...]:
    """Seats that fewer people hold than the policy needs."""
    people = tuple(people)
    found: list[Gap] = []
    for index, one in enumerate(policy.requirements):
        if one.seat is not None:
            found += _held(policy, people, "requirements", index, one.seat, one.count)
    named: list[tuple[str, int | None, tuple[str, ...]]] = [
        ("rejecters", None, policy.rejecters),
        ("veto_clearers", None, policy.veto_clearers),
        ("emergency", None, policy.emergency.seats if policy.emergency else ()),
        *(("checks", index, c.waived_by) for index, c in enumerate(policy.checks)),
        *(("reviews", index, r.seats) for index, r in enumerate(policy.reviews)),
    ]
    for part, entry, seats in named:
        for seat in seats:
            found += _held(policy, people, part, entry, seat, 1)
    return tuple(found)


def quiet_seats(
    policy: Policy, held: Mapping[str, tuple[Holder, ...]]
) -> tuple[Gap, ...]:
    """Seats that enough people hold, but not for everything, or not yet."""
    found: list[Gap] = []
    for entry, one in enumerate(policy.requirements):
        who = held.get(one.seat or "", ())
        if one.seat is not None and len(who) >= one.count:
            found += _narrow(one, entry, who)
            found += _cooling(one, entry, who)
    return tuple(found)


def named_seats(policy: Policy) -> tuple[str, ...]:
    """Every seat that the policy asks for something, each once."""
    named = [one.seat for one in policy.requirements if one.seat is not None]
    named += [*policy.rejecters, *policy.veto_clearers]
    named += policy.emergency.seats if policy.emergency else ()
    named += [seat for check in policy.checks for seat in check.waived_by]
    named += [seat for review in policy.reviews for seat in review.seats]
    return tuple(dict.fromkeys(named))


def holders(policy: Policy, people: Iterable[Person], seat: str) -> tuple[str, ...]:
    """Who holds *seat* in the policy's environment, for anything there."""
    return tuple(
        sorted(
            person.handle
            for person in people
            if person.active
            and seat in person.seats
            and all(
                not limit.environments or policy.environment in limit.environments
                for limit in person.limits
                if limit.held == seat
            )
        )
    )


def _held(
    policy: Policy,
    people: tuple[Person, ...],
    part: str,
    entry: int | None,
    seat: str,
    count: int,
) -> Iterator[Gap]:
    found = holders(policy, people, seat)
    if len(found) < count:
        who = f"only {', '.join(found)} does" if found else "nobody does"
        needs = f"{count} people have to hold" if count > 1 else "somebody has to hold"
        yield Gap(
            part=part,
            entry=entry,
            sentence=f"{needs} the seat {seat}, and {who}",
            hint=GIVEN,
        )


def _narrow(one: Requirement, entry: int, who: tuple[Holder, ...]) -> Iterator[Gap]:
    patterns = sorted({name for each in who for name in each.names})
    if one.names or sum(not each.names for each in who) >= one.count:
        return
    yield Gap(
        part="requirements",
        entry=entry,
        sentence=f"for {one.name!r} too few hold the seat {one.seat} beyond "
        f"{', '.join(patterns)}: other names, and the policy, wait for ever",
        hint="Give the seat to somebody without a limit, or narrow what the "
        "requirement is about.",
    )


def _cooling(one: Requirement, entry: int, who: tuple[Holder, ...]) -> Iterator[Gap]:
    cooling = [each.handle for each in who if each.speaks_from is not None]
    if len(who) - len(cooling) >= one.count:
        return
    yield Gap(
        part="requirements",
        entry=entry,
        sentence=f"{one.name!r} cannot be met yet: the seat {one.seat} of "
        f"{', '.join(cooling)} cools down",
        hint="Wait until it speaks; beside each holder it says from when on.",
    )


def _uncovered(policy: Policy) -> Iterator[Gap]:
    for kind in Kind:
        bare = [tier for tier in Tier if not _covers(policy, kind, tier)]
        if bare:
            tiers = "" if len(bare) == len(Tier) else f" of tier {' or '.join(bare)}"
            yield Gap(
                part="requirements",
                entry=None,
                sentence=f"no requirement covers every {kind}{tiers}: what none "
                "covers can never go live",
                hint="Add a requirement for it without names, owners or facts, or "
                "`open: true`.",
            )
    if not any(
        one.covered for one in match(policy, [policy_subject(policy.environment)])
    ):
        yield Gap(
            part="requirements",
            entry=None,
            sentence="no requirement covers the policy itself: it could never be "
            "changed, and is never agreed to",
            hint="Add one with `kinds: [policy]`.",
        )


def _covers(policy: Policy, kind: Kind, tier: Tier) -> bool:
    return any(_is_wide(one, kind, tier) for one in policy.requirements)


def _is_wide(one: Requirement, kind: Kind, tier: Tier) -> bool:
    """Whether it matches every document of that kind and tier."""
    named = not one.names or _EVERY_NAME in one.names
    return (
        named
        and not one.owners
        and not one.facts
        and (not one.kinds or kind in one.kinds)
        and (not one.tiers or tier in one.tiers)
    )


def _unguarded(policy: Policy) -> Iterator[Gap]:
    """What everybody may do, or nobody looks at."""
    asked = match(policy, [policy_subject(policy.environment)])
    if asked and all(one.covered and one.seat is None for one in asked):
        yield Gap(
            part="requirements",
            entry=None,
            sentence="the policy itself is open: whoever may write may loosen it",
            hint="Ask a seat, with `kinds: [policy]`.",
        )
    if policy.environment != PRODUCTION:
        return
    for index, one in enumerate(policy.requirements):
        if one.open:
            yield Gap(
                part="requirements",
                entry=index,
                sentence=f"{one.name!r} asks nobody; in production one person has to "
                "agree all the same",
                hint="Name a seat, so that the right one is asked.",
            )


def _frozen(policy: Policy, now: datetime) -> Iterator[Gap]:
    if policy.freezes and thaws_at(policy.freezes, _one_name(policy), now) is None:
        yield Gap(
            part="freezes",
            entry=None,
            sentence="the freeze windows follow each other without end",
            hint="Leave a time in the week in which something can go live.",
        )
    for index, one in enumerate(policy.freezes):
        if _is_over(one, now):
            yield Gap(
                part="freezes",
                entry=index,
                sentence=f"{one.name!r} is over",
                hint="Remove it, or give it this year's dates.",
            )


def _is_over(freeze: Freeze, now: datetime) -> bool:
    """Whether a window with dates lies a day in the past, whatever its zone."""
    if not freeze.end[:1].isdigit():
        return False
    end = datetime.fromisoformat(freeze.end).replace(tzinfo=now.tzinfo)
    return end + timedelta(days=1) < now


def _one_name(policy: Policy) -> tuple[str, ...]:
    """A name that every window without names is about, and no other one."""
    return (f"{policy.environment}/",)
