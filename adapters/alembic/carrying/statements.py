"""Statements that were heard, said again by a revision."""

from __future__ import annotations

import re
from textwrap import indent

from adapters.alembic.carrying.values import values_source
from adapters.alembic.source import call, quoted
from harness.contract import without_parameters
from harness.model.carrying import Act
from harness.model.replay import Statement

_INDENT = "    "
_ALTER_DATABASE = re.compile(
    r"\s*alter\s+(?:database|schema)\s+(?:`?[\w$]+`?\s+)??"
    r"(?P<what>(?:default\s+)?(?:character|charset|collate)\b.*)",
    re.IGNORECASE | re.DOTALL,
)
_QUOTED = re.compile(r"'[^']*'")
_OUTSIDE = re.compile(
    r"\s*(create (unique )?index concurrently|drop index concurrently"
    r"|alter type .* add value)\b",
    re.IGNORECASE,
)


def said_again(act: Act) -> list[str]:
    """Return lines that send the statements of a step as they were sent."""
    return [line for one in act.statements for line in statement_lines(one)]


def statement_lines(statement: Statement) -> list[str]:
    """Return lines that send one statement.

    Where values were bound, or a sign stands in it that SQLAlchemy reads in its own way,
    it goes to the driver as it was heard there.
    """
    if altered := of_database(statement):
        return [altered]
    sets = statement.bound or ()
    if sets or "%" in statement.text:
        values = [values_source(one) for one in sets]
        bound = [values[0] if len(values) == 1 else f"[{', '.join(values)}]"][
            : len(sets)
        ]
        arguments = [text_source(statement.text), *bound]
        return call("op.get_bind().exec_driver_sql", arguments).splitlines()
    said = call("op.execute", [text_source(without_parameters(statement.text))])
    if _OUTSIDE.match(statement.text):
        opened = "with op.get_context().autocommit_block():"
        return [opened, *indent(said, _INDENT).splitlines()]
    return said.splitlines()


def of_database(statement: Statement) -> str:
    """Return what changes the ordinary character set of whichever database is played on.

    Nothing for any other statement. The name of the database that it was heard on is
    left out.
    """
    said = _ALTER_DATABASE.fullmatch(statement.text)
    what = "" if said is None else f"ALTER DATABASE {said['what'].strip(' ;')}"
    return call("op.execute", [quoted(what)]) if what else ""


def text_source(text: str) -> str:
    """Return SQL as a literal, over several lines if it has them."""
    # Whoever indents the literal must not indent what stands in quotes.
    outside = _QUOTED.sub("", text)
    inside = outside.count("\n") < text.count("\n")
    if "\n" not in text or inside or '"""' in text or text.endswith('"'):
        return quoted(text)
    escaped = text.replace("\\", "\\\\")
    return f'"""{escaped}"""'
