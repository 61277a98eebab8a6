"""Looking at a database: the one lens through which every schema is seen."""

from __future__ import annotations

from harness.databases.databases import backend_of
from harness.databases.watch import Watch
from harness.model.snapshot import Snapshot


def take(url: str, bookkeeping: tuple[str, ...] = ()) -> Snapshot:
    """Return what a database holds; tables in `bookkeeping` are kept apart.

    Looking never creates or changes anything and keeps no lock. A database that
    is not there holds nothing. `DatabaseRefused` if it cannot be read.
    """
    return backend_of(url).look(url, frozenset(bookkeeping))


def watch(url: str, bookkeeping: tuple[str, ...] = ()) -> Watch:
    """Return a look at a database that can be taken again and again.

    It tells the same as `take`, and spares what is known to have stayed; where it is
    said what was sent, also the rows of `bookkeeping`.
    """
    return backend_of(url).watch(url, frozenset(bookkeeping))


def outline(url: str, bookkeeping: tuple[str, ...] = ()) -> str:
    """Return a text that changes if what a database holds does, as cheaply as it can."""
    return backend_of(url).outline(url, frozenset(bookkeeping))
