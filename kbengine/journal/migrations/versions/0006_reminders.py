"""Where somebody is reminded of what waits, and how many days a review date was moved forward to spread them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Add the column, nought for every decision of before, and the table."""
    op.add_column("decisions", sa.Column("early", sa.Integer(), nullable=False, server_default="0"))
    op.create_table(
        "reminders",
        sa.Column("person", sa.String(length=32), nullable=False),
        sa.Column("calendar", sa.String(length=64), nullable=False, server_default=""),
        sa.Column("address", sa.String(length=254), nullable=False, server_default=""),
        sa.Column("mailed", sa.String(length=10), nullable=False, server_default=""),
        sa.ForeignKeyConstraint(["person"], ["people.id"]),
        sa.PrimaryKeyConstraint("person"),
    )
