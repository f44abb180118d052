"""Runs the migrations on the connection the store hands over, inside its transaction."""

from __future__ import annotations

from alembic import context

from kbengine.journal.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
context.run_migrations()
