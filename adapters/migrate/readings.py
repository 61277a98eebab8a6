"""The decisions that could favour sqlalchemy-migrate, or harm it, in a sentence or two.

README.md beside this file has each of them at length, under the same heading.
"""

from __future__ import annotations

from harness.contract import Reading

READINGS: tuple[Reading, ...] = (
    Reading(
        "Help to start",
        "On Python 3.11 and later inspect.getargspec is put back, without which no "
        "command of the tool runs at all.",
    ),
    Reading(
        "Control of a new database",
        "version_control is run once, before the first upgrade of a database, and "
        "counts as a command; nothing is tried in vain first.",
    ),
    Reading(
        "Numbers of SQL files",
        "script_sql takes a version number of its own; the author renames its two files "
        "to the number of the Python script beside which they belong, as Nova did.",
    ),
    Reading(
        "CHECK constraints",
        "Where the tool cannot add or drop a CHECK, the author does: with SQL files "
        "that rebuild the table on SQLite, with ALTER TABLE as text on MySQL.",
    ),
    Reading(
        "Comments and enumerated types",
        "The tool has no operation on comments: a change of one alone is unsupported, and "
        "not written as text. A type is created and dropped with SQLAlchemy's Enum, if "
        "the story's author thinks of it.",
    ),
    Reading(
        "Reading tables from the database",
        "Scripts read tables with autoload=True, as they did in 2013. Previews as SQL "
        "fail on that, and would fail on any added or altered column without it.",
    ),
    Reading(
        "Listing the history",
        "The tool tells its newest number only; the names are read off the directory, "
        "after `migrate version` has shown that the repository loads.",
    ),
    Reading(
        "Tracebacks count as crashes",
        "Most of the tool's own errors reach the user as a traceback; they count as "
        "crashed, however well they are worded, and only `migrate: error:` as refused.",
    ),
    Reading(
        "A missing version, or one beyond the end",
        "The tool says both in the same words; they are told apart by whether the number "
        "is above the newest one in the tree.",
    ),
    Reading(
        "Renumbering the losers",
        "The losing files are renamed with git mv and nothing else is changed; tests with "
        "the number in them are renumbered where a story has them.",
    ),
    Reading(
        "Files that the manifest does not list",
        "A script that versions.json does not list, or lists and that is missing, stops "
        "every command. The proposal of 2013 did not say; silence would lose migrations.",
    ),
    Reading(
        "Order of the manifest",
        "versions.json has the newest version first, so that a new one is one more line; "
        "the other way round a comma would change on a second line.",
    ),
    Reading(
        "SQL files with a manifest",
        "script_sql makes an entry of its own, as it takes a number of its own without a "
        "manifest; the author joins it with the entry of the Python script.",
    ),
    Reading(
        "Stamping",
        "version_control looks at the number and then refuses a database that is under "
        "control; on that refusal alone control is dropped, and the command run again.",
    ),
    Reading(
        "Lines that are meant",
        "Expand and contract are a repository each, beside the one they begin behind; "
        "each is an upgrade of its own, and none can need a script of another.",
    ),
    Reading(
        "A copied repository",
        "The copy does not put the database under control again: a deployment that asks "
        "db_version first has no reason to. version_control there would be refused.",
    ),
    Reading(
        "Names of scripts with a manifest",
        "Whoever renames a script says so in versions.json too; stories of numbers in "
        "names cannot be told there, and count neither way.",
    ),
    Reading(
        "The tool of 2013",
        "0.8.2 is driven by the same commands as 0.13.0; the manifest is the same patch. "
        "SQLAlchemy of that time puts a CHECK on every Boolean column by itself, which "
        "counts as no difference, whether it is there or not.",
    ),
)
