"""Notifying: where notices go, and what has become of them.

Only administrators say where notices go, signed in.  A secret that signs is told
once, when it is made; the address of a target is a secret as well, and of it only
the host is ever told again.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine

from registry.db.deliveries import Deliveries
from registry.db.delivery_list import Delivery, Outcome, list_deliveries
from registry.db.targets import Targets
from registry.notices import Notice, Urgency, audience, notice_id, sentences
from registry.outbox import (
    OVERLAP,
    NotDelivered,
    Outgoing,
    Sender,
    check_reachable,
    host_of,
    make_secret,
)
from registry.people import Role
from registry.state import State
from registry.targets import (
    Filters,
    Target,
    TargetKind,
    check_filters,
    check_target_name,
)
from registry.writer import Clock


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetView:
    """Where notices go.

    Attributes:
        host: Of its address, of which the rest is not told; empty for e-mail.
        secret: What webhooks are signed with; told once, when it is made.
    """

    id: str
    kind: TargetKind
    name: str
    host: str
    environments: tuple[str, ...]
    kinds: tuple[str, ...]
    urgency: Urgency
    made: datetime
    made_by: str
    secret: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedTarget:
    """The target that somebody asks for; `address` is empty for e-mail."""

    kind: TargetKind
    name: str
    address: str
    filters: Filters


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSecret:
    """Attributes:
    secret: It is told this once.
    old_until: So long webhooks are signed with the one before as well.
    """

    secret: str
    old_until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """What became of a notice that was sent to try a target out.

    Attributes:
        problem: Why it was not taken; empty if it was.
    """

    delivered: bool
    problem: str


class Notifying:
    """Args:
    engine: Where the operational tables are.
    """

    def __init__(self, engine: Engine, outgoing: Outgoing, clock: Clock) -> None:
        self._engine = engine
        self._targets = Targets(engine)
        self._deliveries = Deliveries(engine)
        self._sender = Sender(outgoing, engine)
        self._outgoing = outgoing
        self._clock = clock

    def list_targets(self) -> tuple[TargetView, ...]:
        """Oldest first."""
        return tuple(_view(one, None) for one in self._targets.list_targets())

    def list_deliveries(
        self, *, outcome: Outcome | None, before: int | None, limit: int
    ) -> tuple[Delivery, ...]:
        """Newest first; *before* as in `registry.db.delivery_list`."""
        return list_deliveries(
            self._engine, outcome=outcome, before=before, limit=limit
        )

    def add(self, state: State, by: str, wanted: WantedTarget) -> TargetView:
        """The new target, with the secret that webhooks are signed with.

        Raises:
            Invalid: Something about it cannot be.
            NotAllowed: Its address is never called.
            NotFound: There is no such environment.
            Conflict: There are too many, or one of that name.
        """
        for environment in wanted.filters.environments:
            state.environment(environment)
        filters = check_filters(wanted.filters)
        check_reachable(self._outgoing, wanted.kind, wanted.address)
        is_signed = wanted.kind is TargetKind.WEBHOOK
        target = Target(
            id=secrets.token_hex(4),
            kind=wanted.kind,
            name=check_target_name(wanted.name),
            address=wanted.address,
            filters=filters,
            made=self._clock(),
            made_by=by,
        )
        secret = make_secret() if is_signed else None
        self._targets.add(target, secret)
        return _view(target, secret)

    def remove(self, id: str) -> None:
        """Raises:
        NotFound: There is no such target.
        """
        self._targets.remove(id, self._clock())

    def rotate(self, id: str) -> NewSecret:
        """Raises:
        NotFound: There is no such target.
        Conflict: It has no secret.
        """
        secret, until = make_secret(), self._clock() + OVERLAP
        self._targets.rotate(id, secret, old_until=until)
        return NewSecret(secret=secret, old_until=until)

    def try_out(self, state: State, by: str, id: str) -> Tried:
        """Send a notice there and then, once; e-mail goes to whoever asks.

        Raises:
            NotFound: There is no such target.
        """
        target, now = self._targets.get(id), self._clock()
        try:
            notice = _trial(state, target, by, now)
            self._sender.send(target, notice, recipient=by, now=now)
        except NotDelivered as error:
            return Tried(delivered=False, problem=str(error))
        return Tried(delivered=True, problem="")

    def tell_password_set(self, state: State, by: str, handle: str) -> None:
        """Tell the person, and the other administrators, that *by* set a password."""
        notice = _password_set(state, by, handle, self._clock())
        self._deliveries.post([notice], state.people, at=notice.at)


def _password_set(state: State, by: str, handle: str, now: datetime) -> Notice:
    administrators = (
        one.handle for one in state.people.values() if Role.ADMIN in one.roles
    )
    return Notice(
        id=notice_id(state.repository, "password-set", handle, now.isoformat()),
        at=now,
        kind="password-set",
        environment=None,
        subject=f"{by} has set the password of {handle}",
        body=sentences(
            "Whoever signs in with it speaks in no seat until it has cooled down, "
            "where the policy says so.",
            "Sessions have ended, and tokens but those that chatbots read with.",
            "If nobody asked for it, ask another administrator at once.",
        ),
        change=None,
        bot=None,
        path="/v1/people",
        audience=audience(handle, *administrators),
        urgency=Urgency.HIGH,
        by=by,
        due=None,
    )


def _trial(state: State, target: Target, by: str, now: datetime) -> Notice:
    return Notice(
        id=notice_id(state.repository, "trial", target.id, now.isoformat()),
        at=now,
        kind="trial",
        environment=None,
        subject=f"{by} tries out whether notices arrive here",
        body=sentences("Nothing has happened, and there is nothing to do."),
        change=None,
        bot=None,
        path="/v1/notification-targets",
        audience=audience(by),
        urgency=Urgency.LOW,
        by="",
        due=None,
    )


def _view(target: Target, secret: str | None) -> TargetView:
    return TargetView(
        id=target.id,
        kind=target.kind,
        name=target.name,
        host=host_of(target.address),
        environments=target.filters.environments,
        kinds=target.filters.kinds,
        urgency=target.filters.urgency,
        made=target.made,
        made_by=target.made_by,
        secret=secret,
    )
