"""Grants: what the bearer of a session or token may do, held in memory.

So that a read touches no database, everything that can still be used is kept by
the SHA-256 of its secret.  `refresh` reads it again after every change in this
process; `keep_current`, about every second, if another process changed something,
and at once when somebody comes with a secret that is not known here.

 * A session ends after 30 minutes without use, and 12 hours after it began.
 * Neither a session nor a token outlives the activity of its person.
 * The scope says how much of the person's power a token has, never more: `read`
   nothing but what chatbots read, `clone` what git clones besides, `check` what an
   evaluator may, `submit` what an author may besides, `operate` what an operator may
   besides.  No token has a seat.
"""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock
from typing import Protocol

from sqlalchemy.exc import SQLAlchemyError

from registry.api.bearer import MAX_CHARS, Scope, hash_of, is_whole
from registry.clock import Clock
from registry.db.operations import Mark, Session, Token
from registry.errors import NotAllowed, NotFound, NotSignedIn
from registry.people import SESSION, Identity, Person, Role

IDLE = timedelta(minutes=30)
LONGEST = timedelta(hours=12)

LOOKS = 5
"""So many times a second an unknown secret is looked for in the tables."""

ROLES: dict[Scope, frozenset[Role] | None] = {
    Scope.SESSION: None,
    Scope.READ: frozenset(),
    Scope.CLONE: frozenset(),
    Scope.CHECK: frozenset({Role.EVALUATOR}),
    Scope.SUBMIT: frozenset({Role.AUTHOR, Role.EVALUATOR}),
    Scope.OPERATE: frozenset({Role.AUTHOR, Role.EVALUATOR, Role.OPERATOR}),
}
"""What each scope may use of a person's roles; `None` for all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """What whoever bears a secret may do.

    Attributes:
        via: `session` or `token:<id>`.
        environments: The only ones that it is for; empty for all.
        bots: The only ones that it reads; empty for whole environments.
        expires: From then on it is refused; use moves a session's further.
        reset_at: When somebody else last set the person's password.
        signed_in_at: When the session's password was given; `None` for a token.
    """

    handle: str
    via: str
    scope: Scope
    environments: frozenset[str]
    bots: frozenset[str]
    expires: datetime
    reset_at: datetime | None
    signed_in_at: datetime | None = None

    @property
    def identity(self) -> Identity:
        return Identity(
            handle=self.handle,
            via=self.via,
            roles=ROLES[self.scope],
            reset_at=self.reset_at,
            signed_in_at=self.signed_in_at,
        )

    def sees(self, environment: str) -> bool:
        return not self.environments or environment in self.environments

    def check_environment(self, environment: str) -> None:
        """Raises:
        NotAllowed: The token is for other environments.
        """
        if not self.sees(environment):
            raise NotAllowed(
                f"this token is not for {environment[:60]}",
                hint="Its environments: " + ", ".join(sorted(self.environments)) + ".",
            )

    def check_bot(self, name: str) -> None:
        """Raises:
        NotAllowed: The token is for other bots.
        """
        if self.bots and name not in self.bots:
            raise NotAllowed(
                f"this token is not for the bot {name[:80]}",
                hint="Its bots: " + ", ".join(sorted(self.bots)) + ".",
            )

    def check_documents(self) -> None:
        """Raises:
        NotAllowed: The token is for bots, which is not single documents.
        """
        if self.bots:
            raise NotAllowed(
                "this token reads bots, not single documents",
                hint="Read the bot's bundle, or ask for a token for the environment.",
            )

    def check_whole(self, what: str) -> None:
        """Raises:
        NotAllowed: The token is limited, and *what* is of all environments.
        """
        if self.environments:
            raise NotAllowed(
                f"{what} is of all environments, and this token is not",
                hint="Use a token that is not limited to some environments.",
            )

    def check_change(self, number: int, environment: str | None) -> None:
        """Args:
            environment: Of the change; `None` if there is no such change, which
                nobody can tell from one that the token is not for.

        Raises:
            NotFound: The change is in an environment that the token is not for.
        """
        if environment is None or not self.sees(environment):
            raise NotFound(
                f"there is no change {number}",
                hint="`placet changes --all` lists every change.",
            )


class Bearers(Protocol):
    """Who may come in; `registry.db.operations` says more."""

    def mark(self) -> Mark: ...

    def usable(
        self, now: datetime, idle: timedelta
    ) -> tuple[Iterable[Session], Mapping[str, Token], Mapping[str, datetime]]: ...


class Grants:
    """Args:
    operations: What somebody may come in with.
    people: Everybody at this moment, as one value that changes with them.
    """

    def __init__(
        self,
        operations: Bearers,
        *,
        people: Callable[[], Mapping[str, Person]],
        clock: Clock,
    ) -> None:
        self._operations = operations
        self._people = people
        self._active: tuple[object, frozenset[str]] = (None, frozenset())
        self._clock = clock
        self._refreshing = Lock()
        self._grants: dict[str, Grant] = {}
        self._sessions: dict[str, Session] = {}
        self._mark: Mark | None = None
        self._looks, self._looked = float(LOOKS), clock()
        self.refresh()

    def get(self, token: str, now: datetime) -> Grant:
        """Raises:
        NotSignedIn: Unknown, expired or revoked, or its person is not active.
        """
        if len(token) > MAX_CHARS:
            raise _unknown(token)
        grant = self._grants.get(hash_of(token))
        if grant is None:
            raise _unknown(token)
        if now >= grant.expires:
            raise NotSignedIn("this session or token has ended")
        if grant.handle not in self._active_now():
            raise NotSignedIn(
                f"{grant.handle} is not active here",
                hint="An administrator can activate the person again.",
            )
        return grant

    def _active_now(self) -> frozenset[str]:
        """Who is active; looked up again only when somebody's entry changed."""
        people = self._people()
        known, active = self._active
        if known is not people:
            active = frozenset(h for h, person in people.items() if person.active)
            self._active = (people, active)
        return active

    def find_session(self, token: str) -> Session | None:
        """The session behind a secret; `None` for a machine's token."""
        return self._sessions.get(hash_of(token))

    def is_new(self, secret: str) -> bool:
        """Whether it may have been given by another process a moment ago.

        What nobody can have given costs no look, and neither do too many tries.
        """
        if hash_of(secret[:MAX_CHARS]) in self._grants or not is_whole(secret):
            return False
        now = self._clock()
        rested_s = max(0.0, (now - self._looked).total_seconds())
        self._looks = min(LOOKS, self._looks + rested_s * LOOKS)
        self._looked = now
        return self._looks >= 1

    async def look(self, secret: str) -> None:
        """Look once in the tables for a secret that is not known here."""
        if self.is_new(secret):
            self._looks -= 1
            with suppress(SQLAlchemyError):
                await asyncio.to_thread(self.keep_current)

    def keep_current(self) -> None:
        """Read again what can be used, if something has changed.

        A thousand tokens take 10 ms to read, in which nobody is answered.
        """
        if self._operations.mark() != self._mark:
            self.refresh()

    def refresh(self) -> None:
        """Read again what can be used.

        The lock is held from reading to replacing, so that what was read before
        a change never replaces what was read after it.
        """
        with self._refreshing:
            self._mark = self._operations.mark()
            sessions, tokens, resets = self._operations.usable(self._clock(), IDLE)
            self._sessions = {session.token_hash: session for session in sessions}
            self._grants = {
                **{key: _of_session(s) for key, s in self._sessions.items()},
                **{
                    key: _of_token(token, resets.get(token.handle))
                    for key, token in tokens.items()
                },
            }


def _of_session(session: Session) -> Grant:
    return Grant(
        handle=session.handle,
        via=SESSION,
        scope=Scope.SESSION,
        environments=frozenset(),
        bots=frozenset(),
        expires=min(session.last_used + IDLE, session.ends),
        reset_at=session.reset_at,
        signed_in_at=session.began,
    )


def _of_token(token: Token, reset_at: datetime | None) -> Grant:
    return Grant(
        handle=token.handle,
        via=f"token:{token.id}",
        scope=Scope(token.scope),
        environments=frozenset(token.environments),
        bots=frozenset(token.bots),
        expires=token.expires,
        reset_at=reset_at,
    )


def _unknown(token: str) -> NotSignedIn:
    if is_whole(token):
        return NotSignedIn("this session or token has ended, or was never given")
    return NotSignedIn(
        "this is no session or token of a registry",
        hint="Copy it again, whole: it begins with `plc_` and ends with a checksum.",
    )
