"""The tables of the outbox: rows, and nothing else.  Private to `registry.db`.

They are operational: a rebuild does not touch them.
"""

from datetime import datetime

from sqlalchemy import Index, LargeBinary, UniqueConstraint
from sqlmodel import Field

from registry.db.tables import Operational


class OutboxCursorRow(Operational, table=True):
    """One row: the number of the last event that notices were made for."""

    __tablename__ = "outbox_cursor"

    id: int = Field(primary_key=True)
    number: int


class NoticeRow(Operational, table=True):
    """`body` has the notice as JSON; the rest is for finding it."""

    __tablename__ = "notice"

    id: str = Field(primary_key=True)
    at: datetime
    kind: str
    environment: str | None
    body: bytes = Field(sa_type=LargeBinary)


class NotificationTargetRow(Operational, table=True):
    """Lists are joined by spaces.  A target that was removed keeps its name only.

    `secret` signs; `old_secret` signs as well until `old_until`.
    """

    __tablename__ = "notification_target"

    id: str = Field(primary_key=True)
    kind: str
    name: str
    address: str
    environments: str
    kinds: str
    urgency: str
    made: datetime
    made_by: str
    secret: str | None
    old_secret: str | None
    old_until: datetime | None
    removed: datetime | None


class DeliveryRow(Operational, table=True):
    """A notice on its way to one target, and for e-mail to one person.

    `next_try` is empty once it was delivered or given up.  While somebody tries,
    it says when that has taken too long and somebody else may.
    """

    __tablename__ = "delivery"
    __table_args__ = (
        UniqueConstraint("notice", "target", "recipient"),
        Index("ix_delivery_next_try", "next_try", "target"),
    )

    id: int | None = Field(default=None, primary_key=True)
    notice: str = Field(foreign_key="notice.id")
    target: str = Field(foreign_key="notification_target.id")
    recipient: str
    made: datetime
    attempts: int
    next_try: datetime | None
    last_error: str | None
    delivered: datetime | None
    given_up: datetime | None
