"""Operations: accounts, sessions and tokens, which are not governed.

Nobody else reads these tables.  Every method is one transaction, and it is
committed when the method returns.  Of passwords, sessions and tokens there are
only hashes.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    Row,
    Table,
    delete,
    func,
    insert,
    select,
    update,
)

from registry.db import tables
from registry.db.channel import telling
from registry.db.engine import reading, writing


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """How somebody is called and signs in; without a hash they cannot.

    Attributes:
        reset_at: When somebody else last set the password; `None` if nobody did.
    """

    handle: str
    name: str
    email: str
    password_hash: str | None
    reset_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """Somebody who signed in.

    Attributes:
        token_hash: SHA-256 of the session's secret, hexadecimal.
        ends: When it ends whatever happens; earlier if it lies idle.
        reset_at: The account's, when it began.
    """

    token_hash: str
    handle: str
    began: datetime
    last_used: datetime
    ends: datetime
    reset_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """A machine's token.

    Attributes:
        handle: The person who answers for it.
        environments: The only ones that it is for; empty for all.
        bots: The only ones that it reads; empty for all.
        made_by: `None` where that was not written down.
        last_used: To the minute; what chatbots read is not among it.
    """

    id: str
    handle: str
    purpose: str
    scope: str
    environments: tuple[str, ...]
    bots: tuple[str, ...]
    made: datetime
    expires: datetime
    revoked: datetime | None
    made_by: str | None = None
    last_used: datetime | None = None


Mark = tuple[Any, ...]
"""Changes with every change of what somebody may come in with."""


def _table(row: type[tables.Operational]) -> Table:
    return tables.Operational.metadata.tables[str(row.__tablename__)]


_ACCOUNT = _table(tables.AccountRow)
_SESSION = _table(tables.SessionRow)
_TOKEN = _table(tables.TokenRow)


class Operations:
    """Args:
    engine: Where the operational tables are.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def find_account(self, handle: str) -> Account | None:
        query = select(_ACCOUNT).where(_ACCOUNT.c.handle == handle)
        with reading(self._engine) as connection:
            row = connection.execute(query).one_or_none()
        return None if row is None else Account(**row._mapping)

    def list_accounts(self) -> Mapping[str, Account]:
        with reading(self._engine) as connection:
            rows = connection.execute(select(_ACCOUNT)).all()
        return {row.handle: Account(**row._mapping) for row in rows}

    def save_name(self, handle: str, *, name: str | None, email: str | None) -> None:
        """Make the account if there is none; `None` leaves what is there."""
        given = {"name": name, "email": email}
        values = {key: value for key, value in given.items() if value is not None}
        with writing(self._engine) as connection:
            _save_account(connection, handle, values)

    def save_password(
        self, handle: str, password_hash: str, *, reset_at: datetime | None = None
    ) -> None:
        """Set the password, and end every session that the old one began.

        Args:
            reset_at: Now, if somebody else sets it; that revokes every token that
                chatbots do not read with.  Setting one's own afterwards does not take
                it back: it could be the same hand.
        """
        self.save_passwords({handle: password_hash}, reset_at=reset_at)

    def save_passwords(
        self, hashes: Mapping[str, str], *, reset_at: datetime | None = None
    ) -> None:
        """The same for several people, by handle; for all of them or for none."""
        reset = {} if reset_at is None else {"reset_at": reset_at}
        with telling(self._engine) as connection:
            for handle, password_hash in hashes.items():
                values = {"password_hash": password_hash, **reset}
                _save_account(connection, handle, values)
                connection.execute(delete(_SESSION).where(_SESSION.c.handle == handle))
                if reset_at is not None:
                    acting = (_TOKEN.c.handle == handle, _TOKEN.c.scope != _READ)
                    _revoke(connection, reset_at, *acting)

    def rehash_password(self, handle: str, *, old: str, new: str) -> None:
        """Put a stronger hash in place of *old*, if that is still the one."""
        with writing(self._engine) as connection:
            connection.execute(
                update(_ACCOUNT)
                .where(_ACCOUNT.c.handle == handle, _ACCOUNT.c.password_hash == old)
                .values(password_hash=new)
            )

    def begin_session(self, session: Session) -> None:
        """Add *session*, and forget those that have ended by then."""
        with telling(self._engine) as connection:
            connection.execute(delete(_SESSION).where(_SESSION.c.ends < session.began))
            connection.execute(insert(_SESSION), asdict(session))

    def touch_session(self, token_hash: str, at: datetime) -> None:
        """Note that it was in use; nothing happens if it has been ended."""
        with writing(self._engine) as connection:
            connection.execute(
                update(_SESSION)
                .where(_SESSION.c.token_hash == token_hash)
                .values(last_used=at)
            )

    def end_session(self, token_hash: str) -> None:
        with telling(self._engine) as connection:
            connection.execute(
                delete(_SESSION).where(_SESSION.c.token_hash == token_hash)
            )

    def end_everything(self, handle: str, at: datetime) -> None:
        """End all sessions of somebody, and revoke all their tokens."""
        with telling(self._engine) as connection:
            connection.execute(delete(_SESSION).where(_SESSION.c.handle == handle))
            _revoke(connection, at, _TOKEN.c.handle == handle)

    def add_token(self, token: Token, token_hash: str) -> None:
        lists = {name: " ".join(getattr(token, name)) for name in _LISTS}
        row = {**asdict(token), **lists, "token_hash": token_hash}
        with telling(self._engine) as connection:
            connection.execute(insert(_TOKEN), row)

    def find_token(self, id: str) -> Token | None:
        with reading(self._engine) as connection:
            row = connection.execute(
                select(_TOKEN).where(_TOKEN.c.id == id)
            ).one_or_none()
        return None if row is None else _token(row)

    def list_tokens(self, handle: str | None) -> tuple[Token, ...]:
        """In no order; everybody's without *handle*."""
        query = select(_TOKEN)
        if handle is not None:
            query = query.where(_TOKEN.c.handle == handle)
        with reading(self._engine) as connection:
            return tuple(map(_token, connection.execute(query)))

    def touch_token(self, id: str, at: datetime) -> None:
        """Note that it was in use."""
        with writing(self._engine) as connection:
            connection.execute(
                update(_TOKEN).where(_TOKEN.c.id == id).values(last_used=at)
            )

    def revoke_token(self, id: str, at: datetime) -> None:
        """A token that was revoked before keeps its time."""
        with telling(self._engine) as connection:
            _revoke(connection, at, _TOKEN.c.id == id)

    def mark(self) -> Mark:
        """Cheap to read, and another one after every change.

        Sessions come, go and are used, which moves the last use on; tokens come
        and are revoked, and none is ever taken out.
        """
        sessions = select(func.count(), func.max(_SESSION.c.last_used))
        tokens = select(func.count(), func.count(_TOKEN.c.revoked))
        with reading(self._engine) as connection:
            return (
                *connection.execute(sessions.select_from(_SESSION)).one(),
                *connection.execute(tokens.select_from(_TOKEN)).one(),
            )

    def usable(
        self, now: datetime, idle: timedelta
    ) -> tuple[Iterable[Session], Mapping[str, Token], Mapping[str, datetime]]:
        """What somebody may still come in with.

        Args:
            idle: A session that was not in use for so long has ended.

        Returns:
            Sessions; tokens by their hash; and when somebody else last set the
            password of a person, by handle.
        """
        sessions = select(_SESSION).where(
            _SESSION.c.ends > now, _SESSION.c.last_used > now - idle
        )
        machines = select(_TOKEN).where(
            _TOKEN.c.expires > now, _TOKEN.c.revoked.is_(None)
        )
        reset = select(_ACCOUNT.c.handle, _ACCOUNT.c.reset_at).where(
            _ACCOUNT.c.reset_at.is_not(None)
        )
        with reading(self._engine) as connection:
            found = [Session(**r._mapping) for r in connection.execute(sessions)]
            rows = connection.execute(machines).all()
            resets = {row.handle: row.reset_at for row in connection.execute(reset)}
        return found, {row.token_hash: _token(row) for row in rows}, resets


_LISTS = ("environments", "bots")
_READ = "read"
"""The scope that chatbots read with."""


def _revoke(connection: Connection, at: datetime, *which: ColumnElement[bool]) -> None:
    usable = _TOKEN.c.revoked.is_(None)
    connection.execute(update(_TOKEN).where(*which, usable).values(revoked=at))


def _token(row: Row[Any]) -> Token:
    values = {key: value for key, value in row._mapping.items() if key != "token_hash"}
    lists = {name: tuple(values[name].split()) for name in _LISTS}
    return Token(**{**values, **lists})


def _save_account(
    connection: Connection, handle: str, values: Mapping[str, Any]
) -> None:
    found = connection.execute(
        select(_ACCOUNT.c.handle).where(_ACCOUNT.c.handle == handle).with_for_update()
    ).one_or_none()
    if found is None:
        empty = {"name": "", "email": "", "password_hash": None, "reset_at": None}
        connection.execute(insert(_ACCOUNT), {"handle": handle, **empty, **values})
    elif values:
        connection.execute(
            update(_ACCOUNT).where(_ACCOUNT.c.handle == handle).values(**values)
        )
