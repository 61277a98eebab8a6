"""alembic, as published and under a linear policy."""

from adapters.alembic.adapter import ADAPTER

__all__ = ["ADAPTER"]
