"""Counters that expire take the place of failures counted by name, by which strangers could lock a name."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Create the counters; failures and locks of accounts go."""
    op.create_table(
        "counter",
        sa.Column("key", sa.String(255), nullable=False),
        sa.Column("count", sa.Integer, nullable=False),
        sa.Column("expires_at", sa.Double, nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_counter"),
    )
    op.create_index("ix_counter_expires_at", "counter", ["expires_at"])
    with op.batch_alter_table("account") as account:
        account.drop_column("failures")
        account.drop_column("locked_until")


def downgrade() -> None:
    """Forget the counters; nobody is locked."""
    op.drop_table("counter")
    with op.batch_alter_table("account") as account:
        account.add_column(sa.Column("failures", sa.Integer, nullable=False, server_default="0"))
        account.add_column(sa.Column("locked_until", sa.DateTime(timezone=True), nullable=True))
