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
_IN_MIGRATIONS = re.compile(r'File ".*migrations/versions/[^"]+\.py", line')
_WARNING = re.compile(r"^.*UserWarning: (.+)$", re.MULTILINE)
_HEAD = re.compile(r"^\S+ (?:\(.*\) )?\((?:effective )?head\)", re.MULTILINE)
_BAD_COMMAND_LINE = 2

_RULES: tuple[tuple[str, Fault], ...] = (
    (r"HEAD check failed: \d+ heads|HEAD not written", Fault.SEVERAL_HEADS),
    (r"HEAD check failed", Fault.GUARD_MISMATCH),
    (
        r"Multiple head revisions are present|Multiple heads are present",
        Fault.SEVERAL_HEADS,
    ),
    (r"is not a head revision", Fault.SEVERAL_HEADS),
    (r"Duplicate head revisions|is present more than once", Fault.DUPLICATE_IDENTITY),
    (r"overlaps with other requested revisions", Fault.DUPLICATE_IDENTITY),
    (r"Cycle is detected|Self-loop is detected", Fault.CYCLE),
    (r"Can't locate revision identified by", Fault.UNKNOWN_REVISION),
    (r"Target database is not up to date", Fault.NOT_UP_TO_DATE),
    (r"New upgrade operations detected", Fault.MODELS_DIFFER),
    (r"KeyError: 'DATABASE_URL'|No module named 'models'", Fault.CONFIGURATION_MISSING),
    (r"No 'script_location' key found", Fault.CONFIGURATION_MISSING),
    (r"referenced from .* is not present", Fault.MISSING_PARENT),
    (r"Network is unreachable", Fault.NETWORK_UNREACHABLE),
    (
        r"unable to open database file|connection to server .* failed"
        r"|could not (?:connect to server|translate host name)|Can't connect to ",
        Fault.DATABASE_UNREACHABLE,
    ),
    (
        r"^sqlalchemy\.exc\.|^sqlite3\.|No support for ALTER of constraints",
        Fault.DATABASE_ERROR,
    ),
)
_SCRIPT_ERRORS = (
    r"(Syntax|Indentation|Import|ModuleNotFound|Name|Attribute|Type|Value)Error"
)


def classify(command: Command) -> Outcome:
    """Read a command's exit code and words."""
    if command.exit_code == 0:
        return _of_success(command)
    words = _telling_line(command)
    return Outcome(_kind(command), _fault(words, command), words)


def _kind(command: Command) -> OutcomeKind:
    if _TRACEBACK in command.stderr:
        return OutcomeKind.CRASHED
    if command.exit_code == _BAD_COMMAND_LINE and "usage:" in command.stderr:
        return OutcomeKind.USAGE
    return OutcomeKind.REFUSED


def _telling_line(command: Command) -> str:
    """Return the one line that says what went wrong, verbatim."""
    if _TRACEBACK in command.stderr:
        last = command.stderr.rsplit(_TRACEBACK, 1)[1]
        said = [line for line in last.splitlines() if line and not line.startswith(" ")]
        return said[0] if said else _TRACEBACK
    failed = _FAILED.search(command.stdout)
    if failed is not None:
        return failed[1]
    lines = [*command.stderr.strip().splitlines(), *command.stdout.strip().splitlines()]
    return lines[-1] if lines else ""


def _fault(words: str, command: Command) -> Fault:
    for pattern, fault in _RULES:
        if re.search(pattern, words):
            return fault
    if words.startswith("KeyError: ") and _warns_of_missing_parent(command):
        return Fault.MISSING_PARENT
    if _kind(command) is OutcomeKind.USAGE:
        return Fault.BAD_COMMAND_LINE
    in_script = _IN_MIGRATIONS.search(command.stderr) is not None
    if in_script and re.match(_SCRIPT_ERRORS, words):
        return Fault.BROKEN_SCRIPT
    return Fault.UNKNOWN


def _warns_of_missing_parent(command: Command) -> bool:
    return re.search(r"referenced from .* is not present", command.stderr) is not None


def _of_success(command: Command) -> Outcome:
    """Tell a plain success from one with a warning, or with more heads than one."""
    warning = _WARNING.search(command.stderr)
    if warning is not None:
        words = warning[1]
        return Outcome(OutcomeKind.WARNED, _fault(words, command), words)
    listed = _HEAD.findall(command.stdout)
    if command.argv[-1] == "heads" and len(listed) > 1:
        words = "; ".join(command.stdout.split("\n")).strip("; ")
        return Outcome(OutcomeKind.WARNED, Fault.SEVERAL_HEADS, words)
    return OK
