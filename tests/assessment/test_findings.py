"""Ids, ways back, locks, offline and kinds of acts, read from scripts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.assessment.ids import is_typed
from tests.assessment.repositories import (
    CREATES,
    assessed,
    kinds,
    linked,
    numbered,
    revision,
    step,
)

FIRST = revision("a1f09c3e77b2", None)


def second(directory: Path, upgrade: str, downgrade: str = "pass") -> dict[str, Any]:
    """Return what is found of a second revision with these bodies."""
    script = revision("b2e8d41c0a95", "a1f09c3e77b2", upgrade, downgrade)
    linked(directory, {"a.py": FIRST, "b.py": script})
    return assessed(directory)[1]


@pytest.mark.parametrize("name", ["a1b2c3d4e5f6", "123456789abc", "aaaaaaaaaaaa"])
def test_typed_ids_are_told(name: str, tmp_path: Path) -> None:
    """An id along the keyboard is one that others type as well."""
    linked(tmp_path, {"a.py": revision(name, None)})

    assert "typed-id" in kinds(assessed(tmp_path)[1], "note")


@given(st.sampled_from(["ae1027a6acf", "48cbb571fa3a", "1507a7289a2f", "kilo", "9f2b"]))
def test_drawn_ids_and_words_are_not_typed(name: str) -> None:
    """What the tools drew, and names that people chose."""
    assert not is_typed(name)


def test_ids_that_begin_another_are_close(tmp_path: Path) -> None:
    """Commands take an abbreviated id: then it is not clear which is meant."""
    scripts = {"a.py": revision("abc4", None), "b.py": revision("abc45", "abc4")}
    linked(tmp_path, scripts)

    assert "close-ids" in kinds(assessed(tmp_path)[1])


def test_compiled_scripts_are_told_where_they_are_taken(tmp_path: Path) -> None:
    """What is hidden in them may be a parent that is not found: that is a warning then."""
    versions = linked(tmp_path, {"b.py": revision("b2e8d41c0a95", "a1f09c3e77b2")})
    (versions / "a.pyc").write_bytes(b"")
    (versions / "b.pyc").write_bytes(b"")
    without = kinds(assessed(tmp_path)[1], "warning")
    settings = tmp_path / "alembic.ini"
    settings.write_text(settings.read_text() + "sourceless = true\n")

    result, found = assessed(tmp_path)

    assert "compiled" not in without
    assert {"compiled", "missing-parent"} <= set(kinds(found, "warning"))
    assert result.exit_code == 0
    told = next(one for one in found["findings"] if one["kind"] == "compiled")
    assert "a.pyc: compiled, and without source: 1;" in told["words"]


def test_a_downgrade_that_forgets_something_is_told(tmp_path: Path) -> None:
    """What has no counterpart is named; what goes with its table is not missed."""
    found = second(
        tmp_path,
        "op.add_column('users', sa.Column('nick')); op.add_column('users', sa.Column('n'))",
        "op.drop_column('users', 'nick')",
    )

    assert found["downgrades"]["incomplete"] == {
        "b2e8d41c0a95": ["add column users n"],
    }


@pytest.mark.parametrize(
    ("columns", "left"), [("['n']", []), ("['name']", ["create index users i"])]
)
def test_an_index_goes_with_its_own_columns_only(
    columns: str, left: list[str], tmp_path: Path
) -> None:
    """A downgrade that drops another column leaves the index standing."""
    found = second(
        tmp_path,
        "op.add_column('users', sa.Column('n'))\n"
        f"    op.create_index('i', 'users', {columns})",
        "op.drop_column('users', 'n')",
    )

    assert found["downgrades"]["incomplete"].get("b2e8d41c0a95", []) == left


def test_migrates_index_goes_with_its_own_columns_only(tmp_path: Path) -> None:
    """So it is where the index is made of a table's columns."""
    users = "users = Table('users', MetaData(), autoload=True)\n    "
    up = f"{users}Column('n').create(users)\n    Index('i', users.c.name).create()"
    numbered(
        tmp_path,
        {
            "001_a.py": step("Table('users', MetaData(), Column('name')).create()"),
            "002_b.py": step(up, f"{users}users.c.n.drop()"),
        },
    )

    _, found = assessed(tmp_path)

    assert found["downgrades"]["incomplete"] == {"2": ["create index users i"]}


def test_a_rename_with_another_type_is_both(tmp_path: Path) -> None:
    """What is given another name and another type in one call is rewritten too."""
    numbered(
        tmp_path,
        {
            "001_a.py": step("Table('users', MetaData(), Column('n')).create()"),
            "002_b.py": step(
                "users = Table('users', MetaData(), autoload=True)\n"
                "    users.c.n.alter(name='m', type=Text)"
            ),
        },
    )

    _, found = assessed(tmp_path)

    used = {one["kind"] for one in found["operations"]}
    assert {"rename column", "alter column"} <= used
    assert {"postgresql", "mysql"} <= {
        use["backend"] for use in found["locks"] if use["kind"] == "alter column"
    }


