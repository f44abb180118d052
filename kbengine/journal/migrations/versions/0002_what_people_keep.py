"""What people choose to keep of messages, each row with its term: phrases, gaps, dismissals."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add the three tables; what was there is not touched."""
    for name, columns in (
        ("phrases", (_name("slug", 80), _name("lang", 2), _text("text"), _name("teacher", 32), _text("hands"))),
        ("gaps", (_name("lang", 2), _text("text"))),
        ("dismissals", (_name("slug", 80), _name("lang", 2), _name("channel", 32))),
    ):
        op.create_table(
            name,
            sa.Column("id", sa.Integer(), nullable=False),
            _name("at", 27),
            _name("expires", 27),
            *columns,
            sa.PrimaryKeyConstraint("id"),
        )


def _name(column: str, length: int) -> sa.Column[str]:
    return sa.Column(column, sa.String(length=length), nullable=False)


def _text(column: str) -> sa.Column[str]:
    return sa.Column(column, sa.Text(), nullable=False)
