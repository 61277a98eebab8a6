"""Databases of the cells, and what is seen in them: no tool is involved here."""

from harness.databases.backend import Backend, DatabaseRefused
from harness.databases.databases import (
    BACKENDS,
    Databases,
    backend_named,
    backend_of,
    use_servers,
)

__all__ = [
    "BACKENDS",
    "Backend",
    "DatabaseRefused",
    "Databases",
    "backend_named",
    "backend_of",
    "use_servers",
]