def test_batches_of_one_name_keep_their_tables(tmp_path: Path) -> None:
    """Two `with` blocks that call their batch the same are for two tables."""
    found = second(
        tmp_path,
        "with op.batch_alter_table('users') as batch:\n"
        "        batch.add_column(sa.Column('n'))\n"
        "    with op.batch_alter_table('pets') as batch:\n"
        "        batch.add_column(sa.Column('n'))",
        "with op.batch_alter_table('users') as batch:\n        batch.drop_column('n')",
    )

    assert found["downgrades"]["incomplete"] == {"b2e8d41c0a95": ["add column pets n"]}


@pytest.mark.parametrize(
    ("downgrade", "kind", "count"),
    [
        ("pass", "downgrade-empty", "empty"),
        ("'''Nothing.'''", "downgrade-empty", "empty"),
        ("raise NotImplementedError('no')", "downgrade-raises", "raising"),
    ],
)
def test_downgrades_that_do_nothing_are_told(
    downgrade: str, kind: str, count: str, tmp_path: Path
) -> None:
    """Empty, or raising: both are no way back."""
    found = second(tmp_path, "op.drop_table('users')", downgrade)

    assert kind in kinds(found)
    assert found["downgrades"][count] == ["b2e8d41c0a95"]


def test_an_upgrade_that_calls_something_unknown_is_not_idle(tmp_path: Path) -> None:
    """Only a body without any statement does nothing; the rest is not told by reading."""
    found = second(tmp_path, "rows = helper()")

    assert "does-nothing" not in kinds(found)


LOCKING = [
    (
        "op.alter_column('users', 'n', type_=sa.Text())",
        "postgresql",
        "rewrites the table",
    ),
    ("op.alter_column('users', 'n', type_=sa.Text())", "mysql", "rewrites the table"),
    ("op.alter_column('users', 'n', nullable=False)", "postgresql", "reads all rows"),
    ("op.create_index('i', 'users', ['n'])", "postgresql", "keeps writers out"),
    ("op.execute('CREATE INDEX i ON users (n)')", "postgresql", "keeps writers out"),
    (
        "op.add_column('users', sa.Column('n', sa.Text, nullable=False))",
        "postgresql",
        "fails if there are rows",
    ),
    ("op.execute('ALTER TABLE users DROP COLUMN n')", "mysql", "rewrites the table"),
]


@pytest.mark.parametrize(("upgrade", "backend", "effect"), LOCKING)
def test_what_locks_a_table_is_marked(
    upgrade: str, backend: str, effect: str, tmp_path: Path
) -> None:
    """Each backend for itself, with the page that says so."""
    found = second(tmp_path, upgrade)

    uses = [use for use in found["locks"] if use["backend"] == backend]
    assert any(use["effect"].startswith(effect) for use in uses)
    assert all(use["source"].startswith("https://") for use in uses)


def test_a_column_that_mysql_is_told_anew_may_copy_the_table(tmp_path: Path) -> None:
    """NOT NULL in such a statement does not say that nothing else of it changes."""
    upgrade = "op.execute('ALTER TABLE users MODIFY n BIGINT NOT NULL')"

    found = second(tmp_path, upgrade)

    (told,) = [use["words"] for use in found["locks"] if use["backend"] == "mysql"]
    assert "may copy the table and keep writers out" in told


_INDEX = "op.create_index('i', 'users', ['n'])"
_DROP = "op.drop_column('users', 'n')"


@pytest.mark.parametrize(
    ("body", "index", "drop"),
    [
        (
            f"if op.get_bind().dialect.name == 'postgresql':\n        {_INDEX}\n"
            f"    else:\n        {_DROP}",
            {"postgresql"},
            {"mysql", "sqlite"},
        ),
        (
            f"bind = op.get_bind()\n    if bind.dialect.name != 'sqlite':\n        {_INDEX}"
            f"\n    elif True:\n        {_DROP}",
            {"postgresql"},
            {"sqlite"},
        ),
        (
            "name = context.get_context().dialect.name\n"
            f"    if name in ('mysql', 'mariadb'):\n        {_DROP}\n        return\n"
            f"    {_INDEX}",
            {"postgresql", "sqlite"},
            {"mysql"},
        ),
        (
            f"if engine.dialect.name == 'oracle':\n        {_INDEX}\n    {_DROP}",
            set(),
            {"mysql", "sqlite"},
        ),
        (
            f"if migrate_engine.name == 'sqlite':\n        for one in (1,):\n"
            f"            {_INDEX}\n    {_DROP}",
            {"sqlite"},
            {"mysql", "sqlite"},
        ),
        (
            f"if op.get_bind().dialect.name.startswith('my'):\n        {_INDEX}\n"
            f"    else:\n        {_DROP}",
            {"postgresql", "sqlite"},
            {"mysql", "sqlite"},
        ),
    ],
    ids=["==", "!=", "in, and return", "another", "engine in a loop", "not plain"],
)
def test_what_is_for_one_backend_counts_for_that_only(
    body: str, index: set[str], drop: set[str], tmp_path: Path
) -> None:
    """A test of the dialect's name decides, also for the rest; no other one does."""
    found = second(tmp_path, body)

    def backends(kind: str) -> set[str]:
        return {use["backend"] for use in found["locks"] if use["kind"] == kind}

    assert backends("create index") == index
    assert backends("drop column") == drop


