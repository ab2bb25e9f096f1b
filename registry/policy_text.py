"""A policy as its author writes it: YAML, read as strictly as a document."""

import json
from collections.abc import Mapping
from functools import cache
from typing import cast

from registry import schemas, yaml_text
from registry.commands import PolicyText
from registry.documents import Tier
from registry.errors import Invalid, InvalidDocument, TooLarge
from registry.findings import in_order, locate
from registry.policies import FactName, Policy, Requirement
from registry.validation import Checker
from registry.values import Json

MAX_BYTES = 64 * 2**10


def parse_policy(source: bytes) -> PolicyText:
    """Raises:
    InvalidDocument: With everything that is wrong with it.
    Invalid: A requirement neither asks somebody nor is open.
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
        problems = _checker().problems(reading.value, reading.place)
        findings.extend(locate(problems, reading.place))
    if findings:
        raise InvalidDocument("the policy", in_order(findings))
    return PolicyText(source=source, policy=_policy(_mapping(reading.value)))


@cache
def _checker() -> Checker:
    return Checker(json.loads(schemas.read_policy()))


def _policy(value: Mapping[str, Json]) -> Policy:
    requirements = tuple(
        _requirement(_mapping(one)) for one in _list(value, "requirements")
    )
    names = [requirement.name for requirement in requirements]
    if len(names) != len(set(names)):
        raise Invalid(
            "two requirements of the policy have the same name",
            hint="Give each its own name: people see it when they vote.",
        )
    return Policy(
        environment=str(value["environment"]),
        requirements=requirements,
        change_days=cast(int, value.get("change_days", 30)),
        rollback_days=cast(int, value.get("rollback_days", 30)),
        rejecters=_texts(value, "rejecters"),
        veto_clearers=_texts(value, "veto_clearers"),
        bind_composed=tuple(map(Tier, _texts(value, "bind_composed", ("high",)))),
        authors_activate=bool(value.get("authors_activate", False)),
    )


def _requirement(value: Mapping[str, Json]) -> Requirement:
    seat = value.get("seat")
    return Requirement(
        name=str(value["name"]),
        seat=None if seat is None else str(seat),
        count=cast(int, value.get("count", 0 if seat is None else 1)),
        kinds=_texts(value, "kinds"),
        names=_texts(value, "names"),
        tiers=tuple(map(Tier, _texts(value, "tiers"))),
        open=bool(value.get("open", False)),
        facts=tuple(map(FactName, _texts(value, "facts"))),
    )


def _mapping(value: Json) -> Mapping[str, Json]:
    return cast(dict[str, Json], value)  # the schema has seen to it


def _list(value: Mapping[str, Json], key: str) -> list[Json]:
    return cast(list[Json], value.get(key, []))


def _texts(
    value: Mapping[str, Json], key: str, default: tuple[str, ...] = ()
) -> tuple[str, ...]:
    return tuple(map(str, _list(value, key))) if key in value else default
