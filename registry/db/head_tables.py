"""The table of signed heads: rows, and nothing else.  Private to `registry.db`.

A set of its own: ten thousand of them are written every five minutes and can be
signed again at any time, so on SQLite they have a file of their own that is not
flushed, and nobody who signs in or votes waits for it.
"""

from datetime import datetime

from sqlalchemy import BigInteger, Index, LargeBinary, MetaData
from sqlmodel import Field, SQLModel

from registry.db.tables import NAMES


class Headed(SQLModel):
    metadata = MetaData(naming_convention=NAMES)


class SignedHeadRow(Headed, table=True):
    """The newest head of a bot; of the environment itself where `bot` is empty.

    `serial` rises with every row that is written, so that a reader takes in what is
    new; `signed_by` are the keys' short forms, joined by spaces.
    """

    __tablename__ = "signed_head"
    __table_args__ = (Index("ix_signed_head_serial", "serial"),)

    environment: str = Field(primary_key=True)
    bot: str = Field(primary_key=True)
    serial: int = Field(sa_type=BigInteger)
    repository: str
    epoch: int
    seq: int
    floor: int
    content: str | None
    stopped: bool
    issued: datetime
    renew: datetime
    expires: datetime
    signed_by: str
    body: bytes = Field(sa_type=LargeBinary)
