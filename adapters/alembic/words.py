"""What alembic's words mean.

A known error is exit code 255 with `FAILED: …` on standard output; whatever else goes
wrong reaches the user as a Python traceback and exit code 1; a bad command line is 2.
Every pattern here was seen in the output of the tool.
"""

from __future__ import annotations

import re

from harness.model.evidence import OK, Command, Fault, Outcome, OutcomeKind

_FAILED = re.compile(r"^FAILED: (.+)$", re.MULTILINE)
_TRACEBACK = "Traceback (most recent call last):"
_LOOKING_UP = re.compile(
    r'File ".*alembic/script/revision\.py", line [^\n]*\n[^\n]*\n(?:[ ^~]*\n)?KeyError: '
)
_IN_A_REVISION = re.compile(r'File ".*migrations/versions/[^"]+\.py", line')
_WARNING = re.compile(r"^.*UserWarning: (.+)$", re.MULTILINE)
_HEAD = re.compile(r"^(?:Rev: )?\S+ (?:\(.*\) )?\((?:effective )?head\)", re.MULTILINE)
_OLD_FAILURE = re.compile(r"(?:^  (?!.*\.\.\.done).*\n?)+\Z", re.MULTILINE)
_BAD_COMMAND_LINE = 2

_WARNINGS = (
    (r"^Revision \S+ is present more than once", Fault.DUPLICATE_IDENTITY),
    (r"^Revision \S+ referenced from .* is not present", Fault.MISSING_PARENT),
)
_FOLLOWS = {
    Fault.DUPLICATE_IDENTITY: r"^Multiple head|^Duplicate head revisions|overlaps with "
    r"other requested revisions|HEAD check failed: \d+ heads",
    Fault.MISSING_PARENT: r"^KeyError: ",
}
"""What commands die of, in other words, after a warning has named the cause."""

_RULES: tuple[tuple[str, Fault], ...] = (
    (r"^HEAD check failed: \d+ heads|^HEAD not written", Fault.SEVERAL_HEADS),
    (r"^HEAD check failed", Fault.GUARD_MISMATCH),
    (r"^Multiple head(s| revisions) are present", Fault.SEVERAL_HEADS),
    (r"is not a head revision", Fault.SEVERAL_HEADS),
    (r"^Only a single head supported so far", Fault.SEVERAL_HEADS),
    (r"^No such revision '", Fault.UNKNOWN_REVISION),
    (r"^Revision \S+ is not an ancestor of ", Fault.BAD_COMMAND_LINE),
    (r"^AttributeError: 'module' object has no attribute", Fault.BROKEN_SCRIPT),
    (r"([Cc]ycle|[Ss]elf-loop) is detected", Fault.CYCLE),
    (r"Branch name .* already used by revision", Fault.DUPLICATE_IDENTITY),
    (r"overlaps with other requested revisions", Fault.BOOKKEEPING),
    (r"^Online migration expected to match one row", Fault.BOOKKEEPING),
    (r"^Character\(s\) .* not allowed in revision identifier", Fault.BAD_COMMAND_LINE),
    (r"^Can't locate revision identified by", Fault.UNKNOWN_REVISION),
    (r"^Target database is not up to date", Fault.NOT_UP_TO_DATE),
    (r"^New upgrade operations detected", Fault.MODELS_DIFFER),
    (r"^Could not determine revision id from filename", Fault.BROKEN_SCRIPT),
    (
        r"No module named '?_?(pysqlite2|sqlite3|psycopg2|pymysql|MySQLdb)",
        Fault.DRIVER_MISSING,
    ),
    (r"operations require the existing type", Fault.BROKEN_SCRIPT),
    (r"AttributeError: module '\w+_py' has no attribute", Fault.BROKEN_SCRIPT),
    (r"^Destination .* is not a valid downgrade target", Fault.BAD_COMMAND_LINE),
    (r"KeyError: 'DATABASE_URL'|No module named '?models", Fault.CONFIGURATION_MISSING),
    (r"^No 'script_location' key found", Fault.CONFIGURATION_MISSING),
    (r"^No config file '.*' found", Fault.CONFIGURATION_MISSING),
    (r"Can't find Python file .*env\.py", Fault.CONFIGURATION_MISSING),
    (r"exc\.(ArgumentError|NoSuchModuleError): ", Fault.CONFIGURATION_MISSING),
    (r"cannot proceed in --sql mode|MockConnection", Fault.NOT_EXPRESSIBLE),
    (r"No support for ALTER of constraints", Fault.NOT_EXPRESSIBLE),
    (r"Network is unreachable", Fault.NETWORK_UNREACHABLE),
    (
        r"unable to open database file|connection to server .* failed"
        r"|could not translate host name|Can't connect to ",
        Fault.DATABASE_UNREACHABLE,
    ),
    (r"^sqlalchemy\.exc\.", Fault.DATABASE_ERROR),
)


