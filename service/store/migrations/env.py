"""What Alembic runs: the steps that are missing, over a connection whose transaction ``service.store.migrate`` ends."""

from __future__ import annotations

from alembic import context

context.configure(connection=context.config.attributes["connection"], transactional_ddl=False)
context.run_migrations()
