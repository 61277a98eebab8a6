"""Files of known differences."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.execution.known import KnownError, load
from harness.execution.registry import discover
from harness.exploration.known import covers, written
from harness.exploration.symptoms import Sighting, Symptom
from harness.model.cell import Cell
from harness.model.known import KnownDifference

_CELL = Cell("changes/draft", "tool-linear", "common", "sqlite")
_SEEN = Sighting(
    _CELL,
    Symptom("differs", "missing check", "up"),
    ("alter_column", "backfill"),
    "users: the check ck (id > 3) is missing",
)


def known(**fields: tuple[str, ...] | str) -> KnownDifference:
    """Return a known difference that covers what is seen, apart from some fields."""
    given = {"id": "x", "symptom": "missing check", "reason": "!", "reference": "S18"}
    return KnownDifference(**{**given, **fields})  # type: ignore[arg-type]


def test_a_symptom_is_written_in_one_line() -> None:
    """It says on which way, what sort of thing, and what."""
    assert written(_SEEN) == "up, differs: missing check"


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"symptom": "^up, differs: missing (check|trigger)$"},
        {"operations": ("alter_column", "drop_column")},
        {"sentence": r"ck \(.*\) is missing"},
        {"candidates": ("other", "tool*")},
        {"backends": ("sqlite",), "toolchains": ("common",)},
    ],
)
def test_what_is_known_covers_a_sighting(fields: dict[str, tuple[str, ...]]) -> None:
    """An empty field is met by anything; of the others, one item has to match."""
    assert covers(known(**fields), _SEEN)


@pytest.mark.parametrize(
    "fields",
    [
        {"symptom": "missing trigger"},
        {"operations": ("add_column",)},
        {"sentence": "ck_other"},
        {"candidates": ("other*",)},
        {"backends": ("mysql",)},
        {"toolchains": ("newest",)},
    ],
)
def test_what_differs_in_one_respect_is_not_covered(
    fields: dict[str, tuple[str, ...] | str],
) -> None:
    """Another symptom, operation, candidate, backend or toolchain is another thing."""
    assert not covers(known(**fields), _SEEN)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("[[difference]]\nid = 'x'", "missing required field"),
        ("[[difference]]\nid = 1", "Expected `str`"),
        ("[[differences]]", "unknown field"),
        ("not toml at all", "known.toml"),
        (
            "[[difference]]\nid='x'\nsymptom='('\nreason='r'\nreference='S1'",
            "unterminated",
        ),
        ("[[difference]]\nid='x'\nreason='r'\nreference='S1'", "needs a symptom"),
        (
            "[[difference]]\nid='x'\noutcome='o'\nreason='r'\nreference='S1'",
            "go together",
        ),
    ],
)
def test_a_file_that_is_not_in_order_is_refused(
    tmp_path: Path, text: str, complaint: str
) -> None:
    """The message names the file and what is wrong in it."""
    path = tmp_path / "known.toml"
    path.write_text(text)

    with pytest.raises(KnownError, match=complaint) as refusal:
        load([path])

    assert str(path) in str(refusal.value)


def test_an_id_is_given_once(tmp_path: Path) -> None:
    """Two files cannot speak of two differences under one id."""
    entry = "[[difference]]\nid='x'\nsymptom='s'\nreason='r'\nreference='S1'\n"
    (tmp_path / "known.toml").write_text(entry * 2)

    with pytest.raises(KnownError, match="the id 'x'"):
        load([tmp_path / "known.toml"])


def test_what_comes_with_the_adapters_is_in_order() -> None:
    """Every entry has a reason and a reference, and names its own candidates only."""
    for adapter in discover().adapters.values():
        assert adapter.known_differences is not None
        own = {candidate.name for candidate in adapter.candidates}
        for entry in load([adapter.known_differences]):
            assert entry.reason
            assert entry.reference
            stem = {pattern.rstrip("*") for pattern in entry.candidates}
            assert stem
            assert all(any(n.startswith(s) for n in own) for s in stem), entry.id
