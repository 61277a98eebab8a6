"""What sqlalchemy-migrate's words mean.

The tool prints few errors of its own (`migrate: error: ...`, exit code 2). Most reach
the user as a Python traceback and exit code 1: those count as crashed, however well
the exception is worded. Every pattern here was seen in the output of the tool.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import msgspec

from harness.model.evidence import OK, Command, Fault, Outcome, OutcomeKind

_REFUSAL = re.compile(r"^\S+: error: (?P<says>.*)$", re.MULTILINE)
_USAGE = re.compile(
    r"Invalid command |Not enough arguments for command |Too many arguments for command "
    r"|no such option|option requires |A repository must be specified"
)
_IN_A_SCRIPT = re.compile(r'^  File ".*versions[/\\][^/\\"]+\.py", line', re.MULTILINE)
_NO_SUCH_COLUMN = re.compile(
    r'sqlalchemy[/\\](sql[/\\]base|util[/\\]_collections)\.py", line \d+, '
    r"in __get(attr|item)__"
)
_NO_SUCH_VERSION = re.compile(
    r"Database schema file with version (\d+) doesn't exist|^<VerNum\((\d+)\)>"
)
_TRACEBACK = "Traceback (most recent call last):"


class _Rule(msgspec.Struct, frozen=True):
    """A fault, if the exception's name and its words match; the first match counts."""

    fault: Fault
    exception: str
    says: str = ""

    def knows(self, exception: str, says: str) -> bool:
        named = re.fullmatch(self.exception, exception)
        return named is not None and re.search(self.says, says) is not None


_REFUSALS = (
    (r"^The path .*\.(py|sql) already exists", Fault.DUPLICATE_IDENTITY),
    (r"^The path .* already exists", Fault.BAD_COMMAND_LINE),
    (r"^Cannot (up|down)grade a database of version", Fault.BAD_COMMAND_LINE),
    (r"^Python source can be only displayed for python", Fault.NOT_EXPRESSIBLE),
    (r"^With a manifest, a script is named by its desc", Fault.BAD_COMMAND_LINE),
)
_DATABASE = r"sqlalchemy\.exc\.\w+|migrate\.exceptions\.DatabaseNotControlledError"
_CRASHES = (
    _Rule(Fault.NETWORK_UNREACHABLE, _DATABASE, r"Network is unreachable"),
    _Rule(
        Fault.DATABASE_UNREACHABLE,
        _DATABASE,
        r"unable to open database file|connection to server .* failed"
        r"|could not (connect to server|translate host name)|Can't connect to ",
    ),
    _Rule(Fault.DATABASE_ERROR, r".*\.DatabaseNotControlledError", r"^\(\w+[\w.]*\) "),
    _Rule(Fault.NOT_CONTROLLED, r".*\.DatabaseNotControlledError"),
    _Rule(Fault.BOOKKEEPING, r".*\.DatabaseAlreadyControlledError"),
    _Rule(
        Fault.DUPLICATE_IDENTITY,
        r".*\.ScriptError",
        r"You can only have one Python script per version"
        r"|versions\.json: .*version \d+ is there more than once",
    ),
    _Rule(
        Fault.GUARD_MISMATCH,
        r".*\.ScriptError",
        r"versions\.json: .*(is listed, but|but not listed|is below 1|is listed more)",
    ),
    _Rule(Fault.BROKEN_SCRIPT, r".*\.(Invalid)?ScriptError"),
    _Rule(
        Fault.DRIVER_MISSING,
        r"(ModuleNotFound|Import)Error",
        r"^No module named '?_?(pysqlite2|sqlite3|psycopg2|pymysql|MySQLdb)",
    ),
    _Rule(Fault.UNKNOWN_REVISION, r".*\.InvalidVersionError", r"^\w+$"),
    _Rule(Fault.CONFIGURATION_MISSING, r".*\.InvalidRepositoryError"),
    _Rule(Fault.CONFIGURATION_MISSING, r"configparser\.\w+"),
    _Rule(Fault.CONFIGURATION_MISSING, r".*\.NoSuchModuleError"),
    _Rule(Fault.BAD_COMMAND_LINE, r".*\.ArgumentError", r"^Could not parse .* URL"),
    _Rule(
        Fault.MISSING_PARENT, "AssertionError", r"^There is no script for \d+ version"
    ),
    _Rule(
        Fault.NOT_EXPRESSIBLE,
        r"AttributeError|TypeError",
        r"'MockConnection' object has no|_execute_clauseelement\(\) takes",
    ),
    _Rule(Fault.NOT_EXPRESSIBLE, r"migrate\.exceptions\.NotSupportedError"),
    # Python 2 lists all numbers between two versions: of timestamps these are too many.
    _Rule(Fault.NOT_EXPRESSIBLE, "MemoryError"),
    _Rule(Fault.DATABASE_ERROR, r"sqlalchemy\.exc\.\w+", r"^\(\w+[\w.]*\) "),
    _Rule(Fault.DATABASE_ERROR, r"sqlalchemy\.exc\.NoSuchTableError"),
    _Rule(
        Fault.BROKEN_SCRIPT,
        "TypeError",
        r"^upgrade/downgrade functions must accept engine",
    ),
)


