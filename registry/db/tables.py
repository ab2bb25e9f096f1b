"""Tables: rows, and nothing else.  Private to `registry.db`.

Two sets of tables, each with its own metadata and migrations (the others are in
`registry.db.fetch_tables` and `registry.db.head_tables`):

 * The *projection* is computed from the ledger and can be made again from it,
   row for row.  Intervals are of sequence numbers: `since` is the first one at
   which a row holds, `until` the first at which it no longer does.
 * What is *operational* is not governed: accounts, sessions, tokens, what chatbots
   observed.  A rebuild does not touch it; on SQLite it has its own file.
"""

from datetime import datetime

from sqlalchemy import BigInteger, Index, LargeBinary, MetaData, text
from sqlmodel import Field, SQLModel

# Constraints have names, so that a migration can refer to them on any database.
NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Projected(SQLModel):
    metadata = MetaData(naming_convention=NAMES)


class Operational(SQLModel):
    metadata = MetaData(naming_convention=NAMES)


class HeadRow(Projected, table=True):
    """One row: the last event that the projection has, and where it stands.

    `position` is the ledger's own name for the commit; nobody but the ledger
    reads anything into it.
    """

    __tablename__ = "ledger_head"

    id: int = Field(primary_key=True)
    number: int
    digest: str
    position: str


class EventRow(Projected, table=True):
    """`body` has the event's canonical bytes; the rest is for finding it."""

    __tablename__ = "event"
    __table_args__ = (
        Index("ix_event_environment_number", "environment", "number"),
        Index("ix_event_change_number", "change", "number"),
        Index("ix_event_type_number", "type", "number"),
        Index("ix_event_actor_number", "actor", "number"),
        Index("ix_event_at", "at"),
    )

    number: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    type: str
    at: datetime
    actor: str
    environment: str | None
    seq: int | None
    change: int | None
    body: bytes = Field(sa_type=LargeBinary)


class TextRow(Projected, table=True):
    """The bytes of every file that a commit wrote, beside the event itself."""

    __tablename__ = "text"

    digest: str = Field(primary_key=True)
    body: bytes = Field(sa_type=LargeBinary)


class ServedRow(Projected, table=True):
    """What is served for a document or a bot, by its composed digest."""

    __tablename__ = "served"

    digest: str = Field(primary_key=True)
    body: bytes = Field(sa_type=LargeBinary)


class LiveRow(Projected, table=True):
    """A document that was live, reading the same, for an interval."""

    __tablename__ = "live"
    __table_args__ = (
        Index("ix_live_since", "environment", "since"),
        Index("ix_live_until", "environment", "until"),
        Index(
            "ix_live_now",
            "environment",
            "document",
            unique=True,
            sqlite_where=text("until IS NULL"),
            postgresql_where=text("until IS NULL"),
        ),
    )

    environment: str = Field(primary_key=True)
    document: str = Field(primary_key=True)
    since: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    until: int | None
    version: str
    digest: str
    composed: str = Field(index=True)


class BotRow(Projected, table=True):
    """What a bot was told for an interval; no `bundle` once it was deleted."""

    __tablename__ = "bot"
    __table_args__ = (
        Index("ix_bot_since_order", "environment", "since"),
        Index("ix_bot_until", "environment", "until"),
    )

    environment: str = Field(primary_key=True)
    bot: str = Field(primary_key=True)
    since: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    until: int | None
    bundle: str | None = Field(index=True)
    floor: int
    stopped: bool


class MomentRow(Projected, table=True):
    """When an environment came to a sequence number, and by which event."""

    __tablename__ = "moment"
    __table_args__ = (Index("ix_moment_at", "environment", "at"),)

    environment: str = Field(primary_key=True)
    seq: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    number: int
    at: datetime


class AccountRow(Operational, table=True):
    """How somebody signs in.  Without a hash they cannot."""

    __tablename__ = "account"

    handle: str = Field(primary_key=True)
    name: str
    email: str
    password_hash: str | None
    reset_at: datetime | None


class SessionRow(Operational, table=True):
    __tablename__ = "session"

    token_hash: str = Field(primary_key=True)
    handle: str = Field(index=True)
    began: datetime
    last_used: datetime
    ends: datetime
    reset_at: datetime | None


class TokenRow(Operational, table=True):
    """A machine's token; `environments` and `bots` are names joined by spaces.

    `made_by` is null where that was not written down.
    """

    __tablename__ = "token"

    id: str = Field(primary_key=True)
    token_hash: str = Field(unique=True)
    handle: str = Field(index=True)
    purpose: str
    scope: str
    environments: str
    bots: str
    made: datetime
    expires: datetime
    revoked: datetime | None
    made_by: str | None
    last_used: datetime | None


class ObservationRow(Operational, table=True):
    """What chatbots said has answered them, added up.

    `fingerprint` is empty if the platform named none.  `binding` is the name of the
    binding, one of the bot's or a fallback, that expects this model; if none does
    it is empty.
    """

    __tablename__ = "observation"
    __table_args__ = (
        Index("ix_observation_bot_last_seen", "environment", "bot", "last_seen"),
    )

    environment: str = Field(primary_key=True)
    bot: str = Field(primary_key=True)
    role: str = Field(primary_key=True)
    seq: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    bundle: str = Field(primary_key=True)
    response_model: str = Field(primary_key=True)
    fingerprint: str = Field(primary_key=True)
    binding: str
    first_seen: datetime
    last_seen: datetime
    count: int = Field(sa_type=BigInteger)


class AlertRow(Operational, table=True):
    """Something that somebody has to look at; `resolved` when somebody has.

    `recovered` once what was expected was seen again after that; until then the
    same difference raises nothing new.
    """

    __tablename__ = "alert"
    __table_args__ = (
        Index(
            "ix_alert_difference",
            *("kind", "environment", "bot", "role", "expected", "got"),
            unique=True,
            sqlite_where=text("NOT recovered"),
            postgresql_where=text("NOT recovered"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    kind: str
    environment: str
    bot: str
    role: str
    expected: str
    got: str
    seq: int
    bundle: str
    first_seen: datetime
    last_seen: datetime
    resolved: datetime | None
    resolved_by: str | None
    reason: str | None
    recovered: bool
