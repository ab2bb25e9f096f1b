"""Drives a client through a scenario. `Ours` is Placet's own."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Protocol

import placet
from tests.conformance.serve import Scenario, Server

Outcome = dict[str, object]
NOTHING: Outcome = {"bundle": None, "seq": None, "floor": None}


class Driven(Protocol):
    """A client, as a driver needs it."""

    def look(self, now: float) -> Outcome:
        """Ask once, at *now*, and tell what it has."""
        ...

    def close(self) -> None: ...


Begin = Callable[[str, dict], Driven]
"""Begins a client, with what it keeps on its disk: the address, and the settings."""


def drive(told: dict, begin: Begin) -> list[str]:
    """What the client did wrong; nothing if it did all as expected."""
    scenario = Scenario(told)
    with Server(scenario) as server:
        client = begin(server.url, told["client"])
        while (step := scenario.next()) is not None:
            if step["restart"]:
                client.close()
                client = begin(server.url, told["client"])
            scenario.judge(client.look(datetime.fromisoformat(step["now"]).timestamp()))
        client.close()
    return scenario.wrong


class Ours:
    """Args:
    verifies: Without it, it is given no key.
    """

    def __init__(
        self, url: str, settings: dict, disk: Path, *, verifies: bool = True
    ) -> None:
        self._now = 0.0
        self._bot = settings["bot"]
        self._client = placet.Client(
            url,
            token="any",
            environment=settings["environment"],
            cache_dir=disk,
            refresh="manual",
            verify_keys=settings["verify_keys"] if verifies else None,
            repository=settings["repository"],
            clock=lambda: self._now,
        )

    def look(self, now: float) -> Outcome:
        self._now = now
        self._have()  # the first time it only takes what is on disk, if anything is
        self._client.refresh()
        return self._have()

    def close(self) -> None:
        self._client.close()

    def _have(self) -> Outcome:
        try:
            bundle = self._client.bot(self._bot)
        except placet.Deleted as deleted:
            return {**NOTHING, "outcome": "deleted", "seq": deleted.seq}
        except placet.RegistryUnavailable:
            return {**NOTHING, "outcome": "refused"}
        return {
            "outcome": "kept" if bundle.stale else "live",
            "bundle": bundle.digest,
            "seq": bundle.seq,
            "floor": bundle.floor,
        }


def ours(disk: Path, *, verifies: bool = True) -> Begin:
    return lambda url, settings: Ours(url, settings, disk, verifies=verifies)
