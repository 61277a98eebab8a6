"""The project's own rules, checked on its files."""

from __future__ import annotations

import ast
import configparser
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LONGEST_MODULE = 500
LONGEST_FUNCTION = 60
TEXT = {
    ".py",
    ".md",
    ".toml",
    ".ini",
    ".yaml",
    ".txt",
    ".in",
    ".j2",
    ".json",
    ".cfg",
    ".template",
}


def files(*folders: str) -> list[Path]:
    """Return the project's text files, as git knows them, under some folders."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", *folders],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    found = [ROOT / name for name in listed]
    return [p for p in found if p.is_file() and p.suffix in TEXT]


def modules(*folders: str) -> list[Path]:
    """Return the Python files under some folders."""
    return [path for path in files(*folders) if path.suffix == ".py"]


def functions(path: Path) -> Iterator[ast.FunctionDef]:
    """Return all functions of a module."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef):
            yield node


@pytest.mark.parametrize("path", files(), ids=lambda path: str(path.relative_to(ROOT)))
def test_no_file_names_a_machine_or_a_registry(path: Path) -> None:
    """No path of somebody's machine, and no address of a package registry."""
    text = path.read_text()

    assert not re.search(r"(?<![\w.])/(?:work|root|farm)/", text)
    assert not re.search(r"pypi\.or[g]|python[h]osted|registry\.np[m]", text)


def test_locks_pin_by_hash_and_name_no_index() -> None:
    """Every package of a lock has hashes, and none an address."""
    locks = [p for p in files("adapters", "requirements") if p.suffix == ".txt"]
    assert locks
    for lock in locks:
        text = lock.read_text()
        assert "://" not in text, lock
        assert text.count("==") <= text.count("--hash=sha256:"), lock


def test_the_harness_names_no_tool() -> None:
    """A tool is named in its own directory only."""
    named = re.compile(r"\balembic\b|sqlalchemy[-_]migrate|\bmigrate\b", re.IGNORECASE)
    found = {path for path in files("harness") if named.search(path.read_text())}

    assert found == set()


def test_modules_are_short() -> None:
    """A module has one subject, and room to spare."""
    long = {
        str(path.relative_to(ROOT)): lines
        for path in modules()
        if (lines := path.read_text().count("\n")) > LONGEST_MODULE
    }

    assert long == {}


def test_functions_are_short() -> None:
    """No function outside the tests needs scrolling."""
    long = {
        f"{path.relative_to(ROOT)}:{function.name}": length
        for path in modules("harness", "adapters", "scenarios", "claims")
        for function in functions(path)
        if (length := (function.end_lineno or 0) - function.lineno + 1)
        > LONGEST_FUNCTION
    }

    assert long == {}


def test_every_test_says_what_it_specifies() -> None:
    """A test has a docstring, and a name of its own in its module."""
    silent = [
        f"{path.relative_to(ROOT)}:{function.name}"
        for path in modules("tests")
        for function in functions(path)
        if function.name.startswith("test_") and not ast.get_docstring(function)
    ]

    assert silent == []


def test_every_tox_environment_is_described() -> None:
    """`tox list` is the guide to the project's commands."""
    tox = configparser.ConfigParser()
    tox.read(ROOT / "tox.ini")
    environments = [name for name in tox if name.startswith("testenv:")]

    assert environments
    assert [name for name in environments if "description" not in tox[name]] == []


def test_ci_runs_what_the_readme_says() -> None:
    """The command between the markers is there once, and is what CI extracts."""
    readme = (ROOT / "README.md").read_text()
    part = readme.split("<!-- tests -->")[1].split("<!-- end -->")[0]
    commands = [line for line in part.splitlines() if line.startswith("python3")]

    assert len(commands) == 1
    assert commands[0].endswith("tox")
    assert "<!-- tests -->" in (ROOT / ".ci" / "run").read_text()


def test_links_of_the_documentation_lead_somewhere() -> None:
    """Every relative link in a markdown file names a file that is there."""
    broken = [
        f"{path.relative_to(ROOT)}: {target}"
        for path in files()
        if path.suffix == ".md" and "reports" not in path.parts
        for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", path.read_text())
        if not (path.parent / target).exists()
    ]

    assert broken == []
