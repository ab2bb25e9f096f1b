"""Observations: which model really answered a chatbot, and what of it is believed.

A chatbot reports which model the platform said had answered.  Whoever holds its
token can report anything, so that a report is a claim:

 * The bot was told that bundle, at that seq, in that environment.
 * The bundle has a binding in that role.
 * It was at most a week ago, and not in the future.
 * What the platform said is short, plain text.

A claim that does not hold is refused with the reason, and nothing is kept of it.
Of one that holds, `Answered` says who answered: the binding, one of its fallbacks,
or a model that nobody agreed to.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from registry.names import Digest
from registry.values import Json

MAX_AGE = timedelta(days=7)
MAX_AHEAD = timedelta(minutes=5)
"""Clocks differ."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What a chatbot reports.

    Attributes:
        seq: As its bundle says.
        fingerprint: What else the platform said of the model; empty for nothing.
        at: When it last happened, with a timezone.
        count: How often.
    """

    bot: str
    seq: int
    bundle: Digest
    role: str
    response_model: str
    fingerprint: str
    at: datetime
    count: int


@dataclass(frozen=True, slots=True)
class Interval:
    """A bot was told a bundle from `since` on; not, or not yet, at `until`."""

    since: int
    until: int

    def holds(self, seq: int) -> bool:
        return self.since <= seq < self.until


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """Who may answer in a role.

    Attributes:
        model: What the binding expects the platform to say.
        by_model: The binding that expects a model: the role's own, or one that it
            falls back to, however far.
    """

    model: str
    by_model: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """A claim that holds.

    Attributes:
        binding: Which one expects the model; empty if none does.
    """

    claim: Claim
    expected: str
    binding: str

    @property
    def as_expected(self) -> bool:
        return self.claim.response_model == self.expected


def expectations(bundle: Mapping[str, Json]) -> dict[str, Expected]:
    """Who may answer a bot that was told *bundle*, by role."""
    fallbacks = _documents(bundle, "fallbacks")
    return {
        role: _expected(binding, fallbacks)
        for role, binding in _documents(bundle, "bindings").items()
    }


def judge(
    claim: Claim,
    now: datetime,
    *,
    told: tuple[Interval, ...],
    expected: Mapping[str, Expected],
) -> Answered | str:
    """What *claim* shows, or why it is not believed.

    Args:
        told: When the bot was told the bundle of the claim.
        expected: What `expectations` says of that bundle.
    """
    if not any(interval.holds(claim.seq) for interval in told):
        return "the bot was not told that bundle at that seq"
    if claim.role not in expected:
        return "the bundle has no binding in that role"
    if claim.at > now + MAX_AHEAD:
        return "it is in the future"
    if claim.at < now - MAX_AGE:
        return f"it is more than {MAX_AGE.days} days ago"
    for text in (claim.response_model, claim.fingerprint):
        if not text.isprintable() or text != text.strip():
            return "what the platform said is not plain text"
    found = expected[claim.role]
    return Answered(
        claim=claim,
        expected=found.model,
        binding=found.by_model.get(claim.response_model, ""),
    )


def _expected(
    binding: Mapping[str, Json], fallbacks: Mapping[str, Mapping[str, Json]]
) -> Expected:
    by_model: dict[str, str] = {}
    seen: set[str] = set()
    waiting = [binding]
    while waiting:
        one = waiting.pop(0)
        name = str(one.get("name"))
        if name not in seen:
            seen.add(name)
            by_model.setdefault(_model(one), name)
            waiting += [fallbacks[n] for n in _falls_back(one) if n in fallbacks]
    return Expected(model=_model(binding), by_model=by_model)


def _documents(bundle: Mapping[str, Json], part: str) -> dict[str, Mapping[str, Json]]:
    entries = bundle.get(part)
    found = entries.items() if isinstance(entries, dict) else ()
    return {
        key: document
        for key, entry in found
        if isinstance(entry, dict) and isinstance(document := entry["document"], dict)
    }


def _model(binding: Mapping[str, Json]) -> str:
    expect = binding.get("expect")
    return str(expect["response_model"]) if isinstance(expect, dict) else ""


def _falls_back(binding: Mapping[str, Json]) -> list[str]:
    said = binding.get("fallbacks")
    return [
        str(one["name"])
        for one in (said if isinstance(said, list) else ())
        if isinstance(one, dict)
    ]
