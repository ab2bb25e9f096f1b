"""Policies: who must agree, as text and in words, and proposing another."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from registry.remote.changes import ChangeView, moment
from registry.remote.connection import Connection, place


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """Attributes:
    since: The number of the event that put it in force.
    source: Its YAML.
    """

    environment: str
    digest: str
    since: int
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One difference, in a sentence."""

    difference: str
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Differing:
    """A change that would be decided differently.

    Attributes:
        activated_at: `None` while it is open.
    """

    change: int
    title: str
    activated_at: datetime | None
    told: tuple[Told, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Simulation:
    """Attributes:
    open: How many open changes were looked at.
    activated: How many that went live were.
    """

    environment: str
    open: int
    activated: int
    differing: tuple[Differing, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asks:
    """A requirement: its name, and in words whom it asks for what."""

    name: str
    asks: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What a policy says about one thing, a sentence each."""

    about: str
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """Attributes:
    names: Patterns of the names for which they hold it; empty for all.
    speaks_from: While the seat cools down: until when; else `None`.
    """

    handle: str
    names: tuple[str, ...]
    speaks_from: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldSeat:
    """Attributes:
    powers: What the policy asks of it, and lets it do.
    """

    seat: str
    powers: tuple[str, ...]
    holders: tuple[Holder, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """What a policy leaves to nobody, or to people who are not there.

    Attributes:
        part: The part of the policy that it is in, and which entry there; `None`: all.
    """

    part: str
    entry: int | None
    sentence: str
    hint: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """A policy in words, with who holds each seat that it names.

    Attributes:
        settings: What it says beside its requirements.
    """

    environment: str
    requirements: tuple[Asks, ...]
    settings: tuple[Part, ...]
    seats: tuple[HeldSeat, ...]
    gaps: tuple[Gap, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """Somebody who could agree, unless they worked on it.

    Attributes:
        documents: To which of those that are asked about.
    """

    handle: str
    seat: str
    documents: tuple[str, ...]
    speaks_from: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """A requirement that an edit would have.

    Attributes:
        seat: `None`: any, or nobody is asked.
        because: What it is asked for.
        covered: False for what no requirement covers, which never goes live.
        enough: Whether for each document as many could as it asks for.
    """

    name: str
    seat: str | None
    count: int
    because: tuple[str, ...]
    covered: bool
    could: tuple[Voice, ...]
    enough: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Needs:
    """Attributes:
    is_live: Whether there is something to edit; else it would be new.
    tier: Of the document, as it is asked about.
    """

    environment: str
    document: str
    is_live: bool
    tier: str
    needs: tuple[Need, ...]


class Policies:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def list(self) -> Iterator[Policy]:
        return self._connection.items("/v1/policies", Policy, limit=None)

    def get(self, environment: str) -> Policy:
        return self._connection.get(place("v1", "policies", environment), Policy)

    def simulate(self, environment: str, source: str, last: int) -> Simulation:
        """Which of the open changes, and of the last that went live, would differ."""
        return self._connection.post(
            place("v1", "policies", environment, "simulation"),
            {"source": source, "last": last},
            Simulation,
        )

    def explain(self, environment: str, source: str | None = None) -> Explanation:
        """In words; the one in force, or *source*, which is checked with it."""
        path = place("v1", "policies", environment, "explanation")
        return self._connection.post(path, {"source": source}, Explanation)

    def needs(
        self,
        environment: str,
        document: str,
        *,
        tier: str | None = None,
        facts: tuple[str, ...] = (),
        owners: tuple[str, ...] = (),
        source: str | None = None,
    ) -> Needs:
        """Whom an edit would need.

        Args:
            tier: `None`: as what is live says.
            owners: Beside whoever owns what is live.
            source: Of another policy than the one in force.
        """
        body = {
            "document": document,
            "tier": tier,
            "facts": facts,
            "owners": owners,
            "source": source,
        }
        path = place("v1", "policies", environment, "needs")
        return self._connection.post(path, body, Needs)

    def submit(
        self,
        environment: str,
        title: str,
        source: str,
        *,
        edited_from: str | None = None,
        earliest: datetime | None = None,
        key: str | None = None,
    ) -> ChangeView:
        """Propose another one.

        Args:
            edited_from: The digest of the one from which it was edited: refused if
                another one is in force by then.
        """
        body = {
            "title": title,
            "source": source,
            "edited_from": edited_from,
            "earliest": moment(earliest),
        }
        path = place("v1", "policies", environment)
        return self._connection.post(path, body, ChangeView, key=key)

    def schema(self) -> dict[str, Any]:
        """The JSON Schema of a policy, with every option described."""
        return self._connection.get("/schemas/policy.json", dict[str, Any])
