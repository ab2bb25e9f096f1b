"""A policy as its author writes it: YAML, read as strictly as a document.

What its schema refuses, and what contradicts itself (`registry.policy_contradictions`),
is told with its line.  What is left out means what it meant before there was a way
to say it.
"""

import json
from collections.abc import Iterator
from functools import cache
from typing import cast

from registry import schemas, yaml_text
from registry.commands import PolicyText
from registry.documents import Tier
from registry.errors import InvalidDocument, TooLarge
from registry.findings import Problem, in_order, locate
from registry.freezes import Freeze
from registry.parts import Part, as_mapping, mappings, texts, whole
from registry.policies import Policy, Requirement
from registry.policy_contradictions import contradictions
from registry.policy_rules import (
    DecisionTime,
    EmergencyRule,
    FactName,
    Lapsed,
    RequiredCheck,
    ReviewRule,
    SignInRule,
)
from registry.validation import Checker
from registry.yaml_text import Reading

MAX_BYTES = 64 * 2**10
_HINT = "Mend what each finding names; `placet policy check FILE` shows the same."


def parse_policy(source: bytes) -> PolicyText:
    """Raises:
    InvalidDocument: With everything that is wrong with it.
    TooLarge: It has more than 64 KiB.
    """
    if len(source) > MAX_BYTES:
        raise TooLarge(
            f"the policy has {len(source):,} bytes",
            hint=f"A policy may have at most {MAX_BYTES // 1024} KiB.",
        )
    reading = yaml_text.parse(source)
    findings = list(reading.findings)
    if reading.whole:
        findings.extend(locate(_problems(reading), reading.place))
    if findings:
        refused = InvalidDocument("the policy", in_order(findings))
        refused.hint = _HINT
        raise refused
    return PolicyText(source=source, policy=_policy(as_mapping(reading.value)))


def _problems(reading: Reading) -> Iterator[Problem]:
    found = list(_checker().problems(reading.value, reading.place))
    yield from found or contradictions(as_mapping(reading.value))


@cache
def _checker() -> Checker:
    return Checker(json.loads(schemas.read_policy()))


def _policy(value: Part) -> Policy:
    return Policy(
        environment=str(value["environment"]),
        requirements=tuple(map(_requirement, mappings(value, "requirements"))),
        change_days=whole(value, "change_days", 30),
        rollback_days=whole(value, "rollback_days", 30),
        rejecters=_texts(value, "rejecters"),
        veto_clearers=_texts(value, "veto_clearers"),
        bind_composed=_tiers(value, "bind_composed")
        if "bind_composed" in value
        else (Tier.HIGH,),
        authors_activate=bool(value.get("authors_activate", False)),
        vote_days=_limit(value, "vote_days"),
        freezes=tuple(map(_freeze, mappings(value, "freezes"))),
        emergency=_emergency(as_mapping(value["emergency"]))
        if "emergency" in value
        else None,
        checks=tuple(map(_check, mappings(value, "checks"))),
        separate_tiers=_tiers(value, "separate_tiers"),
        late_minutes=whole(value, "late_minutes", 60),
        ratify_hours=whole(value, "ratify_hours", 72),
        policy_hours=whole(value, "policy_hours", 0),
        seat_hours=whole(value, "seat_hours", 0),
        decisions=tuple(map(_decision, mappings(value, "decisions"))),
        reviews=tuple(map(_review, mappings(value, "reviews"))),
        recent_sign_in=_recent_sign_in(as_mapping(value["recent_sign_in"]))
        if "recent_sign_in" in value
        else None,
        reason_tiers=_tiers(value, "reason_tiers"),
    )


def _requirement(value: Part) -> Requirement:
    seat = value.get("seat")
    return Requirement(
        name=str(value["name"]),
        seat=None if seat is None else str(seat),
        count=whole(value, "count", 0 if seat is None else 1),
        kinds=_texts(value, "kinds"),
        names=_texts(value, "names"),
        tiers=_tiers(value, "tiers"),
        open=bool(value.get("open", False)),
        facts=_facts(value),
        owners=_texts(value, "owners"),
    )


def _freeze(value: Part) -> Freeze:
    return Freeze(
        name=str(value["name"]),
        zone=str(value["zone"]),
        start=str(value["start"]),
        end=str(value["end"]),
        names=_texts(value, "names"),
    )


def _emergency(value: Part) -> EmergencyRule:
    return EmergencyRule(
        seats=_texts(value, "seats"),
        kinds=_texts(value, "kinds"),
        names=_texts(value, "names"),
        ratify_hours=whole(value, "ratify_hours", 0),
    )


def _check(value: Part) -> RequiredCheck:
    return RequiredCheck(
        name=str(value["name"]),
        kinds=_texts(value, "kinds"),
        names=_texts(value, "names"),
        tiers=_tiers(value, "tiers"),
        facts=_facts(value),
        waived_by=_texts(value, "waived_by"),
        max_age_days=_limit(value, "max_age_days"),
        min_samples=whole(value, "min_samples", 0),
        min_production=whole(value, "min_production", 0),
    )


def _decision(value: Part) -> DecisionTime:
    return DecisionTime(tier=Tier(str(value["tier"])), hours=whole(value, "hours", 0))


def _review(value: Part) -> ReviewRule:
    return ReviewRule(
        tiers=_tiers(value, "tiers"),
        notice_days=whole(value, "notice_days", 0),
        lapsed=Lapsed(str(value["lapsed"])),
        seats=_texts(value, "seats"),
    )


def _recent_sign_in(value: Part) -> SignInRule:
    return SignInRule(tiers=_tiers(value, "tiers"), minutes=whole(value, "minutes", 0))


def _limit(value: Part, key: str) -> int | None:
    return cast(int, value[key]) if key in value else None


def _tiers(value: Part, key: str) -> tuple[Tier, ...]:
    return tuple(map(Tier, texts(value, key)))


def _facts(value: Part) -> tuple[FactName, ...]:
    return tuple(map(FactName, texts(value, "facts")))


def _texts(value: Part, key: str) -> tuple[str, ...]:
    return tuple(texts(value, key))
