"""A registry without git and SQL: a state, the texts, and a clock that is moved.

Every command goes through what the rules consist of (`decide`, `seal`, `dump`,
`parse`, `apply`) as the writer takes it through them; `act` is the one way in.

Three environments.  In `development` nobody is asked and authors activate; in
`staging` the seat product agrees.  `production` is strict:

    product     to everything, its policy included
    risk        to documents of tier high
    board       to the policy; may reject, and clear somebody's veto
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from registry import commands, events
from registry.changes import Change, Status
from registry.decide import decide
from registry.decisions import Situation, seal
from registry.documents import Document, parse
from registry.events import Event
from registry.fingerprints import fingerprint
from registry.fold import EMPTY, apply
from registry.going_live import replacements_of
from registry.names import Digest, Ref, digest_of
from registry.people import SESSION, Identity, Role, person, recognise
from registry.policy_text import parse_policy
from registry.quorums import Standing
from registry.staleness import stale_because
from registry.standing import requirements, status
from registry.state import Environment

NOON = datetime(2026, 5, 3, 12, 0, tzinfo=UTC)

DEVELOPMENT = """\
environment: development
authors_activate: true
requirements:
  - {name: everybody tries things out, open: true}
"""
STAGING = """\
environment: staging
requirements:
  - {name: product agrees, seat: product}
"""
PRODUCTION = """\
environment: production
rejecters: [board]
veto_clearers: [board]
requirements:
  - {name: product agrees, seat: product}
  - {name: risk agrees, seat: risk, tiers: [high], kinds: [prompt, fragment, bot]}
  - {name: the board agrees, seat: board, kinds: [policy]}
"""
PEOPLE: dict[str, tuple[tuple[Role, ...], tuple[str, ...]]] = {
    "admin": ((Role.ADMIN,), ()),
    "second-admin": ((Role.ADMIN,), ()),
    "author": ((Role.AUTHOR,), ()),
    "editor": ((Role.AUTHOR,), ()),
    "promoter": ((Role.AUTHOR,), ()),
    "operator": ((Role.OPERATOR,), ()),
    "product": ((Role.AUTHOR,), ("product",)),
    "second-product": ((Role.AUTHOR,), ("product",)),
    "risk": ((Role.AUTHOR,), ("risk",)),
    "board": ((Role.VIEWER,), ("board",)),
    "legal": ((Role.VIEWER,), ("legal",)),
    "viewer": ((Role.VIEWER,), ()),
}


class Bench:
    """Attributes:
    now: What the clock says; it stands still until `wait`.
    events: Everything that happened.
    signed_in_ago: How old everybody's sign-in is; `None`: nobody knows.
    """

    def __init__(
        self,
        *,
        production: str = PRODUCTION,
        staging: str = STAGING,
        people: dict = PEOPLE,
    ) -> None:
        self.state = EMPTY
        self.now = NOON
        self.documents: dict[Digest, Document] = {}
        self.events: list[Event] = []
        self.signed_in_ago: timedelta | None = timedelta(0)
        self._people = tuple(
            person(handle, roles=roles, seats=seats, active=True)
            for handle, (roles, seats) in people.items()
        )
        create = commands.Create(
            repository="tested",
            policies=tuple(
                parse_policy(text.encode())
                for text in (DEVELOPMENT, staging, production)
            ),
            people=self._people,
        )
        self.act("admin", create)

    def situation(
        self, handle: str, via: str = SESSION, roles: Iterable[Role] | None = None
    ) -> Situation:
        known = self.state.people or {one.handle: one for one in self._people}
        limited = None if roles is None else frozenset(roles)
        ago = self.signed_in_ago
        return Situation(
            state=self.state,
            actor=recognise(Identity(handle=handle, via=via, roles=limited), known),
            now=self.now,
            documents=self.documents,
            signed_in_at=None if ago is None else self.now - ago,
        )

    def act(
        self,
        handle: str,
        command: commands.Command,
        *,
        via: str = SESSION,
        roles: Iterable[Role] | None = None,
        key: str | None = None,
    ) -> Event:
        """Carry *command* out, and return the event."""
        situation = self.situation(handle, via, roles)
        decision = decide(situation, command)
        event = seal(
            decision,
            head=self.state.head,
            actor=situation.actor,
            key=key,
            command=fingerprint(command),
            now=situation.now,
        )
        body = events.dump(event)
        self.state = apply(self.state, events.parse(body), digest_of(body))
        self.events.append(event)
        for path, text in decision.files.items():
            if text is not None and path.startswith("proposals/"):
                self._keep(path, text)
        return event

    def _keep(self, path: str, text: bytes) -> None:
        if "/policy/" not in path:
            self.documents[digest_of(text)] = parse(text)

    def pretend(self, change: int, **what) -> None:
        """Let the current revision say something else than what was submitted.

        As if another release had made it, which composes texts otherwise.
        """
        before = self.change(change)
        other = replace(before.revision, **what)
        after = replace(before, revisions=(*before.revisions[:-1], other))
        self.state = replace(
            self.state, changes=self.state.changes.insert(change, after)
        )

    def govern(self, environment: str = "production", **what) -> None:
        """Let the policy in force say something else than its text does."""
        before = self.environment(environment)
        after = replace(before, policy=replace(before.policy, **what))
        environments = self.state.environments.insert(environment, after)
        self.state = replace(self.state, environments=environments)

    def wait(self, **by: float) -> None:
        self.now += timedelta(**by)

    # How things stand.

    def environment(self, name: str = "production") -> Environment:
        return self.state.environment(name)

    def change(self, number: int) -> Change:
        return self.state.change(number)

    def status(self, change: int) -> Status:
        return status(self.state, self.change(change), self.now)

    def stale_because(self, change: int) -> str | None:
        return stale_because(self.state, self.change(change))

    def requirements(self, change: int) -> dict[str, Standing]:
        found = requirements(self.state, self.change(change), self.now)
        return {one.name: one for one in found}

    def live(self, name: str = "production") -> dict[Ref, Digest]:
        """The digest of everything that is live."""
        live = self.environment(name).live
        return {ref: one.document.digest for ref, one in live.items()}

    def versions(self, name: str = "production") -> dict[Ref, str]:
        live = self.environment(name).live
        return {ref: one.document.version for ref, one in live.items()}

    def told(self, bot: str = "acme/support"):
        return self.environment().bots[bot].told

    def approved_map(self, change: int) -> dict[Ref, Digest | None]:
        """What the current revision puts in place."""
        found = replacements_of(self.change(change).revision, self.documents)
        return {ref: one.digest if one else None for ref, one in found.items()}