@pytest.mark.parametrize(
    "upgrade",
    [
        "op.create_index('i', 'users', ['n'], postgresql_concurrently=True)",
        "op.add_column('users', sa.Column('n', sa.Text))",
        f"{CREATES}; op.create_index('i', 'users', ['n'])",
    ],
)
def test_what_does_not_lock_is_not_marked(upgrade: str, tmp_path: Path) -> None:
    """An index built beside writers, a plain column, a table that is new itself."""
    found = second(tmp_path, upgrade)

    assert [use for use in found["locks"] if use["backend"] == "postgresql"] == []


@pytest.mark.parametrize(
    ("upgrade", "kind"),
    [
        ("sa.inspect(op.get_bind()).get_columns('users')", "reads the schema"),
        (
            "sa.Table('users', sa.MetaData(), autoload_with=op.get_bind())",
            "reads the schema",
        ),
        ("op.get_bind().execute('SELECT 1').fetchall()", "reads rows"),
        ("x = op.get_bind().execute(sa.select(t.c.id))", "reads rows"),
        ("op.execute(t.update().values(n='x'))", "leaves placeholders"),
        ("op.get_bind().execute(t, {'n': 'x'})", "sends parameters"),
        ("s = sa.orm.Session(bind=op.get_bind())", "uses the connection"),
    ],
)
def test_what_needs_a_database_is_told(upgrade: str, kind: str, tmp_path: Path) -> None:
    """The reason, and the code that prevents it."""
    found = second(tmp_path, upgrade)

    reasons = [one["kind"] for one in found["offline"]]
    assert any(reason.startswith(kind) for reason in reasons)
    assert "not-offline" in kinds(found, "note")


def test_literal_binds_in_env_write_values_into_the_sql(tmp_path: Path) -> None:
    """What alembic's templates set makes values no obstacle, and reading one still."""
    second(tmp_path, "op.execute(t.update().values(n='x'))")
    env = tmp_path / "migrations" / "env.py"
    env.write_text("context.configure(url=url, literal_binds=True)\n")

    assert assessed(tmp_path)[1]["offline"] == []


def test_plain_operations_need_no_database(tmp_path: Path) -> None:
    """What alembic writes as SQL by itself is not called an obstacle."""
    found = second(tmp_path, "op.add_column('users', sa.Column('n', sa.Text))")

    assert found["offline"] == []


def test_what_scripts_of_numbers_do_is_read_from_their_objects(tmp_path: Path) -> None:
    """A Table that is created, a column of a table, raw SQL, and a file of SQL."""
    numbered(
        tmp_path,
        {
            "001_a.py": step("Table('users', MetaData(), Column('id')).create()"),
            "002_b.py": step(
                "t = Table('users', MetaData(), autoload=True)\n"
                "    t.create_column(Column('n', Text))\n"
                "    t.c.n.alter(nullable=False)\n"
                "    t = Table('pets', MetaData())\n"
                "    Index('i', t.c.n).create()\n"
                "    migrate_engine.execute('DELETE FROM pets')"
            ),
            "003_c_sqlite_upgrade.sql": "-- why\nDROP TABLE pets;\nUPDATE users SET n = 1;\n",
        },
    )

    _, found = assessed(tmp_path)

    read = {one["kind"]: one["acts"] for one in found["operations"]}
    assert read == {
        "create table": 1,
        "drop table": 1,
        "add column": 1,
        "alter column": 1,
        "create index": 1,
        "change rows": 2,
    }
    assert [one["kind"] for one in found["offline"]] == [
        "reads the schema of the database"
    ]
    scans = [
        use for use in found["locks"] if use["effect"].startswith("reads all rows")
    ]
    assert scans[0]["acts"] == ["2: alter column users n (line 8)"]


def test_only_the_kinds_that_are_named_fail(tmp_path: Path) -> None:
    """`--fail-on` replaces the default, and may name notes."""
    script = revision("b2e8d41c0a95", "ffffffffffff")
    linked(tmp_path, {"a.py": FIRST, "b.py": script})

    assert assessed(tmp_path)[0].exit_code == 1
    assert assessed(tmp_path, "--fail-on", "nothing")[0].exit_code == 0
    assert assessed(tmp_path, "--fail-on", "gap")[0].exit_code == 0
    assert assessed(tmp_path, "--fail-on", "no-test")[0].exit_code == 1
    both = assessed(tmp_path, "--fail-on", "gap", "--fail-on", "faults")
    assert both[0].exit_code == 1
