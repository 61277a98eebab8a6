"""What costs what: the phases of a command, and what it has a database do."""

from __future__ import annotations

from enum import StrEnum

import msgspec


class Phase(StrEnum):
    """A part of the time of a command. Together they are all of it, and none overlaps."""

    INTERPRETER = "interpreter start"
    """From when the process was started to the first line that the harness runs in it."""
    PROBE = "the probe"
    """Installing what takes these times: no user pays it."""
    IMPORTS = "imports"
    """Loading modules that are not the repository's, whenever that is done."""
    CONFIGURATION = "configuration"
    """The command line, files of settings, and the environment script."""
    HISTORY = "loading the history"
    """Reading the migrations' files, and making a history of them."""
    CONNECTING = "connecting"
    """An engine, a connection, and what is asked to get to know the server."""
    PLANNING = "planning"
    """Working out which migrations are to run."""
    COMPARING = "comparing"
    """Reading the database's schema, and comparing it with models."""
    DDL = "DDL"
    """The migrations' functions, and statements that change tables or rows."""
    BOOKKEEPING = "bookkeeping"
    """The tool's own tables: looking, making them, and writing where the database is."""
    TRANSACTIONS = "transactions"
    """BEGIN, COMMIT and ROLLBACK, as the driver is told them."""
    WRITING = "writing"
    """Making a new migration's file."""
    REST = "rest"
    """Inside the command's main function, and in none of the others."""
    EXIT = "exit"
    """From the main function's end to the end of the process."""


class Kind(StrEnum):
    """What a statement is for."""

    SCHEMA = "schema"
    ROWS = "rows"
    BOOKKEEPING = "bookkeeping"
    TRANSACTION = "transaction"
    QUESTION = "question"
    """It asks, or sets something for the session."""


class Dissected(msgspec.Struct, frozen=True):
    """A step that was carried out once with the probe, all its commands together.

    `phases` add up to `seconds`; `database` is how many of these went by in the
    database's driver, waiting for a server or for SQLite.
    """

    seconds: float
    phases: dict[Phase, float]
    database: float


class Rewritten(msgspec.Struct, frozen=True):
    """What was written anew of a database's pages, as it is before and afterwards.

    `pages` were there before and have another content (SQLite), or belong to a table or
    index that was written to another file (PostgreSQL). `added` were not there before,
    be it in a table that has grown.
    `rows` are those of tables that were written to another file, or what SQLite counts as
    changed rows.
    """

    page_bytes: int
    pages: int
    added: int
    rows: int | None = None


class Work(msgspec.Struct, frozen=True):
    """What a database was told and did: counts, the same each time.

    `round_trips` are waits for a server, to connect among them; an embedded database has
    none. Bytes are those on the line. What is None could not be had, and `Anatomy.reasons`
    says why.
    """

    statements: dict[Kind, int] | None = None
    connections: int | None = None
    round_trips: int | None = None
    bytes_sent: int | None = None
    bytes_received: int | None = None
    rewritten: Rewritten | None = None

    @property
    def all_statements(self) -> int | None:
        """How many statements were sent, of whatever kind."""
        return None if self.statements is None else sum(self.statements.values())


class Anatomy(msgspec.Struct, frozen=True):
    """What a step costs, part by part, and what it has the database do.

    `unknown` are functions that a phase was to be told by and that the release does not
    have: what they would take is in the phase around it. `reasons` say what else is not
    known, and why. If `void` says something, the step did not go through with the probe.
    """

    repetitions: tuple[Dissected, ...] = ()
    work: Work = Work()
    unknown: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()
    void: str = ""
