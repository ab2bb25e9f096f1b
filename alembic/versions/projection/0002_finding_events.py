"""finding events

Taken back: nothing is lost; finding events takes longer.

Revision ID: 0002
Revises: 0001
"""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("event", schema=None) as batch_op:
        batch_op.create_index("ix_event_type_number", ["type", "number"], unique=False)
        batch_op.create_index(
            "ix_event_actor_number", ["actor", "number"], unique=False
        )
        batch_op.create_index("ix_event_at", ["at"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("event", schema=None) as batch_op:
        batch_op.drop_index("ix_event_at")
        batch_op.drop_index("ix_event_actor_number")
        batch_op.drop_index("ix_event_type_number")
