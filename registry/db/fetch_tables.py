"""The tables of what was fetched: rows, and nothing else.  Private to `registry.db`.

A set of its own: it is written every few seconds and missed least, so on SQLite it
has a file of its own, and nobody who signs in or votes waits for it.
"""

from datetime import datetime

from sqlalchemy import BigInteger, Index, MetaData
from sqlmodel import Field, SQLModel

from registry.db.tables import NAMES


class Counted(SQLModel):
    metadata = MetaData(naming_convention=NAMES)


class FetchCountRow(Counted, table=True):
    """How often one client was told one seq of one document in one hour."""

    __tablename__ = "fetch_count"
    __table_args__ = (Index("ix_fetch_count_hour", "hour"),)

    environment: str = Field(primary_key=True)
    document: str = Field(primary_key=True)
    hour: datetime = Field(primary_key=True)
    seq: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    handle: str = Field(primary_key=True)
    via: str = Field(primary_key=True)
    first_seen: datetime
    last_seen: datetime
    count: int = Field(sa_type=BigInteger)


class FetchClientRow(Counted, table=True):
    """What one client was told last of one document; `first_seen` at that seq."""

    __tablename__ = "fetch_client"
    __table_args__ = (Index("ix_fetch_client_last_seen", "last_seen"),)

    environment: str = Field(primary_key=True)
    document: str = Field(primary_key=True)
    handle: str = Field(primary_key=True)
    via: str = Field(primary_key=True)
    seq: int
    first_seen: datetime
    last_seen: datetime
