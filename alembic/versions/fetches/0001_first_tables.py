"""first tables

Taken back: what was fetched is forgotten, and counting begins anew.

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
        "fetch_client",
        sa.Column("environment", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("document", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("handle", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("via", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("first_seen", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("last_seen", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint(
            "environment", "document", "handle", "via", name=op.f("pk_fetch_client")
        ),
    )
    with op.batch_alter_table("fetch_client", schema=None) as batch_op:
        batch_op.create_index("ix_fetch_client_last_seen", ["last_seen"], unique=False)

    op.create_table(
        "fetch_count",
        sa.Column("environment", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("document", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("hour", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("handle", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("via", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("first_seen", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("last_seen", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("count", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint(
            "environment",
            "document",
            "hour",
            "seq",
            "handle",
            "via",
            name=op.f("pk_fetch_count"),
        ),
    )
    with op.batch_alter_table("fetch_count", schema=None) as batch_op:
        batch_op.create_index("ix_fetch_count_hour", ["hour"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("fetch_count", schema=None) as batch_op:
        batch_op.drop_index("ix_fetch_count_hour")

    op.drop_table("fetch_count")
    with op.batch_alter_table("fetch_client", schema=None) as batch_op:
        batch_op.drop_index("ix_fetch_client_last_seen")

    op.drop_table("fetch_client")
