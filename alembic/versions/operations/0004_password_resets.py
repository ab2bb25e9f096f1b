"""password resets

Taken back: that somebody else has set a password is forgotten, so that whoever it is
of may vote and confirm at once.

Revision ID: 0004
Revises: 0003
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ("account", "session"):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.add_column(
                sa.Column(
                    "reset_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True
                )
            )


def downgrade() -> None:
    for table in ("session", "account"):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_column("reset_at")
