"""Access: how people come in, and what they give to machines.

* Who signs in says a handle and a password; what is wrong with them is never
  told.  Ten tries at a handle and thirty from an address, then the next ones
  have to wait, a half minute for a handle and two seconds for an address.
* A new password, and being deactivated, ends all sessions of a person.
  Deactivating revokes their tokens as well.
* People set their own password by giving the old one, so that a session left
  open is not enough.  An administrator sets that of anybody else, the first one as
  well, whose seats then cool down before they can vote: whoever set it knows it.
  Their tokens are revoked then, but for those with the scope `read`, on which
  chatbots live.
* Authors, operators, evaluators and administrators make tokens for themselves, one
  that checks only evaluators, and everybody who may read one that clones.  For
  somebody else an administrator makes tokens that read, and no others: whoever acted
  in another's name could agree to it in their own.  A token lives at most 90 days.
"""

import logging
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.exc import SQLAlchemyError

from registry.api.bearer import Scope, hash_of, make_token
from registry.api.grants import LONGEST, Grant, Grants
from registry.api.passwords import Passwords
from registry.api.throttle import Throttle
from registry.authorization import Action, authorize, may
from registry.db.operations import Account, Operations, Session, Token
from registry.errors import (
    Invalid,
    NotAllowed,
    NotFound,
    NotSignedIn,
    WrongPassword,
)
from registry.names import check_name
from registry.people import Actor, Person, Role
from registry.state import State
from registry.writer import Clock

MAX_DAYS = 90
MAX_PURPOSE_CHARS = 200
TOUCH_EVERY = timedelta(minutes=1)

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """The token that somebody asks for; limits as in `Token`."""

    handle: str
    purpose: str
    scope: Scope
    environments: tuple[str, ...]
    bots: tuple[str, ...]
    days: int


class Access:
    """Args:
    state: The registry's state at this moment.
    """

    def __init__(
        self,
        *,
        operations: Operations,
        grants: Grants,
        state: Callable[[], State],
        clock: Clock,
    ) -> None:
        self._operations = operations
        self._grants = grants
        self._state = state
        self._clock = clock
        self._passwords = Passwords()
        self._by_handle = Throttle(burst=10, every_s=30)
        self._by_address = Throttle(burst=30, every_s=2)
        self._used: dict[str, datetime] = {}

    def sign_in(
        self, handle: str, password: str, *, address: str
    ) -> tuple[str, Session]:
        """The new session's secret, and the session.

        Raises:
            WrongPassword: Or nobody is called so, or they cannot sign in.
            TooManyTries: Of this handle, or from this address.
        """
        account = self._compare(handle, password, address)
        now = self._clock()
        secret = make_token(Scope.SESSION)
        session = Session(
            token_hash=hash_of(secret),
            handle=handle,
            began=now,
            last_used=now,
            ends=now + LONGEST,
            reset_at=account.reset_at,
        )
        self._operations.begin_session(session)
        self._grants.refresh()
        return secret, session

    def find_session(self, secret: str) -> Session | None:
        """The session of *secret*, if it still holds; being looked at is no use."""
        try:
            self._grants.get(secret, self._clock())
        except NotSignedIn:
            return None
        return self._grants.find_session(secret)

    def touch(self, grant: Grant, secret: str) -> None:
        """Note that a session or a token is in use, at most once a minute.

        Where that cannot be written, whoever reads is answered all the same.
        """
        session, now = self._grants.find_session(secret), self._clock()
        last = session.last_used if session else self._used.get(grant.via)
        if last is not None and now - last < TOUCH_EVERY:
            return
        try:
            if session is not None:
                self._operations.touch_session(session.token_hash, now)
                self._grants.refresh()
            else:
                self._used[grant.via] = now
                self._operations.touch_token(grant.via.removeprefix("token:"), now)
        except SQLAlchemyError as error:
            log.error("a use could not be noted: %s", error)  # noqa: TRY400

    def sign_out(self, secret: str) -> None:
        self._operations.end_session(hash_of(secret))
        self._grants.refresh()

    def set_password(
        self, actor: Actor, handle: str, password: str, *, old: str | None
    ) -> None:
        """Args:
        actor: Who sets it.
        handle: Whose it is.
        old: The present password; needed for one's own.

        Raises:
            NotAllowed: It is somebody else's, and *actor* is no administrator.
            WrongPassword: It is one's own, and *old* is not the present one.
            NotFound: Nobody is called so.
            Invalid: Nobody should have such a password.
        """
        reset_at = None
        if handle == actor.handle:
            if old is None:
                raise Invalid(
                    "your own password is changed with the present one",
                    hint="Send it as `current`.",
                )
            self._compare(handle, old, None)
        else:
            authorize(actor, Action.MANAGE_PEOPLE)
            self._state().person(handle)
            reset_at = self._clock()
        hashed = self._passwords.make_hash(password)
        self._operations.save_password(handle, hashed, reset_at=reset_at)
        self._grants.refresh()

    def end_everything(self, handle: str) -> None:
        """End all sessions of somebody, and revoke all their tokens."""
        self._operations.end_everything(handle, self._clock())
        self._grants.refresh()

    def make_token(self, actor: Actor, wanted: Wanted) -> tuple[str, Token]:
        """The token's secret, which is told this once, and the token.

        Raises:
            NotAllowed: *actor* may not make it.
            NotFound: There is no such person or environment.
            Invalid: Something about it cannot be.
        """
        state, now = self._state(), self._clock()
        _check_maker(actor, wanted)
        _check_wanted(state, wanted)
        secret = make_token(wanted.scope)
        token = Token(
            id=secrets.token_hex(6),
            handle=wanted.handle,
            purpose=wanted.purpose.strip(),
            scope=wanted.scope,
            environments=tuple(sorted(set(wanted.environments))),
            bots=tuple(sorted(set(wanted.bots))),
            made=now,
            expires=now + timedelta(days=wanted.days),
            revoked=None,
            made_by=actor.handle,
        )
        self._operations.add_token(token, hash_of(secret))
        self._grants.refresh()
        return secret, token

    def revoke_token(self, actor: Actor, id: str) -> None:
        """Raises:
        NotFound: There is no such token, or it is somebody else's.
        """
        token = self._operations.find_token(id)
        others = may(actor, Action.MANAGE_TOKENS)
        if token is None or not (token.handle == actor.handle or others):
            raise NotFound(
                f"you have no token {id[:40]!r}",
                hint="`placet token list` lists yours by their ids.",
            )
        self._operations.revoke_token(id, self._clock())
        self._grants.refresh()

    def _compare(self, handle: str, password: str, address: str | None) -> Account:
        now = self._clock()
        if address is not None:
            self._by_address.take(address, now)
        self._by_handle.take(handle, now)
        account = self._operations.find_account(handle)
        kept = account.password_hash if account else None
        compared = self._passwords.compare(password, kept)
        active = is_active(self._state().people, handle)
        if account is None or not compared.fits or not active:
            raise WrongPassword("this handle and this password do not belong together")
        self._by_handle.give_back(handle, now)
        if address is not None:
            self._by_address.give_back(address, now)
        if compared.stronger is not None and kept is not None:
            self._operations.rehash_password(handle, old=kept, new=compared.stronger)
        return account


