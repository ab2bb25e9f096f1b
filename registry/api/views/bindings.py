"""A model binding as people see it: which model, for which bots, and how long."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from registry.binding_rules import find_day
from registry.db.bindings import Body, LiveBindings
from registry.names import Digest
from registry.retirements import Calendar, Record, Retirement


@dataclass(frozen=True, slots=True, kw_only=True)
class BoundBot:
    """A bot that the model answers for.

    Attributes:
        fallback: Whether it does so only where the role's own binding does not.
    """

    bot: str
    role: str
    fallback: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class BindingView:
    """Attributes:
    pin: How the model is pinned; `alias` is not.
    waiver_expires: Until when an alias is accepted.
    response_model: What the platform is expected to say has answered.
    shutdown_on: When the model stops answering, if anybody says.
    """

    binding: str
    version: str
    digest: Digest
    owner: str
    tier: str
    platform: str
    model: str
    model_version: str | None
    pin: str
    waiver_expires: date | None
    response_model: str
    shutdown_on: date | None
    bots: tuple[BoundBot, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Saying:
    """What one source says.

    Attributes:
        firm: Whether the platform has promised the day; null if nobody says.
        link: Where the source says that it is said.
        checked_on: When the source last looked.
        of_name: Whether it is of the model's name alone, and not of its version.
    """

    source: str
    shutdown_on: date
    firm: bool | None
    link: str | None
    checked_on: date | None
    replacement: str | None
    of_name: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RetirementView:
    """When a live binding's model stops answering.

    Attributes:
        days: Until then; below 0 when it is over.
        by: Which source the day is of: the document before any other.
        disputed: Whether sources name different days.
        says: What every source says.
    """

    binding: str
    version: str
    platform: str
    model: str
    model_version: str | None
    shutdown_on: date
    days: int
    firm: bool | None
    by: str
    replacement: str | None
    disputed: bool
    says: tuple[Saying, ...]
    bots: tuple[BoundBot, ...]


def binding_views(live: LiveBindings, calendar: Calendar) -> Iterator[BindingView]:
    """Every live binding, sorted by name."""
    bound = _bound(live)
    for name, body in sorted(live.bindings.items()):
        retirement = calendar.find(body)
        pin = _mapping(body, "pin")
        yield BindingView(
            binding=name,
            version=str(body["version"]),
            digest=Digest(str(body["digest"])),
            owner=str(body["owner"]),
            tier=str(body["tier"]),
            platform=str(body["platform"]),
            model=str(body["model"]),
            model_version=_version(body),
            pin=str(pin["kind"]),
            waiver_expires=find_day(_mapping(pin, "waiver").get("expires")),
            response_model=str(_mapping(body, "expect")["response_model"]),
            shutdown_on=None if retirement is None else retirement.shutdown_on,
            bots=bound.get(name, ()),
        )


def retirement_views(
    live: LiveBindings, calendar: Calendar, today: date, within_days: int
) -> list[RetirementView]:
    """The live bindings whose models stop answering soon; the soonest first."""
    bound = _bound(live)
    found = [
        _retirement_view(name, body, retirement, today, bound.get(name, ()))
        for name, body in live.bindings.items()
        if (retirement := calendar.find(body)) is not None
    ]
    near = [one for one in found if one.days <= within_days]
    return sorted(near, key=lambda one: (one.shutdown_on, one.binding))


def _retirement_view(
    name: str,
    body: Body,
    retirement: Retirement,
    today: date,
    bots: tuple[BoundBot, ...],
) -> RetirementView:
    return RetirementView(
        binding=name,
        version=str(body["version"]),
        platform=str(body["platform"]),
        model=str(body["model"]),
        model_version=_version(body),
        shutdown_on=retirement.shutdown_on,
        days=(retirement.shutdown_on - today).days,
        firm=retirement.firm,
        by=retirement.by,
        replacement=retirement.replacement,
        disputed=retirement.disputed,
        says=tuple(map(_saying, retirement.records)),
        bots=bots,
    )


def _saying(record: Record) -> Saying:
    return Saying(
        source=record.source,
        shutdown_on=record.shutdown_on,
        firm=record.firm,
        link=record.link,
        checked_on=record.checked_on,
        replacement=record.replacement,
        of_name=record.of_name,
    )


def _bound(live: LiveBindings) -> dict[str, tuple[BoundBot, ...]]:
    """The bots that each binding answers for, by its name."""
    found: dict[str, tuple[BoundBot, ...]] = {}
    for bot, body in sorted(live.bots.items()):
        for role, named in sorted(_mapping(body, "bindings").items()):
            first = str(named["name"]) if isinstance(named, dict) else ""
            for name in _reached(first, live.bindings):
                one = BoundBot(bot=bot, role=role, fallback=name != first)
                found[name] = (*found.get(name, ()), one)
    return found


def _reached(first: str, bindings: Mapping[str, Body]) -> list[str]:
    """*first* and everything that it falls back to, however far."""
    reached: list[str] = []
    waiting = [first]
    while waiting:
        name = waiting.pop(0)
        if name in reached or name not in bindings:
            continue
        reached.append(name)
        fallbacks = bindings[name].get("fallbacks")
        waiting += [
            str(one["name"])
            for one in (fallbacks if isinstance(fallbacks, list) else ())
            if isinstance(one, dict)
        ]
    return reached


def _version(body: Body) -> str | None:
    said = body.get("model_version")
    return said if isinstance(said, str) else None


def _mapping(of: Body, part: str) -> Body:
    found = of.get(part)
    return found if isinstance(found, dict) else {}
