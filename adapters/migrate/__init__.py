"""sqlalchemy-migrate."""

from adapters.migrate.adapter import MigrateAdapter

ADAPTER = MigrateAdapter()