def is_active(people: Mapping[str, Person], handle: str) -> bool:
    person = people.get(handle)
    return person is not None and person.active


def _check_maker(actor: Actor, wanted: Wanted) -> None:
    if wanted.handle != actor.handle:
        authorize(actor, Action.MANAGE_TOKENS)
        if wanted.scope is not Scope.READ:
            raise NotAllowed(
                "a token for somebody else can only read",
                hint=f"Use the scope `read`, or have {wanted.handle[:64]} make it.",
            )
    elif wanted.scope is Scope.CLONE:
        authorize(actor, Action.MAKE_CLONING_TOKENS)
    else:
        authorize(actor, Action.MAKE_TOKENS)
        if wanted.scope is Scope.CHECK and Role.EVALUATOR not in actor.roles:
            raise NotAllowed(
                f"{actor.handle} may not make a token that checks",
                hint="It takes the role evaluator, without which what it attaches "
                "would meet nothing.",
            )


def _check_wanted(state: State, wanted: Wanted) -> None:
    if not is_active(state.people, state.person(wanted.handle).handle):
        raise Invalid(
            f"{wanted.handle} is not active",
            hint="A token needs somebody who answers for it.",
        )
    if wanted.scope is Scope.SESSION:
        raise Invalid("a session begins with a password", hint="Sign in instead.")
    if not 1 <= wanted.days <= MAX_DAYS:
        raise Invalid(
            f"a token lives 1 to {MAX_DAYS} days",
            hint="Make another one before it ends; both work for as long as you like.",
        )
    purpose = wanted.purpose.strip()
    if not purpose or len(purpose) > MAX_PURPOSE_CHARS or not purpose.isprintable():
        raise Invalid(
            "a token needs a purpose of one line",
            hint=f"Say what uses it, in at most {MAX_PURPOSE_CHARS} characters.",
        )
    for environment in wanted.environments:
        state.environment(environment)
    for bot in wanted.bots:
        check_name(bot)
    if wanted.bots and wanted.scope is not Scope.READ:
        raise Invalid(
            "only a token that reads can be limited to bots",
            hint="Leave out `bots`, or make a token with the scope `read`.",
        )
