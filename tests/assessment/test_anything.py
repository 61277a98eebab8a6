"""Whatever lies in a repository, reading it ends with a report."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.alembic import ADAPTER as ALEMBIC
from adapters.migrate import ADAPTER as MIGRATE
from harness.assessment import assess, look
from harness.contract import Reader
from tests.assessment.repositories import linked, numbered, revision, step

SOUND = revision(
    "b2e8d41c0a95", "a1f09c3e77b2", "op.drop_column('users', 'n')"
).encode()
READERS: list[Reader] = [r for r in (ALEMBIC.reader, MIGRATE.reader) if r is not None]
PIECES = st.sampled_from(
    [
        b"revision = ", b"down_revision = ", b"('a', 1)", b"[None]", b"{}", b"f'{x}'",
        b"op.add_column(*x)", b"op.execute()", b"op.create_table()", b"x.c[1].drop()",
        b"Table().create()", b"with op.batch_alter_table() as b:\n  b.drop_column()",
        b"def upgrade(): upgrade()\n", b"async def upgrade(): pass\n", b"\n", b"(", b"\xff",
        b"class A:\n def upgrade(self): pass\n", b"upgrade = downgrade = None\n",
        b"a = b\nb = a\n", b"depends_on = a\n", b"branch_labels = [f(), 1]\n", b"'''",
        b"def downgrade():\n for t in []: t.create()\n", b"lambda: op.execute(a)\n",
    ]
)  # fmt: skip
TEXTS = st.one_of(
    st.binary(max_size=60),
    st.lists(PIECES, max_size=8).map(b"".join),
    st.integers(0, len(SOUND)).map(lambda cut: SOUND[:cut]),
    st.tuples(st.integers(0, len(SOUND)), st.binary(max_size=4)).map(
        lambda given: SOUND[: given[0]] + given[1] + SOUND[given[0] :]
    ),
)


@settings(max_examples=150)
@given(TEXTS, TEXTS)
def test_nothing_in_a_file_makes_an_exception(script: bytes, told: bytes) -> None:
    """Scripts and settings of any bytes: every script is a revision or a finding."""
    with tempfile.TemporaryDirectory() as name:
        directory = Path(name)
        versions = linked(directory / "one", {"a.py": revision("a1f09c3e77b2", None)})
        (versions / "x.py").write_bytes(script)
        others = numbered(directory / "two", {"001_a.py": step("x = 1")})
        (others / "002_x.py").write_bytes(script)
        (others / "003_x_sqlite_upgrade.sql").write_bytes(script)
        third = linked(directory / "three", {})
        (third.parent.parent / "alembic.ini").write_bytes(told)
        (others.parent / "migrate.cfg").write_bytes(told)

        for reader, place in look(name, READERS):
            found = assess(reader, place)

            files = {f.name for finding in found.findings for f in finding.files}
            known = found.shape.revisions == found.shape.scripts
            assert known or "x.py" in files
