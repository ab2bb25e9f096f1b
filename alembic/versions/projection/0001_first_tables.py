"""first tables

Taken back: nothing is lost; `placet rebuild` makes the rows again.

Revision ID: 0001
Revises:
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "bot",
        sa.Column("environment", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("bot", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("since", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("until", sa.Integer(), nullable=True),
        sa.Column("bundle", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("floor", sa.Integer(), nullable=False),
        sa.Column("stopped", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("environment", "bot", "since", name=op.f("pk_bot")),
    )
    with op.batch_alter_table("bot", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_bot_bundle"), ["bundle"], unique=False)
        batch_op.create_index(
            "ix_bot_since_order", ["environment", "since"], unique=False
        )
        batch_op.create_index("ix_bot_until", ["environment", "until"], unique=False)

    op.create_table(
        "event",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("type", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("actor", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("environment", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("seq", sa.Integer(), nullable=True),
        sa.Column("change", sa.Integer(), nullable=True),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_event")),
    )
    with op.batch_alter_table("event", schema=None) as batch_op:
        batch_op.create_index(
            "ix_event_change_number", ["change", "number"], unique=False
        )
        batch_op.create_index(
            "ix_event_environment_number", ["environment", "number"], unique=False
        )

    op.create_table(
        "ledger_head",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("digest", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("position", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_head")),
    )
    op.create_table(
        "live",
        sa.Column("environment", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("document", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("since", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("until", sa.Integer(), nullable=True),
        sa.Column("version", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("digest", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("composed", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.PrimaryKeyConstraint(
            "environment", "document", "since", name=op.f("pk_live")
        ),
    )
    with op.batch_alter_table("live", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_live_composed"), ["composed"], unique=False
        )
        batch_op.create_index(
            "ix_live_now",
            ["environment", "document"],
            unique=True,
            sqlite_where=sa.text("until IS NULL"),
            postgresql_where=sa.text("until IS NULL"),
        )
        batch_op.create_index("ix_live_since", ["environment", "since"], unique=False)
        batch_op.create_index("ix_live_until", ["environment", "until"], unique=False)

    op.create_table(
        "moment",
        sa.Column("environment", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("environment", "seq", name=op.f("pk_moment")),
    )
    with op.batch_alter_table("moment", schema=None) as batch_op:
        batch_op.create_index("ix_moment_at", ["environment", "at"], unique=False)

    op.create_table(
        "served",
        sa.Column("digest", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_served")),
    )
    op.create_table(
        "text",
        sa.Column("digest", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_text")),
    )


def downgrade() -> None:
    op.drop_table("text")
    op.drop_table("served")
    with op.batch_alter_table("moment", schema=None) as batch_op:
        batch_op.drop_index("ix_moment_at")

    op.drop_table("moment")
    with op.batch_alter_table("live", schema=None) as batch_op:
        batch_op.drop_index("ix_live_until")
        batch_op.drop_index("ix_live_since")
        batch_op.drop_index(
            "ix_live_now",
            sqlite_where=sa.text("until IS NULL"),
            postgresql_where=sa.text("until IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_live_composed"))

    op.drop_table("live")
    op.drop_table("ledger_head")
    with op.batch_alter_table("event", schema=None) as batch_op:
        batch_op.drop_index("ix_event_environment_number")
        batch_op.drop_index("ix_event_change_number")

    op.drop_table("event")
    with op.batch_alter_table("bot", schema=None) as batch_op:
        batch_op.drop_index("ix_bot_until")
        batch_op.drop_index("ix_bot_since_order")
        batch_op.drop_index(batch_op.f("ix_bot_bundle"))

    op.drop_table("bot")
