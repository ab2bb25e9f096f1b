"""Bundles that are live, by their digest, so that no table is read for them.

After an activation every chatbot asks for the same few digests at once.  What was
live before is in the tables, as is who may have it: `registry.api.stored`.
"""

from registry.api.grants import Grant
from registry.api.live import LiveSnapshots
from registry.snapshots import Served


class LiveBundles:
    def __init__(self, live: LiveSnapshots) -> None:
        self._live = live
        self._found: dict[str, list[tuple[str, str, Served]]] = {}
        live.subscribe(self._take_in)
        self._take_in()

    def find(self, digest: str, grant: Grant) -> Served | None:
        """The bundle, if it is live for a bot that the token may read."""
        for environment, bot, bundle in self._found.get(digest, ()):
            if grant.sees(environment) and (not grant.bots or bot in grant.bots):
                return bundle
        return None

    def _take_in(self) -> None:
        found: dict[str, list[tuple[str, str, Served]]] = {}
        for environment, snapshot in self._live.current.items():
            for bot, told in snapshot.bots.items():
                if told.bundle is not None:
                    one = (environment, bot, told.bundle)
                    found.setdefault(told.bundle.digest, []).append(one)
        self._found = found
