"""What a statement of SQL does, told by its first words."""

from __future__ import annotations

import re

from harness.model.history import Act, ActKind, Trait

_NAME = r"[`\"\[]?(?P<{}>\w+)[`\"\]]?(?:\.[`\"\[]?\w+[`\"\]]?)?"
_TABLE = _NAME.format("table")
_ITEM = _NAME.format("name")
_IF = r"(?:IF\s+(?:NOT\s+)?EXISTS\s+)?"
_ALTER = rf"ALTER\s+TABLE\s+(?:ONLY\s+)?{_IF}{_TABLE}\s+"
_FORMS: tuple[tuple[str, ActKind], ...] = (
    (
        rf"CREATE\s+(?:TEMP(?:ORARY)?\s+|UNLOGGED\s+)?TABLE\s+{_IF}{_TABLE}",
        ActKind.CREATE_TABLE,
    ),
    (rf"DROP\s+TABLE\s+{_IF}{_TABLE}", ActKind.DROP_TABLE),
    (rf"{_ALTER}RENAME\s+TO\b", ActKind.RENAME_TABLE),
    (rf"RENAME\s+TABLE\s+{_TABLE}", ActKind.RENAME_TABLE),
    (
        rf"{_ALTER}ADD\s+(?:CONSTRAINT\b|FOREIGN\b|UNIQUE\b|CHECK\b|PRIMARY\b)",
        ActKind.ADD_CONSTRAINT,
    ),
    (rf"{_ALTER}ADD\s+(?:INDEX|KEY)\b", ActKind.CREATE_INDEX),
    (rf"{_ALTER}DROP\s+(?:INDEX|KEY)\b", ActKind.DROP_INDEX),
    (
        rf"{_ALTER}DROP\s+(?:CONSTRAINT|FOREIGN|CHECK|PRIMARY)\b",
        ActKind.DROP_CONSTRAINT,
    ),
    (rf"{_ALTER}ADD\s+(?:COLUMN\s+)?{_IF}{_ITEM}", ActKind.ADD_COLUMN),
    (rf"{_ALTER}DROP\s+(?:COLUMN\s+)?{_IF}{_ITEM}", ActKind.DROP_COLUMN),
    (rf"{_ALTER}RENAME\s+(?:COLUMN\s+)?{_ITEM}", ActKind.RENAME_COLUMN),
    (
        rf"{_ALTER}(?:ALTER|MODIFY|CHANGE)\s+(?:COLUMN\s+)?{_ITEM}",
        ActKind.ALTER_COLUMN,
    ),
    (
        rf"CREATE\s+(?:UNIQUE\s+)?INDEX\s+(?:CONCURRENTLY\s+)?{_IF}{_ITEM}"
        rf"\s+ON\s+(?:ONLY\s+)?{_TABLE}",
        ActKind.CREATE_INDEX,
    ),
    (rf"DROP\s+INDEX\s+(?:CONCURRENTLY\s+)?{_IF}{_ITEM}", ActKind.DROP_INDEX),
    (rf"INSERT\s+(?:IGNORE\s+)?INTO\s+{_TABLE}", ActKind.CHANGE_ROWS),
    (rf"UPDATE\s+{_TABLE}", ActKind.CHANGE_ROWS),
    (rf"DELETE\s+FROM\s+{_TABLE}", ActKind.CHANGE_ROWS),
    (r"COMMENT\s+ON\b", ActKind.COMMENT),
)
_PATTERNS = tuple((re.compile(form, re.IGNORECASE), kind) for form, kind in _FORMS)
_TRAITS = (
    (r"\bNOT\s+NULL\b", Trait.NOT_NULL),
    (r"\bDROP\s+NOT\s+NULL\b", Trait.NULLABLE),
    (r"\bDEFAULT\b", Trait.DEFAULT),
    (r"\bTYPE\b", Trait.TYPE),
    (r"\bUNIQUE\b", Trait.UNIQUE),
    (r"\b(?:FOREIGN\s+KEY|REFERENCES)\b", Trait.FOREIGN_KEY),
    (r"\bCHECK\b", Trait.CHECK),
    (r"\bPRIMARY\s+KEY\b", Trait.PRIMARY_KEY),
    (r"\bCONCURRENTLY\b", Trait.CONCURRENTLY),
)
_WHOLE = re.compile(rf"{_ALTER}(?:MODIFY|CHANGE)\b", re.IGNORECASE)
_READING = re.compile(r"\s*(?:SELECT|SHOW|PRAGMA|WITH)\b", re.IGNORECASE)
_COMMENTS = re.compile(r"--[^\n]*|/\*.*?\*/", re.DOTALL)


def reads_rows(sql: str) -> bool:
    """Tell whether a statement asks for rows."""
    return _READING.match(_COMMENTS.sub(" ", sql)) is not None


def act_of(sql: str, line: int) -> Act:
    """Return what a statement does; the rest of it says how."""
    plain = _COMMENTS.sub(" ", sql).strip()
    for pattern, kind in _PATTERNS:
        if found := pattern.match(plain):
            named = found.groupdict()
            table, name = named.get("table") or "", named.get("name") or ""
            return Act(kind, line, table, name, _traits(plain, kind))
    return Act(ActKind.SQL, line)


def acts_of(script: str) -> tuple[Act, ...]:
    """Return what the statements of a script do, split at semicolons at a line's end."""
    found: list[Act] = []
    line = 1
    for statement in re.split(r"(?<=;)[ \t]*\n", script):
        lead = len(statement) - len(statement.lstrip())
        begins = line + statement[:lead].count("\n")
        if _COMMENTS.sub(" ", statement).strip(" \t\r\n;") and not reads_rows(
            statement
        ):
            found.append(act_of(statement, begins))
        line += statement.count("\n") + 1
    return tuple(found)


def _traits(sql: str, kind: ActKind) -> tuple[Trait, ...]:
    if kind in {ActKind.CREATE_TABLE, ActKind.CHANGE_ROWS}:
        return ()
    if kind is ActKind.ALTER_COLUMN and _WHOLE.match(sql):
        return (Trait.WHOLE,)
    found = [trait for form, trait in _TRAITS if re.search(form, sql, re.IGNORECASE)]
    if Trait.NULLABLE in found:
        found.remove(Trait.NOT_NULL)
    if kind is ActKind.ALTER_COLUMN and not found:
        found.append(Trait.TYPE)
    return tuple(found)
