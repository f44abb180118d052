"""Passwords, what a token is called, when a session was last used and proven, and how often somebody tried."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

COLUMNS = (
    ("people", "password", 200),
    ("tokens", "label", 80),
    ("tokens", "created", 27),
    ("tokens", "used", 27),
    ("sessions", "used", 27),
    ("sessions", "proven", 27),
)


def upgrade() -> None:
    """Add the columns, empty, and the table of attempts; a session of before asks for a new proof."""
    for table, name, length in COLUMNS:
        op.add_column(table, sa.Column(name, sa.String(length=length), nullable=False, server_default=""))
    op.create_table(
        "attempts",
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("at", sa.String(length=27), nullable=False),
        sa.Column("expires", sa.String(length=27), nullable=False),
        sa.PrimaryKeyConstraint("key"),
    )
