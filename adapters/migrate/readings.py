"""The decisions that could favour sqlalchemy-migrate, or harm it; see README.md."""

from __future__ import annotations

from harness.contract import Reading

READINGS: tuple[Reading, ...] = ()
