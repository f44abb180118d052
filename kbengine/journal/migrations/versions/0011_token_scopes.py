"""What a token is good for; one of before stays good for everything its person may do."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Add the column; what was there is not touched."""
    op.add_column("tokens", sa.Column("scopes", sa.String(length=40), nullable=False, server_default="all"))
