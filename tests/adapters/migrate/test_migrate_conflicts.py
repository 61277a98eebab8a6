"""What the losers of a race do: files renamed, or a line of the manifest."""

from __future__ import annotations

from harness.contract import Losing
from harness.model.operations import AddColumn
from harness.model.schema import Column, String
from harness.model.steps import Migration
from tests.adapters.migrate.bench import Bench
from tests.adapters.migrate.described import described
from tests.adapters.migrate.operations import GROUND


def _adding(name: str) -> Migration:
    return Migration(f"add_{name}", (AddColumn("users", Column(name, String(50))),))


EMAIL, PHONE, STREET, TOWN = map(_adding, ("email", "phone", "street", "town"))


def _race(
    bench: Bench, *lost: Migration, sql_for: tuple[str, ...] = ()
) -> tuple[str, ...]:
    """Have `add_email` land first, and the loser take over main; return conflicts."""
    bench.author(GROUND)
    bench.git("checkout", "--quiet", "-b", "landed")
    bench.author(EMAIL)
    bench.git("checkout", "--quiet", "main")
    bench.git("checkout", "--quiet", "-b", "loser")
    bench.line = (GROUND,)
    for migration in lost:
        bench.author(migration, sql_for)
    tip = bench.git("rev-parse", "HEAD").strip()
    conflicts = bench.take_over("loser", "landed")
    bench.line = (GROUND, EMAIL)
    authorings = []
    for migration in lost:
        authorings.append(bench.authoring(migration))
        bench.line = (*bench.line, migration)
    bench.history.reposition(Losing(tuple(authorings), tip, conflicts))
    return tuple(path.name for path in conflicts)


def _applies(bench: Bench) -> set[str]:
    bench.history.upgrade(bench.database(), None)
    users = described(bench.database())["users"]["columns"]
    return {name for name, *_ in users} & {"email", "phone", "street", "town"}


def test_git_sees_no_conflict_between_numbers(bench: Bench) -> None:
    """Two files of the same number merge cleanly; the loser renames its own."""
    assert () == _race(bench, PHONE)
    assert ["0\t0\tmigrations/versions/{002_add_phone.py => 003_add_phone.py}"] == (
        bench.changes()
    )
    assert {"email", "phone"} == _applies(bench)


def test_sql_files_are_renamed_too(bench: Bench) -> None:
    """A loser with SQL files renames three files."""
    _race(bench, PHONE, sql_for=("sqlite",))

    assert [
        "001_ground.py",
        "002_add_email.py",
        "003_add_phone.py",
        "003_add_phone_sqlite_downgrade.sql",
        "003_add_phone_sqlite_upgrade.sql",
    ] == bench.files()
    assert 3 == len(bench.changes())
    assert {"email", "phone"} == _applies(bench)


def test_a_stack_is_renamed_as_a_whole(bench: Bench) -> None:
    """Every file of a stack gets another number, in the order of the stack."""
    _race(bench, PHONE, STREET, TOWN)

    names = ("ground", "add_email", "add_phone", "add_street", "add_town")
    assert names == bench.history.names()
    assert 3 == len(bench.changes())
    assert {"email", "phone", "street", "town"} == _applies(bench)


def test_the_same_file_name_is_a_conflict(bench: Bench) -> None:
    """Where both chose the same name, the loser's script is written anew."""
    loser = Migration("add_email", PHONE.upgrade)

    assert ("002_add_email.py",) == _race(bench, loser)
    assert ["001_ground.py", "002_add_email.py", "003_add_email.py"] == bench.files()
    assert "email" in bench.text("002_add_email.py")
    assert "phone" in bench.text("003_add_email.py")
    assert {"email", "phone"} == _applies(bench)


def test_git_sees_the_conflict_in_a_manifest(manifest_bench: Bench) -> None:
    """Two entries for one number conflict; the loser's is one more line."""
    assert ("versions.json",) == _race(manifest_bench, PHONE)
    assert ["1\t0\tmigrations/versions/versions.json"] == manifest_bench.changes()
    assert (
        "{\n"
        '  "3": ["add_phone.py"],\n'
        '  "2": ["add_email.py"],\n'
        '  "1": ["ground.py"]\n'
        "}\n"
    ) == manifest_bench.text("versions.json")
    assert {"email", "phone"} == _applies(manifest_bench)


def test_sql_files_stay_as_they_are_in_a_manifest(manifest_bench: Bench) -> None:
    """It is still one line, however many files a version has."""
    _race(manifest_bench, PHONE, sql_for=("sqlite",))

    files = (
        '"add_phone.py", "add_phone_sqlite_upgrade.sql", '
        '"add_phone_sqlite_downgrade.sql"'
    )
    assert ["1\t0\tmigrations/versions/versions.json"] == manifest_bench.changes()
    assert f'  "3": [{files}],' in manifest_bench.text("versions.json").splitlines()
    assert {"email", "phone"} == _applies(manifest_bench)


def test_a_stack_is_a_line_for_each_in_a_manifest(manifest_bench: Bench) -> None:
    """Three losers are three lines."""
    _race(manifest_bench, PHONE, STREET, TOWN)

    names = ("ground", "add_email", "add_phone", "add_street", "add_town")
    assert ["3\t0\tmigrations/versions/versions.json"] == manifest_bench.changes()
    assert names == manifest_bench.history.names()
    assert {"email", "phone", "street", "town"} == _applies(manifest_bench)


def test_the_same_name_needs_another_in_a_manifest(manifest_bench: Bench) -> None:
    """Without numbers the loser's file must be renamed as well.

    The entries are the same on both sides, so that only the file conflicts.
    """
    loser = Migration("add_email", PHONE.upgrade)

    assert ("add_email.py",) == _race(manifest_bench, loser)
    assert '  "3": ["add_email_3.py"],' in (
        manifest_bench.text("versions.json").splitlines()
    )
    assert {"email", "phone"} == _applies(manifest_bench)