def classify(command: Command, newest: Callable[[], int]) -> Outcome:
    """Say what became of a command.

    `newest` tells the highest version number in the tree, if it has to be known: the
    tool says in the same words that a version below it is missing, and that a database
    or a target lies beyond it.
    """
    if command.exit_code == 0:
        return _went_through(command)
    if _TRACEBACK in command.stderr:
        return _crashed(command.stderr, newest)
    return _refused(command)


def _went_through(command: Command) -> Outcome:
    if "compare_model_to_db" in command.argv and "Schema diffs:" in command.stdout:
        differences = command.stdout.split("Schema diffs:\n", 1)[1]
        words = " ".join(f"Schema diffs: {differences}".splitlines()[0].split())
        return Outcome(OutcomeKind.WARNED, Fault.MODELS_DIFFER, words)
    return OK


def _refused(command: Command) -> Outcome:
    said = _REFUSAL.search(command.stderr)
    if said is None:
        words = _last_line(command.stderr) or _last_line(command.stdout)
        return Outcome(OutcomeKind.REFUSED, Fault.UNKNOWN, words)
    words, says = said.group().strip(), said["says"]
    if _USAGE.match(says):
        return Outcome(OutcomeKind.USAGE, Fault.BAD_COMMAND_LINE, words)
    known = (fault for pattern, fault in _REFUSALS if re.search(pattern, says))
    return Outcome(OutcomeKind.REFUSED, next(known, Fault.UNKNOWN), words)


def _crashed(stderr: str, newest: Callable[[], int]) -> Outcome:
    traceback = stderr.rsplit(_TRACEBACK, 1)[1]
    words = next(
        (row for row in traceback.splitlines() if row and not row[0].isspace()), ""
    )
    exception, _, says = words.partition(": ")
    fault = _missing_version(exception, says, newest) or next(
        (rule.fault for rule in _CRASHES if rule.knows(exception, says)), None
    )
    if fault is None:
        fault = _of_a_script(exception, traceback)
    return Outcome(OutcomeKind.CRASHED, fault, words)


def _of_a_script(exception: str, traceback: str) -> Fault:
    """Return what an exception means that a script did not catch, if it was one.

    A table read from the database that lacks a column says so as Python does. It is the
    database that is not as the script needs it, as when a statement names that column.
    """
    if _IN_A_SCRIPT.search(traceback) is None:
        return Fault.UNKNOWN
    lookup = exception in {"AttributeError", "KeyError"}
    if lookup and _NO_SUCH_COLUMN.search(traceback) is not None:
        return Fault.DATABASE_ERROR
    return Fault.BROKEN_SCRIPT


def _missing_version(
    exception: str, says: str, newest: Callable[[], int]
) -> Fault | None:
    if not exception.endswith(("VersionNotFoundError", "KeyError")):
        return None
    found = _NO_SUCH_VERSION.search(says.strip("\"'"))
    if found is None:
        return None
    beyond = int(found[1] or found[2]) > newest()
    return Fault.UNKNOWN_REVISION if beyond else Fault.MISSING_PARENT


def _last_line(text: str) -> str:
    rows = [row for row in text.splitlines() if row.strip()]
    return rows[-1].strip() if rows else ""
