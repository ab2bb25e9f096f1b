"""Reading sources: the installed package, and the files that the operator names."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from importlib.resources import files
from pathlib import Path

from registry.calendar import deprecations, litellm
from registry.errors import Invalid
from registry.retirements import Calendar, Record

MAX_BYTES = 32 * 2**20

_PACKAGE = "llm-sunset"


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """What one source says of all models."""

    name: str
    records: tuple[Record, ...]


def read_calendar(paths: Sequence[Path]) -> Calendar:
    """Everything that the installed package and the files at *paths* say.

    Raises:
        Invalid: A file is of neither form.
        OSError: A file cannot be read.
    """
    return Calendar(
        record for source in read_sources(paths) for record in source.records
    )


def read_sources(paths: Sequence[Path]) -> tuple[Source, ...]:
    """The same, source by source."""
    return (*_packaged(), *map(_file, paths))


def _packaged() -> tuple[Source, ...]:
    """Its data alone: the package's own code would fetch newer data."""
    try:
        name = f"{_PACKAGE} {version(_PACKAGE)}"
    except PackageNotFoundError:
        return ()
    data = files("llm_sunset").joinpath("snapshot.json").read_bytes()
    value = json.loads(data)
    return (Source(name=name, records=tuple(deprecations.records(value, name))),)


def _file(path: Path) -> Source:
    with path.open("rb") as file:
        data = file.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise _unusable(path, f"has more than {MAX_BYTES:,} bytes")
    try:
        value = json.loads(data)
    except (ValueError, RecursionError):
        raise _unusable(path, "is not JSON") from None
    name = path.name
    fetched = datetime.fromtimestamp(path.stat().st_mtime, UTC).date()
    if isinstance(value, list):
        found = tuple(deprecations.records(value, name))
    elif isinstance(value, dict):
        found = tuple(litellm.records(value, name, fetched))
    else:
        found = ()
    if not found:
        raise _unusable(path, "names no day on which a model is shut down")
    return Source(name=name, records=found)


def _unusable(path: Path, what: str) -> Invalid:
    return Invalid(
        f"{path} {what}",
        hint="Name a map of prices of LiteLLM, or a data.json of deprecations-rss.",
    )
