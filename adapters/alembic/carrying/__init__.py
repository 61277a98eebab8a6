"""Histories that come from another tool, written as repositories of alembic."""
