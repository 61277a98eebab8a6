"""The shape of histories, and that it is what the graph says."""

from __future__ import annotations

import json
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from harness.assessment.shape import by_id, circles, shape
from harness.model.history import History, Place, Revision
from tests.assessment.repositories import (
    assessed,
    kinds,
    linked,
    numbered,
    revision,
    run,
    step,
)


def test_a_history_with_two_lines_on_purpose_has_no_fault(tmp_path: Path) -> None:
    """Labelled lines may end in two heads; the labels and the merge are told."""
    linked(
        tmp_path,
        {
            "a.py": revision("a1f09c3e77b2", None),
            "b.py": revision(
                "b2e8d41c0a95", "a1f09c3e77b2", more="branch_labels = 'up'"
            ),
            "c.py": revision(
                "c3d7e52b1f86", "a1f09c3e77b2", more="branch_labels = ('down',)"
            ),
        },
    )

    _, found = assessed(tmp_path)

    assert kinds(found, "fault") == []
    assert found["shape"]["heads"] == ["b2e8d41c0a95", "c3d7e52b1f86"]
    assert found["shape"]["branch_points"] == ["a1f09c3e77b2"]
    assert found["shape"]["labels"] == {"up": "b2e8d41c0a95", "down": "c3d7e52b1f86"}


def test_a_merge_is_counted_and_dated(tmp_path: Path) -> None:
    """A revision with two parents is somebody's repair, with its date."""
    linked(
        tmp_path,
        {
            "a.py": revision("a1f09c3e77b2", None),
            "b.py": revision("b2e8d41c0a95", "a1f09c3e77b2", "pass"),
            "c.py": revision("c3d7e52b1f86", "a1f09c3e77b2", "pass"),
            "d.py": revision(
                "d4c6f63a2e97",
                ("b2e8d41c0a95", "c3d7e52b1f86"),
                "pass",
                "pass",
                date="2024-05-06 07:08:09.123456",
            ),
        },
    )

    _, found = assessed(tmp_path)

    assert found["shape"]["merges"] == ["d4c6f63a2e97"]
    (merge,) = found["conflicts"]["merges"]
    assert merge["date"].startswith("2024-05-06T07:08:09")
    assert merge["parents"] == ["b2e8d41c0a95", "c3d7e52b1f86"]


def test_what_a_script_names_is_not_abbreviated(tmp_path: Path) -> None:
    """A dependency may be a label; the beginning of an id is no id in a script."""
    first = revision("a1f09c3e77b2", None, more="branch_labels = 'users'")
    second = revision("b2e8d41c0a95", "a1f09c3e77b2", more="depends_on = 'users'")
    versions = linked(tmp_path, {"a.py": first, "b.py": second})
    assert kinds(assessed(tmp_path)[1], "fault") == []

    abbreviated = revision("b2e8d41c0a95", "a1f0", more="depends_on = 'a1f0'")
    (versions / "b.py").write_text(abbreviated)
    faults = kinds(assessed(tmp_path)[1], "fault")
    assert {"missing-parent", "missing-dependency"} <= set(faults)


def test_what_was_given_another_parent_is_seen_without_git(tmp_path: Path) -> None:
    """A date before the parent's, and a heading that names another."""
    later = revision("a1f09c3e77b2", None, date="2024-02-01 00:00:00")
    earlier = revision("b2e8d41c0a95", "a1f09c3e77b2", date="2024-01-01 00:00:00")
    stale = earlier.replace("Revises: a1f09c3e77b2", "Revises: 0f1e2d3c4b5a")
    linked(tmp_path, {"a.py": later, "b.py": stale})

    _, found = assessed(tmp_path)

    assert found["conflicts"]["older"] == ["b2e8d41c0a95"]
    assert "stale-heading" in kinds(found, "warning")


def test_a_heading_written_as_a_tuple_is_not_stale(tmp_path: Path) -> None:
    """Old templates of alembic wrote the parents of a merge as Python writes them."""
    merge = revision("d4c6f63a2e97", ("b2e8d41c0a95", "c3d7e52b1f86"), "pass")
    merge = merge.replace(
        "Revises: b2e8d41c0a95, c3d7e52b1f86",
        "Revises: ('b2e8d41c0a95', 'c3d7e52b1f86')",
    )
    scripts = {
        "a.py": revision("a1f09c3e77b2", None),
        "b.py": revision("b2e8d41c0a95", "a1f09c3e77b2"),
        "c.py": revision("c3d7e52b1f86", "a1f09c3e77b2"),
        "d.py": merge,
    }
    linked(tmp_path, scripts)

    _, found = assessed(tmp_path)

    assert "stale-heading" not in kinds(found)


def test_numbers_may_begin_late(tmp_path: Path) -> None:
    """A history that begins at 216 is told, and is no fault."""
    numbered(tmp_path, {"216_first.py": step("x = 1"), "217_next.py": step("x = 1")})

    _, found = assessed(tmp_path)

    assert kinds(found, "fault") == []
    assert "late-start" in kinds(found, "note")
    assert found["shape"]["heads"] == ["217"]


