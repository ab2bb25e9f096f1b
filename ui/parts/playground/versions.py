"""Versions by their number: at which seq one was told last, so that it can be tried."""

import re
from collections.abc import Iterator

from registry.errors import NotFound, RegistryError
from registry.remote import Remote
from registry.remote.environments import Moment
from ui.parts import times

NUMBER = re.compile(r"\d+\.\d+\.\d+[0-9A-Za-z.+-]{0,60}", re.ASCII)
MAX_MOMENTS = 200
"""Of a document that are looked through, the last ones."""


def offered(
    remote: Remote, environment: str, document: str
) -> Iterator[tuple[str, str]]:
    """Versions that went live there, the last first, and each with since when."""
    told: set[str] = set()
    try:
        for one in _moments(remote, environment, document):
            version = _version(one, document)
            if version is not None and version not in told:
                told.add(version)
                yield version, f"{version}, live since {times.day(one.at)}"
    except RegistryError:  # what is not there is told where it is to be shown
        return


def last_seq(
    remote: Remote, environment: str, document: str, version: str, latest: int
) -> int:
    """The last seq at which it was live, before a stop that lasts.

    Raises:
        NotFound: It was not, or too long ago.
    """
    last, answers = latest, False
    for one in _moments(remote, environment, document):
        if one.type == "resumed":
            answers = True
        elif one.type == "stopped":
            last = last if answers else one.seq - 1
        for step in one.documents:
            if step.document == document and step.version == version:
                return last
            if step.document == document:
                last = one.seq - 1
    raise NotFound(
        f"{document} {version} was not live in {environment}, or too long ago",
        hint="Choose one of the versions that are offered, or a moment.",
    )


def _moments(remote: Remote, environment: str, document: str) -> Iterator[Moment]:
    history = remote.environments.history
    return iter(history(environment, document=document, limit=MAX_MOMENTS))


def _version(moment: Moment, document: str) -> str | None:
    steps = (one.version for one in moment.documents if one.document == document)
    return next(steps, None)
