"""Growth measured with the tiny tool, stored, and judged again."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from types import SimpleNamespace

import jsonschema
import msgspec
import pytest
from click.testing import CliRunner

from harness.benchmarking.growing import INTERRUPTED, LAPS, NO_TIME
from harness.benchmarking.grown import (
    Measurement,
    Sought,
    chosen,
    measure,
    without_growth,
)
from harness.benchmarking.points import At, line, merged
from harness.cli import growth as command
from harness.cli.main import main
from harness.databases import Databases, backend_named
from harness.databases.snapshot import take
from harness.execution.plan import Plan, SelectionError
from harness.execution.registry import Registry, discover, registry
from harness.journal.growth import NAME, read, write
from harness.model.cell import Cell
from harness.model.growth import Grown, Growth, Quantity, Stage
from harness.model.operations import RunStatement
from harness.model.scenario import Family, Scenario
from harness.model.steps import (
    Author,
    Grow,
    GrowWithMerges,
    Measurable,
    Measure,
    Migration,
    Step,
    Upgrade,
)
from tests.grown import SIZES, curve, grown, point
from tests.running import Servers

MINIATURE = Path(__file__).parents[1] / "miniature"
FOR_EVER = (
    "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) "
    "SELECT max(x) FROM n"
)
_Story = Callable[[int], tuple[tuple[Step, ...], Measurable]]


def growth(name: str, story: _Story) -> Growth:
    """Return a growth over one, two and three revisions."""
    return Growth(
        name=name,
        question="How?",
        why="It matters.",
        timed=name,
        quantity=Quantity("the revisions of a line", "revision"),
        stages=tuple(
            Stage(
                size,
                Scenario(
                    name=f"{name}_{size}",
                    family=Family.SPEED,
                    backends=("sqlite",),
                    question="How?",
                    why="It matters.",
                    steps=(*story(size)[0], Measure(story(size)[1])),
                ),
            )
            for size in (1, 2, 3)
        ),
        usual=True,
    )


UPGRADE = growth("upgrade", lambda size: ((Grow(size),), Upgrade()))
MERGES = growth("merges", lambda size: ((GrowWithMerges(size),), Upgrade()))
STUCK = growth(
    "stuck",
    lambda size: (
        (Author(Migration("m", (RunStatement(FOR_EVER),) if size > 1 else (), ())),),
        Upgrade(),
    ),
)


def of_miniature(*growths: Growth) -> Registry:
    """Return a registry with the tiny tool and these growths."""
    everything = discover(more_adapters=[MINIATURE])
    return registry([everything.adapters["miniature"]], [], growths)


def measured(
    *growths: Growth,
    steps: int | None = None,
    done: list[At] | None = None,
    **sought: object,
) -> Grown:
    """Measure with the tiny tool; after so many steps, leave off."""
    asked = Sought(toolchains=("bare",), limit=4.0, **sought)
    measurement = Measurement(asked, of_miniature(*growths))
    with measurement.standing(lambda _: None):
        running = measurement.run()
        for number, at in enumerate(running, start=1):
            if done is not None:
                done.append(at)
            if number == steps:
                break
        running.close()
        return measurement.grown


@pytest.fixture(scope="module")
def laps() -> list[At]:
    """Return a list that will have the sizes in the order in which they were done."""
    return []


@pytest.fixture(scope="module")
def whole(laps: list[At]) -> Grown:
    """Return a measurement in which there was time for everything."""
    return measured(UPGRADE, MERGES, STUCK, done=laps)


def test_small_sizes_of_everything_come_first(whole: Grown) -> None:
    """So that a short budget leaves out the large ones."""
    tried = [(p.growth, p.size) for p in whole.points if p.growth != "merges"]

    assert [("upgrade", 1), ("stuck", 1)] == tried[:2]
    assert {1, 2, 3} == {size for _, size in tried}


def test_every_size_has_samples_with_their_answers(whole: Grown) -> None:
    """Three in each lap, the same each time, and the command that was typed."""
    (first, *_) = [p for p in whole.points if p.growth == "upgrade"]

    assert [*range(3 * LAPS)] == [sample.block for sample in first.samples]
    assert 1 == len({sample.schema for sample in first.samples})
    assert [0, 0, 0, 1, 1, 1, 2, 2, 2] == [sample.twin for sample in first.samples]
    assert "" not in {first.left, first.samples[0].schema}
    assert "up" in first.commands[0].argv


def test_what_cannot_be_expressed_says_so_at_every_size(whole: Grown) -> None:
    """It is asked once, and counts neither way."""
    first, *later = [p for p in whole.points if p.growth == "merges"]

    assert first.missing.startswith("unsupported: ")
    assert 2 == len(later)
    assert all(p.missing.startswith("it ended at 1: unsupported") for p in later)


def test_larger_sizes_are_not_tried_after_the_limit(whole: Grown) -> None:
    """The point says that there was no answer in time, the next one why it is empty."""
    one, two, three = [p for p in whole.points if p.growth == "stuck"]

    assert one.samples
    assert "timed out: no answer within 4 s" == two.missing
    assert "it ended at 2: timed out: no answer within 4 s" == three.missing


@pytest.mark.usefixtures("whole")
def test_all_sizes_are_done_again(laps: list[At]) -> None:
    """What drifts meets all sizes alike; who failed at a size is tried below it only."""
    sizes = [(at.lap, at.stage.size) for at in laps if at.growth.name == "stuck"]

    assert [(0, 1), (0, 2), (1, 1), (2, 1)] == sizes
    assert {lap for lap, _ in sizes} == set(range(LAPS))


def test_a_failure_in_any_lap_counts() -> None:
    """The samples stay; what there was no time for changes nothing."""
    first, again = point("one", 10, 1.0), point("one", 10, 1.1)
    failed = point("one", 10, missing="timed out")

    assert (*first.samples, *again.samples) == merged(first, again).samples
    assert "timed out" == merged(first, failed).missing
    assert first == merged(first, point("one", 10, missing=NO_TIME, reached=False))


def test_without_time_every_point_says_so() -> None:
    """It says nothing about the tool."""
    found = measured(UPGRADE, budget=0.0)

    assert [NO_TIME] * 3 == [p.missing for p in found.points]
    assert not any(p.reached for p in found.points)


def test_what_was_measured_before_an_interruption_is_kept() -> None:
    """What was not come to says so."""
    found = measured(UPGRADE, steps=2)

    assert 3 == len(found.points[0].samples)
    assert [INTERRUPTED] * 2 == [p.missing for p in found.points[1:]]


def test_what_was_measured_is_stored_before_each_size(tmp_path: Path) -> None:
    """A kill loses the size in work: what is stored is whole, and says what is not."""
    seen: list[list[str]] = []

    def note(_: str) -> None:
        if (tmp_path / NAME).exists():
            seen.append([point.missing for point in read(tmp_path).points])

    measure(Sought(toolchains=("bare",)), of_miniature(UPGRADE), tmp_path, note)

    first_lap = [[""] * done + [INTERRUPTED] * (3 - done) for done in range(3)]
    assert first_lap == seen[:3]
    assert [[""] * 3] * 3 * (LAPS - 1) == seen[3:]


def test_names_and_sizes_are_chosen() -> None:
    """By pattern, and up to a size; what is not known is an error with what there is."""
    everything = of_miniature(UPGRADE, MERGES).growths

    (found,) = chosen(everything, Sought(names=("up*",), up_to=2))

    assert ("upgrade", (1, 2)) == (found.name, found.sizes)
    with pytest.raises(
        SelectionError, match=r"no growth is called 'gone'; there is: u"
    ):
        chosen(everything, Sought(names=("gone",)))
    with pytest.raises(SelectionError, match="no growth has a size of 0 or less"):
        chosen(everything, Sought(up_to=0))


def test_a_stored_measurement_is_judged_again(tmp_path: Path) -> None:
    """Nothing is run; the same page and plots are written from the file alone."""
    made = grown(*curve("one", lambda size: 0.5 + 0.001 * size))
    write(tmp_path / NAME, made)

    result = CliRunner().invoke(main, ["growth", "--again", str(tmp_path)])

    assert 0 == result.exit_code
    assert f"{tmp_path / 'growth.md'}\n" == result.output
    assert made == read(tmp_path)
    assert (tmp_path / "history_heads-sqlite.svg").exists()


def test_the_file_has_a_schema() -> None:
    """Programs can check what they read."""
    result = CliRunner().invoke(main, ["schema", "growth"])

    assert 0 == result.exit_code
    jsonschema.validate(
        json.loads(msgspec.json.encode(grown(*curve("one", lambda _: 0.5)))),
        json.loads(result.output),
    )


def test_another_file_is_refused(tmp_path: Path) -> None:
    """Exit code 2, with its name."""
    (tmp_path / NAME).write_text("{}")

    result = CliRunner().invoke(main, ["growth", "--again", str(tmp_path)])

    assert 2 == result.exit_code
    assert f"{NAME}: not valid evidence" in result.output


def test_a_command_measures_into_a_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Progress goes to stderr, and the last line of stdout is the page."""
    monkeypatch.setattr(command, "discover", lambda: of_miniature(UPGRADE))
    argv = ["growth", "--toolchain", "bare", "--sizes-up-to", "1"]

    result = CliRunner().invoke(main, [*argv, "--output", str(tmp_path)])

    assert 0 == result.exit_code
    assert str(tmp_path / "growth.md") == result.stdout.splitlines()[-1]
    assert "upgrade on sqlite: 1" in result.stderr
    assert 1 == len(read(tmp_path).points)


