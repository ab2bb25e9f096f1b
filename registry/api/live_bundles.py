"""The bundles that are live, by their digest: found in memory, without the tables.

After every activation all chatbots fetch the new bundle by its digest, within a
second; and a server that has lost its database still has what it tells them of.  A
digest of the past is looked up in the tables, by `registry.api.stored`.
"""

from collections.abc import Mapping

from registry.api.grants import Grant
from registry.api.live import LiveSnapshots
from registry.snapshots import Served, Snapshot

_Found = dict[str, list[tuple[str, str, Served]]]
"""By digest: environment, bot and bundle; two bots may be told the same."""


class LiveBundles:
    def __init__(self, live: LiveSnapshots) -> None:
        self._live = live
        self._known: tuple[Mapping[str, Snapshot], _Found] = ({}, {})

    def find(self, digest: str, grant: Grant) -> Served | None:
        """The bundle, if a bot that the token may read is told it just now."""
        for environment, bot, bundle in self._by_digest().get(digest, ()):
            if grant.sees(environment) and (not grant.bots or bot in grant.bots):
                return bundle
        return None

    def _by_digest(self) -> _Found:
        """Put together once for each change of what is live."""
        current = self._live.current
        known, found = self._known
        if known is not current:
            found = {}
            for snapshot in current.values():
                for bot, told in snapshot.bots.items():
                    if told.bundle is not None:
                        place = (snapshot.environment, bot, told.bundle)
                        found.setdefault(told.bundle.digest, []).append(place)
            self._known = (current, found)
        return found
