"""The proof is worth something: what is planted in a revision is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from adapters.alembic.carrying.writer import AlembicTaking
from harness.model.carrying import Piece
from tests.carrying.conftest import Carry

_TABLE = (
    "CREATE TABLE t (id INTEGER NOT NULL, name VARCHAR(9) DEFAULT 'x' NOT NULL, "
    "PRIMARY KEY (id));\nCREATE INDEX ix ON t (name);\n"
)
_ROW = "INSERT INTO t VALUES (1, 'a');\n"
_COMMENT = "COMMENT ON COLUMN t.name IS 'whose';\n"


def test_what_is_planted_is_told(carry: Carry, monkeypatch: pytest.MonkeyPatch) -> None:
    """An index, a default, a nullability, a comment and a row are each seen."""
    for of, instead in (
        ("ON t (name)", "ON t (id)"),
        ("DEFAULT 'x' NOT NULL", "DEFAULT 'y'"),
        ("(1, 'a')", "(1, 'b')"),
        ("'whose'", "'hers'"),
    ):
        _plant(monkeypatch, of, instead)
    scripts = {"001_default_upgrade.sql": _TABLE + _ROW + _COMMENT}
    carried = carry(scripts, "--how", "statements", "--backend", "postgresql")

    told = (carried.folder / "carry-over.md").read_text()
    assert (carried.record.status, carried.result.exit_code) == ("different", 3)
    assert "t: the index ix says (id), expected (name)" in told
    assert "t.name: the default is 'y', expected 'x'" in told
    assert "t.name: the column is nullable, expected NOT NULL" in told
    assert "t.name: the comment is 'hers', expected 'whose'" in told
    assert 't: a row is {"id":1,"name":"b"}, expected {"id":1,"name":"a"}' in told


def test_operations_that_were_spoilt_are_not_kept(
    carry: Carry, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The step is written as statements instead, and the difference is the reason."""
    _plant(monkeypatch, 'server_default="x"', 'server_default="y"')
    carried = carry({"001_default_upgrade.sql": _TABLE})

    assert "the default is 'y', expected 'x'" in carried.record.steps[0].reason
    assert carried.record.status == "proved"


def _plant(monkeypatch: pytest.MonkeyPatch, of: str, instead: str) -> None:
    """Have every revision that is written say something else."""
    written = AlembicTaking.write

    def write(self: AlembicTaking, folder: Path, piece: Piece) -> Path:
        path = written(self, folder, piece)
        path.write_text(path.read_text().replace(of, instead))
        return path

    monkeypatch.setattr(AlembicTaking, "write", write)