def test_what_there_is_is_listed() -> None:
    """With its sizes, and with whether it has to be named."""
    result = CliRunner().invoke(main, ["list", "--family", "speed"])

    assert "  history_heads\n" in result.stdout
    assert "at 10, 100, 300, 1,000, 2,000, 5,000, 10,000, on sqlite\n" in result.stdout
    assert "on sqlite; only if it is named\n" in result.stdout


def test_without_names_the_usual_ones_are_measured() -> None:
    """For every quantity there is one."""
    everything = discover().growths

    found = chosen(everything, Sought())

    assert {growth.quantity for growth in everything} == {g.quantity for g in found}
    assert len(found) < len(everything) == len(chosen(everything, Sought(names=("*",))))


def test_the_shipped_growths_reach_far() -> None:
    """Ten thousand revisions and ten million rows, on an embedded database and a server."""
    largest = {growth.name: growth.sizes[-1] for growth in discover().growths}

    assert 10_000 == largest["history_upgrade_by_one"] == largest["merges_heads"]
    assert 10_000_000 == largest["rows_add_index"]
    assert SIZES == next(g for g in discover().growths if "history" in g.name).sizes


def test_a_server_at_a_distance_is_reached_over_a_line(
    servers: Servers, tmp_path: Path
) -> None:
    """The tool is given another URL, which leads to the same database."""
    servers.backend("postgresql")
    databases = Databases("postgresql", tmp_path / "databases")
    story = SimpleNamespace(databases=databases, state=databases.create, route=str)

    with ExitStack() as lines:
        line(2.0, lines)(SimpleNamespace(story=story, directory=tmp_path))
        url = databases.url("app")
        make_table(story.route(url))
        assert story.route(url) != url

    assert ["t"] == [table.name for table in take(url).tables]
    databases.drop_all()


def make_table(url: str) -> None:
    """Make a table by way of a URL."""
    backend_named("postgresql").run_script(url, "CREATE TABLE t (id INTEGER)")


@pytest.mark.parametrize(("asked", "said"), [("speed/start", 1), ("changes/a", 0)])
def test_a_comparison_says_why_growth_was_not_measured(asked: str, said: int) -> None:
    """If it times anything at all."""
    plan = without_growth(Plan((Cell(asked, "one", "common", "sqlite"),), ()))

    assert said == len([a for a in plan.absences if "--growth" in a.remedy])
