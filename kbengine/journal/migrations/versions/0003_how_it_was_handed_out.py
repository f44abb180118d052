"""How a text was handed out: what differed from the vetted one, which part it was, whether a second person agreed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Add the columns; what was handed out before counts as whole and as it was vetted."""
    for column in (
        sa.Column("kinds", sa.Text(), nullable=False, server_default=""),
        sa.Column("percent", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("part", sa.Integer(), nullable=False, server_default="1"),
        sa.Column("parts", sa.Integer(), nullable=False, server_default="1"),
        sa.Column("second", sa.Boolean(), nullable=False, server_default=sa.false()),
    ):
        op.add_column("copies", column)
