"""One revision can stand for many steps, and is proved like any other."""

from __future__ import annotations

from harness.model.carrying import How
from tests.carrying.conftest import BOOKS, WHOLE, Carry


def test_the_first_revision_stands_for_many_steps(carry: Carry) -> None:
    """Tables and rows are those after the step, and what follows goes on from there."""
    carried = carry(WHOLE, "--squash", "9")

    record = carried.record
    (proof,) = record.proofs
    assert proof.holds, carried.result.output
    assert record.squashed == 3
    assert [(step.revision, step.how) for step in record.steps] == [
        ("0009_alter", How.SQUASHED),
        ("0010_default_default_upgrade", How.OPERATIONS),
        ("0011_count", How.OPERATIONS),
    ]
    source = carried.revision("0009_alter")
    assert "down_revision = None" in source
    assert "A: 50% 'x'" in source
    assert [stamp.revision for stamp in proof.stamps] == [
        s.revision for s in record.steps
    ]


def test_rows_with_numbers_of_their_own_do_not_stand_in_the_way(carry: Carry) -> None:
    """On a server that counts keys, the next row after a squash gets the next number."""
    scripts = {
        "007_books.py": BOOKS,
        "008_default_upgrade.sql": "INSERT INTO authors (name) VALUES ('A'), ('B');\n",
        "009_default_upgrade.sql": "INSERT INTO authors (name) VALUES ('C');\n",
    }
    carried = carry(scripts, "--squash", "8", "--backend", "postgresql")

    assert all(proof.holds for proof in carried.record.proofs), carried.result.output
    assert "of authors" in carried.record.steps[0].marks[0]
    assert "setval" in carried.revision("0008_default_upgrade")
