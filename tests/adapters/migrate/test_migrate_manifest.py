"""The manifest: one form, written by the tool and by the adapter alike."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from adapters.migrate.files import Version
from adapters.migrate.manifest import read, written
from harness.model.operations import AddColumn
from harness.model.schema import Column, String
from harness.model.steps import Migration
from tests.adapters.migrate.bench import Bench, Runner
from tests.adapters.migrate.operations import GROUND

_FILES = st.lists(
    st.from_regex(r"[a-z]{1,8}\.(py|sql)", fullmatch=True), min_size=1, max_size=3
)
_ENTRIES = st.dictionaries(st.integers(1, 9999), _FILES, max_size=6)


@given(_ENTRIES)
def test_what_is_written_is_read(entries: dict[int, list[str]]) -> None:
    """A manifest survives being written and read, in one form only."""
    versions = tuple(sorted(Version(n, tuple(files)) for n, files in entries.items()))

    assert versions == read(written(versions))
    assert written(versions) == written(reversed(versions))


@given(_ENTRIES, _FILES)
def test_a_new_version_is_one_more_line(
    entries: dict[int, list[str]], files: list[str]
) -> None:
    """Once there is one entry, a further one changes no other line."""
    versions = [Version(n, tuple(names)) for n, names in entries.items()]
    newer = Version(10_000, tuple(files))
    before, after = written(versions), written([*versions, newer])

    added = after.splitlines()[1]

    assert after.splitlines()[:1] + after.splitlines()[2:] == before.splitlines()
    assert added.startswith('  "10000": [')


def test_an_empty_manifest(manifest_bench: Bench) -> None:
    """A repository begins with a manifest that lists nothing."""
    assert ["versions.json"] == manifest_bench.files()
    assert "{\n}\n" == manifest_bench.text("versions.json")


def test_the_tool_writes_the_same_form(manifest_bench: Bench) -> None:
    """What `migrate script` and `script_sql` write, the adapter would write too."""
    manifest_bench.run("script", "add email", "migrations")
    manifest_bench.run("script_sql", "sqlite", "fill in", "migrations")

    text = manifest_bench.text("versions.json")

    assert text == (
        "{\n"
        '  "2": ["fill_in_sqlite_upgrade.sql", "fill_in_sqlite_downgrade.sql"],\n'
        '  "1": ["add_email.py"]\n'
        "}\n"
    )
    assert text == written(read(text))


def test_sql_files_join_the_entry_of_the_script(manifest_bench: Bench) -> None:
    """`script_sql` would make a version of its own; the user joins the lines."""
    change = Migration("add_email", (AddColumn("users", Column("email", String(9))),))
    manifest_bench.author(GROUND)
    manifest_bench.author(change, sql_for=("sqlite",))

    assert [
        "add_email.py",
        "add_email_sqlite_downgrade.sql",
        "add_email_sqlite_upgrade.sql",
        "ground.py",
        "versions.json",
    ] == manifest_bench.files()
    assert 2 == len(read(manifest_bench.text("versions.json")))


def test_deleting_leaves_the_entry(manifest_bench: Bench) -> None:
    """Whoever deletes a file only is told so by the next command."""
    manifest_bench.author(GROUND)
    before = manifest_bench.text("versions.json")

    manifest_bench.history.delete("ground")

    assert before == manifest_bench.text("versions.json")


def test_the_guard_file(manifest_bench: Bench) -> None:
    """The manifest is what the policy adds."""
    paths = [path.as_posix() for path in manifest_bench.history.guard_files()]

    assert ["migrations/versions/versions.json"] == paths


def test_no_guard_file(bench: Bench) -> None:
    """The tool as published has no such file."""
    assert () == bench.history.guard_files()


def test_without_a_manifest_the_patch_changes_nothing(
    patched: Runner, manifest_bench: Bench
) -> None:
    """Where there is no manifest, file names count, as without the patch."""
    (manifest_bench.repository / "migrations/versions/versions.json").unlink()

    for argv in (("script", "add email"), ("script_sql", "sqlite", "fill in")):
        assert 0 == manifest_bench.run(*argv, "migrations").exit_code

    assert [
        "001_add_email.py",
        "002_fill_in_sqlite_downgrade.sql",
        "002_fill_in_sqlite_upgrade.sql",
    ] == manifest_bench.files()
    assert "2\n" == manifest_bench.run("version", "migrations").stdout
