"""Which tables a statement of MariaDB or MySQL can have changed, going by its words.

A statement whose words are not all understood reaches every table that it mentions; one
of a kind that is not known here, everything.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from harness.databases.watch import Sent

_PLAIN = re.compile(
    r"\s*(?:create\s+(?:unique\s+)?(?:table|index)|alter\s+table|drop\s+(?:table|index)"
    r"|rename\s+table|truncate|insert|update|delete|replace|commit|rollback|savepoint"
    r"|release)\b",
    re.IGNORECASE,
)
_NAME = (
    r"(?:`(?P<quoted>[^`]+)`|(?!(?:if|into|table|ignore|low_priority|delayed|quick|from"
    r"|high_priority)\b)(?P<bare>[\w$]+))(?=[\s(;]|$)(?!\s*\.)"
)
_ANY_NAME = r"(?:`[^`]+`|[\w$]+)\s+"
_HASTE = r"(?:(?:low_priority|delayed|high_priority|quick|ignore)\s+)*"
_ON_ONE_TABLE = tuple(
    re.compile(rf"\s*{head}{_NAME}{tail}", re.IGNORECASE)
    for head, tail in (
        (r"create\s+table\s+(?:if\s+not\s+exists\s+)?", ""),
        (r"alter\s+table\s+(?:if\s+exists\s+)?", ""),
        (rf"create\s+(?:unique\s+)?index\s+{_ANY_NAME}on\s+", ""),
        (rf"drop\s+index\s+{_ANY_NAME}on\s+", ""),
        (r"truncate\s+(?:table\s+)?", r"\s*;?\s*$"),
        (rf"(?:insert|replace)\s+{_HASTE}(?:into\s+)?", ""),
        (rf"update\s+{_HASTE}", r"\s+set\b"),
        (rf"delete\s+{_HASTE}from\s+", r"\s*(?:\bwhere\b|;?\s*$)"),
    )
)
_SEVERAL = re.compile(r";\s*\S")
_OF_ROWS = re.compile(r"\s*(?:insert|update|delete|replace)\b", re.IGNORECASE)
_OF_A_DEFINITION = re.compile(
    r"\s*(?:create|alter|drop\s+index)\b(?!.*\b(?:rename|exchange|convert\s+(?:table|part"
    r"ition)|import)\b)",
    re.IGNORECASE | re.DOTALL,
)
_FILLING = re.compile(
    r"\s*create\s.*\b(?:select|values|table|with)\b", re.IGNORECASE | re.DOTALL
)
_HEAD = re.compile(r"\s*create\s+table\b", re.IGNORECASE)
_ACTING = re.compile(
    r"\s*(?:(?:update|delete|replace)\b|insert\b.*\bduplicate\b)",
    re.IGNORECASE | re.DOTALL,
)
_RENAMING = re.compile(
    r"\b(?:rename|change)\b|\bdrop\b(?!\s+(?:foreign\s+key|index|key|constraint|check)\b)",
    re.IGNORECASE,
)


class Reach(NamedTuple):
    """The tables that statements can have changed.

    `defined` may have another definition, but have no rows if they had none; `written`
    may have others; of `renamed`, the keys of other tables may tell otherwise. Of
    `acting` rows were changed, or taken, in a way that keys hand on.
    """

    defined: frozenset[str] = frozenset()
    written: frozenset[str] = frozenset()
    renamed: frozenset[str] = frozenset()
    acting: frozenset[str] = frozenset()

    @property
    def named(self) -> frozenset[str]:
        """All tables that a statement may have been meant for."""
        return self.defined | self.written | self.renamed


def reach(sent: Iterable[Sent], tables: Iterable[str]) -> Reach | None:
    """Return what statements can have changed of some tables; None if that is anything.

    That holds where nothing in the database acts by itself.
    """
    there = {name: name.lower() for name in tables}
    each = [_reach(one, there) for one in sent]
    if None in each:
        return None
    known = [one for one in each if one is not None]
    return Reach(
        defined=frozenset().union(*(one.defined for one in known)),
        written=frozenset().union(*(one.written for one in known)),
        renamed=frozenset().union(*(one.renamed for one in known)),
        acting=frozenset().union(*(one.acting for one in known)),
    )


def _reach(sent: Sent, there: dict[str, str]) -> Reach | None:
    if not _PLAIN.match(sent.text) or _SEVERAL.search(sent.text):
        return None
    if _OF_ROWS.match(sent.text):
        if sent.rows == 0:
            return Reach()
        written = _meant(sent.text, there)
        acts = _ACTING.match(sent.text)
        return Reach(written=written, acting=written if acts else frozenset())
    if not _OF_A_DEFINITION.match(sent.text):
        named = _mentioned(sent.text, there)
        return Reach(defined=named, written=named, renamed=named)
    named = _meant(sent.text, there)
    return Reach(
        defined=named,
        written=named if _fills(sent.text) else frozenset(),
        renamed=named if _RENAMING.search(sent.text) else frozenset(),
    )


def _fills(text: str) -> bool:
    """Tell whether a new table may have rows from the beginning."""
    head = _HEAD.match(text)
    return head is not None and bool(_FILLING.match("create " + text[head.end() :]))


def _meant(text: str, there: dict[str, str]) -> frozenset[str]:
    """Return the table that a statement is on, there or not, or all that it mentions."""
    for pattern in _ON_ONE_TABLE:
        if found := pattern.match(text):
            word = (found["quoted"] or found["bare"]).lower()
            return frozenset(
                n for n, lower in there.items() if lower == word
            ) or frozenset((word,))
    return _mentioned(text, there)


def _mentioned(text: str, there: dict[str, str]) -> frozenset[str]:
    text = text.lower()
    return frozenset(name for name, lower in there.items() if lower in text)
