"""Retirements: when models stop answering, and who says so.

 * A model is known by its platform and its name, with its version where the platform
   names one: the same name is shut down on another day elsewhere, and each version
   of it on a day of its own.
 * What a source says of the name alone is taken only where no source knows the
   version, and is told as such.
 * A day in the binding's own document counts before any other; where there is none,
   the earliest that a source names.
 * Sources that disagree are shown, also with the document, and never averaged.

Nothing here reads a clock or a file: `registry.calendar` reads the sources.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from registry.binding_rules import AZURE, find_day
from registry.values import Json

DOCUMENT = "the document"
"""What is called so is the binding's own lifecycle."""

NEAR_DAYS = 90


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What one source says of one model.

    Attributes:
        platform: As bindings call it.
        model: As the source calls it, its version included.
        region: The only one that it is said of; `None` for all.
        firm: Whether the platform has promised the day; `None` if nobody says.
        link: Where the source says that it is said.
        checked_on: When the source last looked.
        of_name: Whether it is of the name alone, and the binding has a version.
    """

    platform: str
    model: str
    region: str | None
    shutdown_on: date
    firm: bool | None
    source: str
    link: str | None
    checked_on: date | None
    replacement: str | None
    of_name: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Retirement:
    """When a binding's model stops answering.

    Attributes:
        by: Which source the day is of.
        records: What every source says, the document first.
    """

    shutdown_on: date
    firm: bool | None
    by: str
    replacement: str | None
    records: tuple[Record, ...]

    @property
    def disputed(self) -> bool:
        """Whether sources name different days."""
        return len({record.shutdown_on for record in self.records}) > 1


class Calendar:
    """What all sources say, to look up by model."""

    def __init__(self, records: Iterable[Record]) -> None:
        self._by_key: dict[tuple[str, str], tuple[Record, ...]] = {}
        for record in records:
            key = _key(record.platform, record.model)
            known = self._by_key.get(key, ())
            if not any(_says_the_same(record, other) for other in known):
                self._by_key[key] = (*known, record)

    def find(self, binding: Mapping[str, Json]) -> Retirement | None:
        """When the model of *binding* stops answering; `None` if nobody says."""
        own = _own(binding)
        records = (*([own] if own else ()), *self._records(binding))
        if not records:
            return None
        leading = own or min(records, key=lambda one: (one.shutdown_on, one.source))
        return Retirement(
            shutdown_on=leading.shutdown_on,
            firm=leading.firm,
            by=leading.source,
            replacement=leading.replacement
            or next((r.replacement for r in records if r.replacement), None),
            records=records,
        )

    def _records(self, binding: Mapping[str, Json]) -> Sequence[Record]:
        platform, model = str(binding.get("platform")), str(binding.get("model"))
        version = binding.get("model_version")
        named = self._of(platform, model, binding)
        if not isinstance(version, str):
            return named
        exact = [
            record
            for joint in ("-", "@", ":")
            for record in self._of(platform, f"{model}{joint}{version}", binding)
        ]
        return exact or [replace(record, of_name=True) for record in named]

    def _of(
        self, platform: str, model: str, binding: Mapping[str, Json]
    ) -> list[Record]:
        target = binding.get("target")
        region = target.get("region") if isinstance(target, dict) else None
        found = self._by_key.get(_key(platform, model), ())
        return [r for r in found if r.region is None or r.region == region]


def near(
    binding: Mapping[str, Json], today: date, *, days: int = NEAR_DAYS
) -> date | None:
    """The day on which the model of *binding* stops answering, if that is near.

    As its own document says, and nobody else; also if the day is over.
    """
    own = _own(binding)
    if own is None or own.shutdown_on > today + timedelta(days=days):
        return None
    return own.shutdown_on


def _says_the_same(a: Record, b: Record) -> bool:
    """Sources have an entry for each price."""
    said, known = (
        (one.source, one.region, one.shutdown_on, one.replacement) for one in (a, b)
    )
    return said == known


def _own(binding: Mapping[str, Json]) -> Record | None:
    lifecycle = binding.get("lifecycle")
    said = lifecycle if isinstance(lifecycle, dict) else {}
    shutdown = find_day(said.get("shutdown_on"))
    if shutdown is None:
        return None
    firm, source = said.get("firm"), said.get("source")
    replacement = said.get("replacement")
    return Record(
        platform=str(binding.get("platform")),
        model=str(binding.get("model")),
        region=None,
        shutdown_on=shutdown,
        firm=firm if isinstance(firm, bool) else None,
        source=DOCUMENT,
        link=source if isinstance(source, str) else None,
        checked_on=find_day(said.get("checked_on")),
        replacement=replacement if isinstance(replacement, str) else None,
    )


def _key(platform: str, model: str) -> tuple[str, str]:
    """Azure sells the same models under both of its names."""
    return ("azure" if platform in AZURE else platform, model.casefold())
