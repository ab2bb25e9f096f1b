"""What a policy cannot say, although its schema allows it.

Each is told with the line it stands on, and with what to write instead.  What is
merely unwise is no contradiction: see `registry.policy_gaps`.
"""

from collections.abc import Iterator

from registry.check_results import OwnCheck
from registry.errors import Invalid
from registry.findings import Problem
from registry.freezes import Freeze, check_freeze
from registry.parts import Part, as_mapping, as_text, placed, texts, whole
from registry.people import Role
from registry.policies import POLICY
from registry.values import Path

_HOURS = 24


def contradictions(value: Part) -> Iterator[Problem]:
    """Args:
    value: A policy that fits its schema.
    """
    yield from _requirements(value)
    yield from _seats(value)
    yield from _freezes(value)
    yield from _checks(value)
    yield from _decisions(value)
    yield from _hours(value)


def _requirements(value: Part) -> Iterator[Problem]:
    yield from _same_names(value, "requirements", "requirement")
    for path, one in placed(value, "requirements"):
        name = as_text(one.get("name"))
        is_open, asks = "open" in one, "seat" in one
        if is_open is asks or ("count" in one and not asks):
            yield Problem(
                path=path,
                message=f"the requirement {name!r} neither asks somebody nor is open",
                hint="Give it a seat and a count of at least 1, or `open: true`.",
            )
        if texts(one, "kinds") == [POLICY]:
            yield from _never_matches(path, one)


def _never_matches(path: Path, one: Part) -> Iterator[Problem]:
    """What is about the policy alone and asks for what no policy is."""
    tiers = texts(one, "tiers")
    for part in ("facts", "owners"):
        if part in one:
            yield Problem(
                path=(*path, part),
                message=f"a policy has no {part}, so this is never asked for",
                hint=f"Leave out `{part}`, or name kinds of document.",
            )
    if tiers and "high" not in tiers:
        yield Problem(
            path=(*path, "tiers"),
            message="a policy is of tier high, so this is never asked for",
            hint="Add `high`, or leave out `tiers`.",
        )


def _seats(value: Part) -> Iterator[Problem]:
    """A seat that is called like a role: whoever holds it is not whoever is meant."""
    for path, seat in _named_seats(value):
        if seat in set(Role):
            yield Problem(
                path=path,
                message=f"{seat} is a role, and no seat is called like one",
                hint="Ask a seat, which administrators give with `--seats`: a role "
                "agrees to nothing.",
            )


def _named_seats(value: Part) -> Iterator[tuple[Path, str]]:
    for path, one in placed(value, "requirements"):
        yield (*path, "seat"), as_text(one.get("seat"))
    lists: list[tuple[Path, Part, str]] = [
        ((), value, "rejecters"),
        ((), value, "veto_clearers"),
        (("emergency",), as_mapping(value.get("emergency")), "seats"),
        *((path, one, "waived_by") for path, one in placed(value, "checks")),
        *((path, one, "seats") for path, one in placed(value, "reviews")),
    ]
    for path, part, key in lists:
        for number, seat in enumerate(texts(part, key)):
            yield (*path, key, number), seat


def _freezes(value: Part) -> Iterator[Problem]:
    yield from _same_names(value, "freezes", "freeze window")
    for path, one in placed(value, "freezes"):
        name = as_text(one.get("name"))
        freeze = Freeze(
            name=name,
            zone=as_text(one.get("zone")),
            start=as_text(one.get("start")),
            end=as_text(one.get("end")),
            names=(),
        )
        try:
            check_freeze(freeze)
        except Invalid as error:
            yield Problem(
                path=path,
                message=f"the freeze window {name!r}: {error}",
                hint=error.hint,
            )


def _checks(value: Part) -> Iterator[Problem]:
    for path, one in placed(value, "checks"):
        samples, production = (
            whole(one, "min_samples", 0),
            whole(one, "min_production", 0),
        )
        if samples and production > samples:
            yield Problem(
                path=(*path, "min_production"),
                message=f"of {samples:,} samples {production:,} cannot be from "
                "production",
                hint="Lower `min_production`, or raise `min_samples`.",
            )
        name = as_text(one.get("name"))
        measured = [
            part
            for part in ("min_samples", "min_production", "max_age_days")
            if part in one
        ]
        if name in set(OwnCheck) and measured:
            yield Problem(
                path=(*path, measured[0]),
                message=f"{name} is the registry's own check, which looks again each "
                "time and takes no samples",
                hint=f"Leave out {', '.join(measured)}.",
            )


def _decisions(value: Part) -> Iterator[Problem]:
    days = whole(value, "change_days", 30)
    seen: set[str] = set()
    for path, one in placed(value, "decisions"):
        tier = as_text(one.get("tier"))
        if tier in seen:
            yield Problem(
                path=(*path, "tier"),
                message=f"there are two decision times for tier {tier}",
                hint="Keep one of them.",
            )
        seen.add(tier)
        if whole(one, "hours", 1) >= days * _HOURS:
            yield Problem(
                path=(*path, "hours"),
                message=f"a change expires after {days} days, before its decision is "
                "late",
                hint=f"Name less than {days * _HOURS} hours, or raise `change_days`.",
            )


def _hours(value: Part) -> Iterator[Problem]:
    days, hours = whole(value, "change_days", 30), whole(value, "policy_hours", 0)
    lasting = whole(value, "vote_days", days)
    if lasting > days:
        yield Problem(
            path=("vote_days",),
            message=f"a change expires after {days} days, before its votes lapse",
            hint="Lower `vote_days`, or leave it out: then votes last as long as the "
            "change.",
        )
    if hours >= min(lasting, days) * _HOURS:
        yield Problem(
            path=("policy_hours",),
            message="votes lapse before another policy has cooled down, so that this "
            "one could never be changed",
            hint=f"Name less than {min(lasting, days) * _HOURS} hours.",
        )
    if whole(value, "seat_hours", 0) >= days * _HOURS:
        yield Problem(
            path=("seat_hours",),
            message="a change expires before a new seat has cooled down",
            hint=f"Name less than {days * _HOURS} hours.",
        )


def _same_names(value: Part, part: str, noun: str) -> Iterator[Problem]:
    seen: set[str] = set()
    for path, one in placed(value, part):
        name = as_text(one.get("name"))
        if name in seen:
            yield Problem(
                path=(*path, "name"),
                message=f"two {noun}s of the policy have the same name",
                hint="Give each its own name: people see it when they decide.",
            )
        seen.add(name)
