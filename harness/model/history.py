"""A history of migrations as it lies on disk, read without running anything of it."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path

import msgspec

from harness.model.faults import FaultKind


class ActKind(StrEnum):
    """What a migration does to a database, as far as reading tells."""

    CREATE_TABLE = "create table"
    DROP_TABLE = "drop table"
    RENAME_TABLE = "rename table"
    ADD_COLUMN = "add column"
    DROP_COLUMN = "drop column"
    RENAME_COLUMN = "rename column"
    ALTER_COLUMN = "alter column"
    CREATE_INDEX = "create index"
    DROP_INDEX = "drop index"
    ADD_CONSTRAINT = "add constraint"
    DROP_CONSTRAINT = "drop constraint"
    CHANGE_ROWS = "change rows"
    COMMENT = "comment"
    SQL = "other statement"
    ELSEWHERE = "code outside the script"


class Trait(StrEnum):
    """What matters about an act when it meets a table in use."""

    NOT_NULL = "not null"
    NULLABLE = "nullable"
    DEFAULT = "server default"
    TYPE = "type"
    UNIQUE = "unique"
    FOREIGN_KEY = "foreign key"
    CHECK = "check"
    PRIMARY_KEY = "primary key"
    CONCURRENTLY = "concurrently"
    COPY = "copies the table on SQLite"
    WHOLE = "whole column"
    """All of a column is said anew, whatever of it changes."""


class Act(msgspec.Struct, frozen=True):
    """One thing that a script does: `table` and `name` are empty where not written out.

    `name` is a column, an index or a constraint; `line` is that of the script. On the
    backends of `left_out` it is not done, by the script's own test of the dialect.
    `columns` are those of an index that is made.
    """

    kind: ActKind
    line: int
    table: str = ""
    name: str = ""
    traits: tuple[Trait, ...] = ()
    left_out: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()


class ObstacleKind(StrEnum):
    """Why a script cannot be turned into SQL without a database."""

    REFLECTION = "reads the schema of the database"
    ROWS = "reads rows"
    PARAMETERS = "sends parameters apart from the SQL"
    LITERALS = "leaves placeholders for values, for env.py sets no literal_binds"
    CONNECTION = "uses the connection itself"


class Obstacle(msgspec.Struct, frozen=True):
    """One place in a script that needs a database; `words` are the code there."""

    kind: ObstacleKind
    line: int
    words: str


class Direction(msgspec.Struct, frozen=True):
    """The upgrade or the downgrade of a revision.

    `written` says whether it is there at all, `blank` whether it holds nothing that
    could do anything, `raises` what it raises when that is all it does.
    """

    written: bool = False
    blank: bool = False
    raises: str = ""
    acts: tuple[Act, ...] = ()
    obstacles: tuple[Obstacle, ...] = ()


class Revision(msgspec.Struct, frozen=True, kw_only=True):
    """One place in a history.

    `files` are relative to the repository. `parents` and `depends_on` are ids, or as
    far as `depends_on` goes labels. `said` is what the script's heading names as its
    parents, None where it names none. `date` is ISO 8601, or empty. Of a script that is
    `unread` only the place is known.
    """

    id: str
    parents: tuple[str, ...] = ()
    depends_on: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    files: tuple[Path, ...]
    message: str = ""
    date: str = ""
    said: tuple[str, ...] | None = None
    upgrade: Direction = Direction()
    downgrade: Direction = Direction()
    unread: bool = False


class Trouble(msgspec.Struct, frozen=True):
    """What a reader met that is no revision of the history, or one that loses."""

    kind: FaultKind
    words: str
    remedy: str
    files: tuple[Path, ...] = ()
    line: int = 0


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """Where a repository lies: `versions` are the folders that hold its scripts.

    `settings` is the file that told, if one did.
    """

    tool: str
    directory: Path
    versions: tuple[Path, ...]
    settings: Path | None = None
    nested: bool = False
    troubles: tuple[Trouble, ...] = ()


class History(msgspec.Struct, frozen=True, kw_only=True):
    """What a repository holds: revisions in the order of their files' names.

    `scripts` counts the files that the tool takes for scripts, readable or not.
    """

    place: Place
    revisions: tuple[Revision, ...]
    scripts: int
    troubles: tuple[Trouble, ...] = ()


class Edit(msgspec.Struct, frozen=True):
    """What one commit did to one script: lines are without their line ends.

    `before` is the path before the commit, None for a script that came with it.
    """

    commit: str
    date: str
    subject: str
    before: Path | None
    after: Path
    removed: tuple[str, ...] = ()
    added: tuple[str, ...] = ()


class Repositioning(msgspec.Struct, frozen=True):
    """Another place that a script was given in the history after it had been written."""

    commit: str
    date: str
    subject: str
    file: Path
    was: str
    became: str
