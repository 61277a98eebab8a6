"""What alembic's functions are for, for the anatomy of its commands."""

from __future__ import annotations

from collections.abc import Mapping

from adapters.alembic.era import Era
from adapters.anatomy import marks_of_libraries
from harness.contract import MAIN, Mark, marked
from harness.model.anatomy import Phase

_PACKAGES = "0.8.0"
"""`alembic.script` and `alembic.runtime` became packages, by its sources.

The two releases before it, in which lines can meet, are marked like those before them:
what they have no function for is told.
"""


def marks(versions: Mapping[str, str]) -> tuple[Mark, ...]:
    """Return the marks in a release, and in what it stands on.

    `run_migrations` runs the migrations' functions, one after the other, between the
    version table's rows: what it takes itself is theirs. `current` goes through it as well,
    and prints there, which is set apart.
    """
    era = Era.of(versions)
    new = era.has(_PACKAGES)
    script = "alembic.script.base" if new else "alembic.script"
    migration = "alembic.runtime.migration" if new else "alembic.migration"
    return (
        *marked(MAIN, "alembic.config:main"),
        *marked(
            Phase.CONFIGURATION,
            "alembic.config:CommandLine.__init__",
            "argparse:ArgumentParser.parse_args",
            "alembic.config:Config.file_config",
            f"{script}:ScriptDirectory.from_config",
            f"{script}:ScriptDirectory.run_env",
        ),
        *marked(
            Phase.PLANNING,
            f"{script}:ScriptDirectory._upgrade_revs",
            f"{script}:ScriptDirectory._downgrade_revs",
            f"{script}:ScriptDirectory.walk_revisions",
        ),
        *marked(Phase.REST, "alembic.config:Config.print_stdout"),
        *marked(Phase.DDL, f"{migration}:MigrationContext.run_migrations"),
        *marked(Phase.WRITING, f"{script}:ScriptDirectory.generate_revision"),
        *(_with_lines(migration) if new else _of_one_line(script, migration)),
        *marks_of_libraries(versions),
    )


def _with_lines(migration: str) -> tuple[Mark, ...]:
    return (
        *marked(
            Phase.HISTORY,
            "alembic.script.revision:RevisionMap._revision_map",
        ),
        *marked(
            Phase.BOOKKEEPING,
            f"{migration}:MigrationContext.get_current_heads",
            f"{migration}:MigrationContext._ensure_version_table",
            f"{migration}:HeadMaintainer.update_to_step",
        ),
        *marked(
            Phase.COMPARING,
            "alembic.autogenerate.api:RevisionContext.run_autogenerate",
        ),
        *marked(Phase.PLANNING, "alembic.script.base:ScriptDirectory.get_all_current"),
        *marked(Phase.REST, "alembic.script.base:Script.cmd_format"),
    )


def _of_one_line(script: str, migration: str) -> tuple[Mark, ...]:
    return (
        *marked(Phase.HISTORY, f"{script}:ScriptDirectory._revision_map"),
        *marked(
            Phase.BOOKKEEPING,
            f"{migration}:MigrationContext.get_current_revision",
            f"{migration}:MigrationContext._update_current_rev",
        ),
        *marked(Phase.COMPARING, "alembic.autogenerate:_produce_migration_diffs"),
    )