def classify(command: Command, *, asks_for_heads: bool = False) -> Outcome:
    """Read a command's exit code and words.

    Releases before 0.7 say less: their errors have no `FAILED:` before them, and heads
    are told by `history`, which is said with `asks_for_heads`.

    `words` is the line that says why it ended; after a warning that named the cause,
    the warning and that line.
    Heads are a line each; of several, all are told.
    """
    if command.exit_code == 0:
        return _of_success(command, asks_for_heads=asks_for_heads)
    kind, words = _kind(command), _last_words(command)
    warned = _warned(command)
    if warned is not None and _follows(words, warned.fault):
        return Outcome(kind, warned.fault, f"{warned.words}; then: {words}")
    return Outcome(kind, _fault(kind, words, command), words)


def _follows(words: str, cause: Fault) -> bool:
    return cause in _FOLLOWS and re.search(_FOLLOWS[cause], words) is not None


def _kind(command: Command) -> OutcomeKind:
    if _TRACEBACK in command.stderr:
        return OutcomeKind.CRASHED
    if command.exit_code == _BAD_COMMAND_LINE and "usage:" in command.stderr:
        return OutcomeKind.USAGE
    return OutcomeKind.REFUSED


def _last_words(command: Command) -> str:
    """Return the line that says why the command ended, verbatim."""
    if _TRACEBACK in command.stderr:
        last = command.stderr.rsplit(_TRACEBACK, 1)[1]
        said = [line for line in last.splitlines() if line and not line[0].isspace()]
        return said[0] if said else _TRACEBACK
    failed = _FAILED.search(command.stdout)
    if failed is not None:
        return failed[1]
    if said_before_0_7 := _OLD_FAILURE.search(command.stdout):
        return " ".join(said_before_0_7[0].split())
    lines = [*command.stdout.strip().splitlines(), *command.stderr.strip().splitlines()]
    return lines[-1] if lines else ""


def _fault(kind: OutcomeKind, words: str, command: Command) -> Fault:
    if kind is OutcomeKind.USAGE:
        return Fault.BAD_COMMAND_LINE
    for pattern, fault in _RULES:
        if re.search(pattern, words):
            return fault
    if _LOOKING_UP.search(command.stderr) is not None:
        return Fault.MISSING_PARENT
    in_script = _IN_A_REVISION.search(command.stderr) is not None
    return Fault.BROKEN_SCRIPT if in_script else Fault.UNKNOWN


def _of_success(command: Command, *, asks_for_heads: bool) -> Outcome:
    """Tell a plain success from one with a warning, or with more heads than one."""
    warned = _warned(command)
    if warned is not None:
        return warned
    asked = asks_for_heads or command.argv[1:2] == ("heads",)
    heads = asked and _HEAD.findall(command.stdout)
    if heads and len(heads) > 1:
        told = heads if asks_for_heads else command.stdout.strip().splitlines()
        words = "; ".join(told)
        return Outcome(OutcomeKind.WARNED, Fault.SEVERAL_HEADS, words)
    return OK


def _warned(command: Command) -> Outcome | None:
    """Return what the first warning says, if there is one."""
    warning = _WARNING.search(command.stderr)
    if warning is None:
        return None
    words = warning[1]
    known = (fault for pattern, fault in _WARNINGS if re.search(pattern, words))
    return Outcome(OutcomeKind.WARNED, next(known, Fault.UNKNOWN), words)
