"""How a database of any version becomes one of this: Alembic's, run by ``service.store.migrate``."""
