"""Decisions that could favour alembic, or harm it; the README says more."""

from __future__ import annotations

from harness.contract import Reading

READINGS = (
    Reading(
        "configuration",
        "env.py takes the URL from the environment and the metadata from the "
        "application's models, as most projects do; a history read without either "
        "still works, an upgrade does not",
    ),
    Reading(
        "SQLite",
        "what SQLite cannot alter is written in batch mode, as the documentation "
        "advises; everything else as a plain operation",
    ),
    Reading(
        "several heads",
        "`heads` that lists more than one counts as a warning: it tells, and exits "
        "with 0",
    ),
    Reading(
        "redoing a loser",
        "down_revision and the `Revises:` line of the docstring are both edited, "
        "although only the first is read",
    ),
    Reading(
        "lines that are meant",
        "expand and contract are two labelled branches of one history, and two histories "
        "in one database have a version table each; the linear policy has no room for "
        "lines, and counts neither way",
    ),
    Reading(
        "numbers that are timestamps",
        "an option of the other tool, which counts neither way here: revision ids are "
        "random, and file_template can put a date into a file's name, which orders "
        "nothing",
    ),
    Reading(
        "enumerated types",
        "an author who thinks of the type creates and drops it with SQLAlchemy's Enum, as "
        "the tool's maintainers advise; stories have the other author as well",
    ),
    Reading(
        "SQL files",
        "there are none: a patch that has SQL files elsewhere is one Python file here",
    ),
    Reading(
        "the linear policy",
        "the HEAD file is written by a post-write hook of `alembic revision`, and the "
        "check is a script in the repository that a gate would run",
    ),
    Reading(
        "releases before 0.7",
        "heads are read off `alembic history`; a revision in another place is written "
        "and its parent edited; SQLite gets the same statements as other databases, for "
        "there are no batches; PYTHONPATH names the application",
    ),
    Reading(
        "the linear policy before 1.12",
        "HEAD is written by a second command, as Neutron's own command line did: hooks "
        "that run any program came with 1.12",
    ),
    Reading(
        "SQLAlchemy before 1.4",
        "it puts a CHECK on every Boolean and enumerated column by itself; that counts as "
        "no difference, whether it is there or not",
    ),
)
