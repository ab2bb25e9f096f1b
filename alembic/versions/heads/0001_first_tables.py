"""first tables

Taken back: nothing is lost; heads are signed again.

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
        "signed_head",
        sa.Column("environment", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("bot", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("serial", sa.BigInteger(), nullable=False),
        sa.Column("repository", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("floor", sa.Integer(), nullable=False),
        sa.Column("content", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("stopped", sa.Boolean(), nullable=False),
        sa.Column("issued", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("renew", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("expires", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("signed_by", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("environment", "bot", name=op.f("pk_signed_head")),
    )
    with op.batch_alter_table("signed_head", schema=None) as batch_op:
        batch_op.create_index("ix_signed_head_serial", ["serial"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("signed_head", schema=None) as batch_op:
        batch_op.drop_index("ix_signed_head_serial")

    op.drop_table("signed_head")
