"""Tests of the adapter for sqlalchemy-migrate, most of them with the real tool."""
