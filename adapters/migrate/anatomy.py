"""What sqlalchemy-migrate's functions are for, for the anatomy of its commands."""

from __future__ import annotations

from collections.abc import Mapping

from adapters.anatomy import marks_of_libraries
from harness.contract import MAIN, Mark, marked
from harness.model.anatomy import Phase


def marks(versions: Mapping[str, str]) -> tuple[Mark, ...]:
    """Return the marks in any release since 0.7, and in what it stands on.

    A repository looks at all file names when it is opened; a script is loaded when its
    turn comes to run, which counts as loading the history as well.
    """
    return (
        *marked(MAIN, "migrate.versioning.shell:main"),
        *marked(
            Phase.CONFIGURATION,
            "optparse:OptionParser.parse_args",
            "migrate.versioning.cfgparse:Config.__init__",
        ),
        *marked(
            Phase.HISTORY,
            "migrate.versioning.repository:Repository.__init__",
            "migrate.versioning.version:Collection.__init__",
            "migrate.versioning.script.py:PythonScript.verify_module",
            "migrate.versioning.script.py:PythonScript.module",
        ),
        *marked(Phase.PLANNING, "migrate.versioning.schema:ControlledSchema.changeset"),
        *marked(
            Phase.DDL,
            "migrate.versioning.script.py:PythonScript.run",
            "migrate.versioning.script.sql:SqlScript.run",
        ),
        *marked(
            Phase.BOOKKEEPING,
            "migrate.versioning.schema:ControlledSchema.load",
            "migrate.versioning.schema:ControlledSchema.update_repository_table",
            "migrate.versioning.schema:ControlledSchema.create",
        ),
        *marked(
            Phase.COMPARING,
            "migrate.versioning.schema:ControlledSchema.compare_model_to_db",
        ),
        *marked(
            Phase.WRITING, "migrate.versioning.repository:Repository.create_script"
        ),
        *marks_of_libraries(versions),
    )
