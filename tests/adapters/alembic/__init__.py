"""Tests of the adapter for alembic, most of them with the real tool."""
