"""Repositories with something wrong in them, made by hand."""

from __future__ import annotations

from collections.abc import Callable

from tests.adapters.alembic.bench import Bench

Prepare = Callable[[Bench], None]


def nothing(bench: Bench) -> None:
    """Leave the empty history as it is."""


def line(bench: Bench) -> None:
    """Have three revisions, each behind the one before."""
    bench.revision("r1", None)
    bench.revision("r2", "r1")
    bench.revision("r3", "r2")


def applied(bench: Bench) -> None:
    """Have a database at the newest of three revisions."""
    line(bench)
    bench.outcome("upgrade", "head")


def branched(bench: Bench) -> None:
    """Have two revisions behind the same one."""
    line(bench)
    bench.revision("x3", "r2")


def no_parent(bench: Bench) -> None:
    """Have a line whose middle is not there."""
    line(bench)
    _delete(bench, "r2")


def no_base(bench: Bench) -> None:
    """Have a line whose beginning is not there."""
    line(bench)
    _delete(bench, "r1")


def twice(own: str) -> Prepare:
    """Have a copy of a revision under another file name."""

    def prepare(bench: Bench) -> None:
        line(bench)
        bench.put(f"{own}_copy.py", bench.text(f"{own}_{own}.py"))

    return prepare


def circle(bench: Bench) -> None:
    """Have nothing but two revisions that follow each other."""
    bench.revision("r1", "r2")
    bench.revision("r2", "r1")


def circle_above(bench: Bench) -> None:
    """Have a circle above a sound beginning."""
    bench.revision("r1", None)
    bench.revision("r2", "r3")
    bench.revision("r3", "r2")


def own_parent(bench: Bench) -> None:
    """Have a revision that follows itself."""
    bench.revision("r1", "r1")


def gone(bench: Bench) -> None:
    """Have a database at a revision that the tree does not have."""
    applied(bench)
    _delete(bench, "r3")


def alike(bench: Bench) -> None:
    """Have two ids that begin alike."""
    bench.revision("abcd1", None)
    bench.revision("abcd2", "abcd1")


def file(text: str) -> Prepare:
    """Have a file with this text for the only revision."""

    def prepare(bench: Bench) -> None:
        bench.put("r1_r1.py", text)

    return prepare


def body(body: str) -> Prepare:
    """Have one revision with this body."""

    def prepare(bench: Bench) -> None:
        bench.revision("r1", None, body)

    return prepare


def without(path: str) -> Prepare:
    """Have a line, and a file of the repository missing."""

    def prepare(bench: Bench) -> None:
        line(bench)
        (bench.session.repository / path).unlink()

    return prepare


def models_ahead(bench: Bench) -> None:
    """Have models with a table that the database does not have."""
    applied(bench)
    models = bench.session.repository / "models.py"
    table = 'sa.Table("t", metadata, sa.Column("id", sa.Integer, primary_key=True))\n'
    models.write_text(models.read_text() + table)


def not_a_database(bench: Bench) -> None:
    """Have a database file full of something else."""
    line(bench)
    database = bench.directory.parent / "databases/app.db"
    bench.database()
    database.write_bytes(b"No database. " * 100)


def _delete(bench: Bench, own: str) -> None:
    (bench.session.repository / f"migrations/versions/{own}_{own}.py").unlink()
