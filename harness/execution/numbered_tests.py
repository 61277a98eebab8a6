"""Tests of migrations that have the migration's identity baked into their names.

As in Nova's test_migrations.py: a function that prepares, and one that checks. Nobody
runs them here; what counts is what becomes of their text when a patch is redone.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from harness.contract import History
from harness.model.departures import PlaceOfTest

_DIRECTORY = Path("tests")
_SHARED = _DIRECTORY / "test_migrations.py"
_TEST = '''

def _pre_upgrade_{identity}(engine):
    """What is there before {name}."""
    return {{"columns": columns_of(engine)}}


def _check_{identity}(engine, data):
    """What is there after {name}."""
    assert data["columns"] != columns_of(engine)
'''
_HEADER = '''"""What the migrations do, one after the other."""

from tests.helpers import columns_of
'''


def write_test(history: History, name: str, testing: PlaceOfTest) -> None:
    """Write the test of a migration."""
    path = _SHARED if testing is PlaceOfTest.SHARED else _apart(name)
    _append(history.session.repository / path, _test(name, history.identity(name)))


def identities(history: History, names: tuple[str, ...]) -> dict[str, str]:
    """Return the identities of those migrations whose tests are in the tree."""
    repository = history.session.repository
    known = {name: history.identity(name) for name in names if _tests(repository, name)}
    return {
        name: identity
        for name, identity in known.items()
        if any(_test(name, identity) in t.read_text() for t in _tests(repository, name))
    }


def renew_tests(history: History, former: Mapping[str, str]) -> None:
    """Have tests name the identities of their migrations as these are by now.

    A test that was lost in a conflict is put back.
    """
    repository = history.session.repository
    for name, identity in former.items():
        (path,) = _tests(repository, name)
        old, new = _test(name, identity), _test(name, history.identity(name))
        text = path.read_text()
        if old in text:
            path.write_text(text.replace(old, new))
        else:
            _append(path, new)


def _apart(name: str) -> Path:
    return _DIRECTORY / f"test_{name}.py"


def _tests(repository: Path, name: str) -> list[Path]:
    """Return the file in which a migration's test stands, if there is one."""
    places = (repository / _apart(name), repository / _SHARED)
    return [path for path in places if path.exists()][:1]


def _test(name: str, identity: str) -> str:
    return _TEST.format(name=name, identity=identity)


def _append(path: Path, test: str) -> None:
    path.parent.mkdir(exist_ok=True)
    text = path.read_text() if path.exists() else _HEADER
    path.write_text(f"{text}{test}")
