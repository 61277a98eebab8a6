"""What file names tell."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.migrate.files import (
    Version,
    by_number,
    name_of,
    number_of,
    with_number,
)

_NAMES = st.from_regex(r"[a-z]{2,9}(_[a-z]{2,9}){0,2}", fullmatch=True)


@pytest.mark.parametrize(
    ("file", "number", "name"),
    [
        ("002_add_email.py", 2, "add_email"),
        ("1000_add_email.py", 1000, "add_email"),
        ("002_add_email_sqlite_upgrade.sql", 2, "add_email"),
        ("add_email.py", None, "add_email"),
        ("add_email_sqlite_downgrade.sql", None, "add_email"),
        ("12_too_short.py", None, "12_too_short"),
    ],
)
def test_names_and_numbers(file: str, number: int | None, name: str) -> None:
    """A number has three digits or more; SQL files also name database and direction."""
    assert (number, name) == (number_of(file), name_of(file))


@given(_NAMES, st.integers(1, 20000), st.integers(1, 20000))
def test_another_number_keeps_the_name(name: str, old: int, new: int) -> None:
    """Renumbering a file changes its number and nothing else."""
    file = with_number(f"{old:03d}_{name}.py", new)

    assert (new, name) == (number_of(file), name_of(file))
    assert f"{old:03d}_{name}.py" == with_number(file, old)


def test_a_file_without_a_number_cannot_be_renumbered() -> None:
    """Asking for it is a mistake that names the file."""
    with pytest.raises(ValueError, match=r"add_email\.py has no version number"):
        with_number("add_email.py", 3)


def test_files_make_up_versions() -> None:
    """Files of one number are one version, in the order of the numbers."""
    files = ("010_c.py", "002_a.py", "002_a_sqlite_upgrade.sql", "helper.py")

    versions = by_number(files)

    assert (
        Version(2, ("002_a.py", "002_a_sqlite_upgrade.sql")),
        Version(10, ("010_c.py",)),
    ) == versions
    assert [("a",), ("c",)] == [version.names for version in versions]


def test_a_version_with_two_names() -> None:
    """Two migrations of one number are both told."""
    assert ("b", "a") == Version(2, ("002_b.py", "002_a.py")).names[::-1]
