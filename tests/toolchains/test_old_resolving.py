"""For interpreters that uv does not resolve for, pip does, and keeps the same promises."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from urllib.error import HTTPError
from urllib.request import urlopen

import msgspec
import pytest

from harness.model.toolchain import Building
from harness.toolchains import CACHE_VARIABLE, ToolchainError, build, dated_index
from harness.toolchains.interpreter import Interpreter, probe
from harness.toolchains.interpreters import find, not_found
from harness.toolchains.listing import NoReleasesError
from harness.toolchains.old_python import HELPER
from harness.toolchains.resolving import resolve
from tests.toolchains.packages import make_source, make_wheel, toolchain

ANY = "py2.py3-none-any"
PATIENCE = 10


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a cache that has what makes environments, from the user's index."""
    directory = tmp_path_factory.mktemp("cache")
    build(HELPER, directory)
    return directory


@pytest.fixture
def oldest(cache: Path, monkeypatch: pytest.MonkeyPatch) -> Interpreter:
    """Return a Python 2.7, with that cache."""
    executable = find("2.7")
    if executable is None:
        pytest.skip(not_found("2.7")[0])
    monkeypatch.setenv(CACHE_VARIABLE, str(cache))
    return probe(executable)


def lock_of(interpreter: Interpreter, *requirements: str) -> str:
    """Return a lock, with no conditions on building."""
    return resolve("test", requirements, Building(), interpreter)


def test_a_lock_has_what_is_needed_with_hashes(
    oldest: Interpreter, wheelhouse: Path
) -> None:
    """The newest of each that fits, the packages that others need as well."""
    wheels = [
        make_wheel(wheelhouse, "first", needs="second<2", tag=ANY),
        make_wheel(wheelhouse, "second", "1.5", tag=ANY),
    ]
    make_wheel(wheelhouse, "second", "1.0", tag=ANY)
    make_wheel(wheelhouse, "second", "2.0", tag=ANY)
    make_wheel(wheelhouse, "first", "2.0", tag="py3-none-any")
    digests = [hashlib.sha256(wheel.read_bytes()).hexdigest() for wheel in wheels]

    assert lock_of(oldest, "first") == (
        f"first==1.0 \\\n    --hash=sha256:{digests[0]}\n"
        f"second==1.5 \\\n    --hash=sha256:{digests[1]}\n"
    )


def test_what_a_source_is_built_with_is_in_the_lock_and_it_can_be_built(
    oldest: Interpreter, cache: Path, wheelhouse: Path, tmp_path: Path
) -> None:
    """Its setup.py asks for that by itself, and gets nothing that is not pinned."""
    make_wheel(wheelhouse, "pbr", tag=ANY)
    setup = "from setuptools import setup\nsetup(name='asking', version='1.0', "
    make_source(wheelhouse, "asking", f"{setup}setup_requires=['pbr'])\n")
    path = tmp_path / "lock.txt"
    path.write_text(lock_of(oldest, "asking"), encoding="utf-8")

    wanted = msgspec.structs.replace(
        toolchain(path), python="2.7", interpreter=oldest.version
    )
    environment = build(wanted, cache)

    assert {"asking": "1.0", "pbr": "1.0"} == {
        one.name: one.version for one in environment.distributions
    }


@pytest.mark.parametrize(
    ("requirements", "words"),
    [
        (("absent",), "absent"),
        (("modern",), "modern"),
        (("first", "second>=2"), "conflict"),
    ],
    ids=["nowhere", "not for this Python", "excluding each other"],
)
def test_what_has_no_answer_is_told_in_the_words_of_pip(
    oldest: Interpreter, wheelhouse: Path, requirements: tuple[str, ...], words: str
) -> None:
    """All that it said comes with the error."""
    make_wheel(wheelhouse, "modern", tag="py3-none-any")
    make_wheel(wheelhouse, "first", needs="second<2", tag=ANY)
    make_wheel(wheelhouse, "second", "2.0", tag=ANY)
    make_wheel(wheelhouse, "second", "1.0", tag=ANY)

    with pytest.raises(ToolchainError) as caught:
        lock_of(oldest, *requirements)

    assert words in caught.value.output


def listed(name: str, year: int | None) -> SimpleNamespace:
    """Return a file as an index lists it."""
    return SimpleNamespace(
        filename=name,
        url=f"https://files.example/{name}?a&b",
        digests={"sha256": "0" * 64},
        requires_python=">=2.6",
        upload_time=year and datetime(year, 1, 31, tzinfo=UTC),
    )


def test_the_index_up_to_a_date_has_nothing_that_came_later(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Nor what has no date; some packages may have another one."""
    there = [listed("t-1.zip", 2012), listed("t-2.zip", 2014), listed("t-3.zip", None)]
    monkeypatch.setattr(dated_index, "files", lambda _: there)

    with dated_index.dated_index("2012-01-31", {"late": "2019-01-01"}) as index:
        pages = [
            urlopen(f"{index}{name}/", timeout=PATIENCE).read().decode()
            for name in ("tool", "late")
        ]

    assert [["t-1.zip"], ["t-1.zip", "t-2.zip"]] == [
        [one.filename for one in there if f">{one.filename}</a>" in page]
        for page in pages
    ]
    assert "https://files.example/t-1.zip?a&amp;b#sha256=000" in pages[0]
    assert 'data-requires-python="&gt;=2.6"' in pages[0]


def test_an_index_that_does_not_answer_is_no_empty_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Or a package would seem never to have been there."""

    def fail(_name: str) -> None:
        message = "the package index does not answer"
        raise NoReleasesError(message)

    monkeypatch.setattr(dated_index, "files", fail)

    with (
        dated_index.dated_index("2012-01-31", {}) as index,
        pytest.raises(HTTPError, match="502"),
    ):
        urlopen(f"{index}tool/", timeout=PATIENCE)