def test_folders_inside_are_read_where_the_application_names_them(
    tmp_path: Path,
) -> None:
    """Code beside the settings that speaks of version_locations is a sign of it."""
    versions = linked(tmp_path, {"a.py": revision("a1f09c3e77b2", None)})
    (versions / "more").mkdir()
    inner = revision("b2e8d41c0a95", "a1f09c3e77b2")
    (versions / "more" / "b.py").write_text(inner)
    (tmp_path / "cli.py").write_text("config.set_main_option('version_locations', x)")

    _, found = assessed(tmp_path)

    assert found["shape"]["revisions"] == 2
    assert "silent-loser" not in kinds(found)


def test_folders_that_somebody_names_are_read_alone(tmp_path: Path) -> None:
    """An application with a history for each backend: `--versions` says which."""
    versions = linked(tmp_path, {})
    (tmp_path / "alembic.ini").unlink()
    for backend, own in (("sqlite", "a1f09c3e77b2"), ("postgresql", "b2e8d41c0a95")):
        (versions / backend).mkdir()
        (versions / backend / "first.py").write_text(revision(own, None))

    both = assessed(tmp_path)[1]
    one = assessed(tmp_path, "--versions", str(versions / "sqlite"))[1]

    assert "several-heads" in kinds(both, "fault")
    assert kinds(one, "fault") == []
    assert one["shape"]["heads"] == ["a1f09c3e77b2"]


def test_a_package_is_found_in_an_environment(tmp_path: Path) -> None:
    """`package:folder` is looked for in site-packages, and nothing is imported."""
    packages = tmp_path / "lib" / "python3.11" / "site-packages"
    linked(packages / "shop" / "db", {"a.py": revision("a1f09c3e77b2", None)})
    (packages / "shop" / "__init__.py").write_text("raise SystemExit('imported')")

    result, found = assessed(Path("shop.db:migrations"), "--environment", str(tmp_path))

    assert result.exit_code == 0
    assert found["place"]["directory"].endswith("shop/db/migrations")


def test_sections_of_one_file_are_repositories_each(tmp_path: Path) -> None:
    """`alembic --name orders` reads [orders]: an application may have several."""
    linked(tmp_path / "orders", {"a.py": revision("a1f09c3e77b2", None)})
    linked(tmp_path / "stock", {"b.py": revision("b2e8d41c0a95", None)})
    for name in ("orders", "stock"):
        (tmp_path / name / "alembic.ini").unlink()
    (tmp_path / "alembic.ini").write_text(
        "[orders]\nscript_location = %(here)s/orders/migrations\n"
        "[stock]\nscript_location = %(here)s/stock/migrations\n[loggers]\nkeys = root\n"
    )

    told = json.loads(run(tmp_path, "--json").stdout)["repositories"]

    assert [one["shape"]["heads"] for one in told] == [
        ["a1f09c3e77b2"],
        ["b2e8d41c0a95"],
    ]


def test_settings_in_pyproject_are_found(tmp_path: Path) -> None:
    """`[tool.alembic]` names the folder as an ini file does."""
    linked(tmp_path, {"a.py": revision("a1f09c3e77b2", None)})
    (tmp_path / "alembic.ini").unlink()
    (tmp_path / "migrations").rename(tmp_path / "elsewhere")
    (tmp_path / "pyproject.toml").write_text(
        '[tool.alembic]\nscript_location = "%(here)s/elsewhere"\n'
    )

    _, found = assessed(tmp_path)

    assert found["place"]["settings"].endswith("pyproject.toml")
    assert found["shape"]["revisions"] == 1


@st.composite
def histories(draw: st.DrawFn) -> tuple[Revision, ...]:
    """Draw a history without circles: a revision follows some of those before it."""
    made: list[Revision] = []
    for number in range(draw(st.integers(1, 12))):
        before = [r.id for r in made]
        parents = (
            draw(st.sets(st.sampled_from(before), max_size=3)) if before else set()
        )
        made.append(Revision(id=f"r{number}", parents=tuple(parents), files=()))
    return tuple(draw(st.permutations(made)))


@given(histories())
def test_heads_are_what_nothing_follows(revisions: tuple[Revision, ...]) -> None:
    """Whatever the order of the files; and every revision is a head or has a child."""
    place = Place(tool="x", directory=Path(), versions=())
    found = shape(History(place=place, revisions=revisions, scripts=len(revisions)))

    followed = {parent for r in revisions for parent in r.parents}
    assert set(found.heads) == {r.id for r in revisions} - followed
    assert found.heads
    assert set(found.bases) == {r.id for r in revisions if not r.parents}


@given(histories(), st.data())
def test_a_circle_is_found_if_and_only_if_there_is_one(
    revisions: tuple[Revision, ...], data: st.DataObject
) -> None:
    """None in what was drawn; one as soon as a revision needs what comes after it."""
    assert circles(by_id(revisions)) == ()

    last = data.draw(st.sampled_from(revisions))
    first = data.draw(st.sampled_from([*_before(last, revisions)]))
    needing = Revision(
        id=first.id, parents=first.parents, depends_on=(last.id,), files=()
    )
    changed = by_id([needing if r is first else r for r in revisions])

    assert any(first.id in group and last.id in group for group in circles(changed))


def _before(last: Revision, revisions: tuple[Revision, ...]) -> list[Revision]:
    """Return a revision and all before it."""
    found = {last.id}
    while True:
        more = {p for r in revisions if r.id in found for p in r.parents} | found
        if more == found:
            return [r for r in revisions if r.id in found]
        found = more
