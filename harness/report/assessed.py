"""What an assessment says, part by part, for whoever writes it down."""

from __future__ import annotations

from collections.abc import Iterable

from harness.assessment.values import Assessment, LockUse, Offline
from harness.report.sections import Section
from harness.report.tables import Table

_SHOWN = 12
_ACTS = 3


def sections(one: Assessment) -> tuple[Section, ...]:
    """Return what is told of a repository after its findings."""
    return (
        _conflicts(one),
        _merges(one),
        _repositioned(one),
        _operations(one),
        _locks(one),
        _offline(one),
        _ways_back(one),
        _tests(one),
    )


def shape_rows(one: Assessment) -> tuple[tuple[str, str], ...]:
    """Return the shape of a history, a name and a value each."""
    shape = one.shape
    unread = f", of which {len(shape.unread)} can only be placed, not read"
    return (
        ("scripts", str(shape.scripts)),
        ("revisions", f"{shape.revisions}{unread if shape.unread else ''}"),
        ("heads", _counted(shape.heads)),
        ("bases", _counted(shape.bases)),
        ("branch points", _counted(shape.branch_points)),
        ("merges", _counted(shape.merges)),
        ("labels", some(shape.labels)),
        ("dependencies across lines", str(shape.dependencies)),
    )


def some(names: Iterable[object]) -> str:
    """Return the first of many names, and how many more there are."""
    words = [str(name) for name in names]
    more = len(words) - _SHOWN
    listed = ", ".join(words[:_SHOWN])
    return f"{listed} and {more} more" if more > 0 else listed or "none"


def _counted(names: tuple[str, ...]) -> str:
    return f"{len(names)}: {some(names)}"


def _conflicts(one: Assessment) -> Section:
    found, total = one.conflicts, one.shape.revisions
    join = "joins" if len(found.merges) == 1 else "join"
    dated = (
        "1 is dated before its parent, and was given it later."
        if len(found.older) == 1
        else f"{len(found.older)} are dated before their parent, and were given it later."
    )
    told = [
        f"{len(found.merges)} of {total} revisions only {join} lines that had parted.",
        dated,
    ]
    if found.commits:
        told.append(
            f"In {found.commits} commits, git knows of {len(found.repositioned)} scripts "
            "that were given another place after they had been committed."
        )
    if found.git:
        told.append(f"{found.git[:1].upper()}{found.git[1:]}.")
    return Section(title="Who got in whose way", sentences=tuple(told))


def _merges(one: Assessment) -> Section:
    rows = (
        (merge.id, merge.date[:10], ", ".join(merge.parents), merge.message)
        for merge in one.conflicts.merges
    )
    table = Table(("merge", "date", "joins", "message"), tuple(rows))
    return Section(title="", table=table)


def _repositioned(one: Assessment) -> Section:
    rows = (
        (
            moved.commit,
            moved.date,
            str(moved.file),
            moved.was,
            moved.became,
            moved.subject,
        )
        for moved in one.conflicts.repositioned
    )
    headings = ("commit", "date", "script", "was", "became", "subject")
    return Section(title="", table=Table(headings, tuple(rows)))


def _operations(one: Assessment) -> Section:
    rows = (
        (used.kind.value, str(used.acts), str(used.revisions))
        for used in one.operations
    )
    table = Table(("operation", "how often", "in how many revisions"), tuple(rows))
    return Section(title="Operations of upgrades", table=table)


def _locks(one: Assessment) -> Section:
    said = (
        "Upgrades of tables that are there before the script, from reading; what the "
        "databases' manuals say of it. `replay` tells it of the statements that are "
        "really sent."
    )
    headings = ("backend", "operation", "what it does", "revisions", "source")
    table = Table(headings, tuple(map(_lock, one.locks)))
    return Section(
        title="What locks or rewrites a table", sentences=(said,), table=table
    )


def _lock(use: LockUse) -> tuple[str, ...]:
    more = "; …" if len(use.acts) > _ACTS else ""
    acts = f"{len(use.revisions)}: {'; '.join(use.acts[:_ACTS])}{more}"
    return use.backend, use.kind, f"{use.effect}: {use.words}", acts, use.source


def _offline(one: Assessment) -> Section:
    title, total = "What cannot run offline", one.shape.revisions
    if not one.offline:
        said = "Reading tells of nothing that needs a database."
        return Section(title=title, sentences=(said,))
    items = tuple(_reason(reason, total) for reason in one.offline)
    return Section(title=title, items=items)


def _reason(reason: Offline, total: int) -> str:
    first = f"{reason.revisions[0]}, `{reason.code[0].replace('`', chr(39))}`"
    return (
        f"{reason.kind}: {len(reason.revisions)} of {total} revisions; such as {first}"
    )


def _ways_back(one: Assessment) -> Section:
    found = one.downgrades
    said = (
        f"{found.written} of {one.shape.revisions} revisions have a downgrade. Of those "
        f"whose upgrade does something, it is missing in {len(found.missing)}, does "
        f"nothing in {len(found.empty)}, only raises in {len(found.raising)}, and leaves "
        f"something standing in {len(found.incomplete)}."
    )
    return Section(title="Ways back", sentences=(said,))


def _tests(one: Assessment) -> Section:
    found, total = one.tests, one.shape.revisions
    said = [
        f"{len(found.tested)} of {total} revisions have a test of their own; "
        f"{len(found.lacking)} do something and have none; {len(found.idle)} do nothing "
        "and have none.",
        f"Looked at {found.files} test files below {', '.join(map(str, found.looked_in))}.",
    ]
    if found.lacking:
        said.append(f"Without a test: {some(found.lacking)}.")
    items = (
        *(f"{count} by {habit}" for habit, count in found.by_habit.items()),
        *(
            f"the whole history is walked by {walk.file}: {walk.habit}"
            for walk in found.walks
        ),
    )
    return Section(title="Tests", sentences=tuple(said), items=items)
