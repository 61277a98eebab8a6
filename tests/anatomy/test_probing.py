"""The probe in a process: what it records of a small tool whose every move is known."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from harness.anatomy import Recorded, RecordingError, dissected, recorded
from harness.driving import ColdDriver, Launch, Request
from harness.model.anatomy import Dissected, Phase

_TOOL = """
import sqlite3, time

def main():
    plan()
    list(steps())
    return Store().ready

def plan():
    time.sleep(0.02)
    inner()

def inner():
    time.sleep(0.05)

def steps():
    yield inner()

class Store:
    @property
    def ready(self):
        connection = sqlite3.connect(":memory:")
        cursor = connection.cursor()
        cursor.execute("CREATE TABLE t (id INTEGER)")
        cursor.execute("CREATE TABLE book (version INTEGER)")
        cursor.executemany("INSERT INTO t VALUES (?)", [(1,), (2,), (3,)])
        connection.commit()
        cursor.execute("UPDATE book SET version = 2")
        connection.close()
"""
_MARKS = (
    ("main", "tool:main"),
    ("planning", "tool:plan"),
    ("loading the history", "tool:inner"),
    ("DDL", "tool:steps"),
    ("connecting", "tool:Store.ready"),
    ("writing", "tool:gone"),
)


class Bench:
    """Runs a script with the probe."""

    def __init__(self, directory: Path, python: str = sys.executable) -> None:
        self.directory = directory
        self.told = directory / "told"
        self.told.mkdir()
        self.here = directory / "here"
        self.here.mkdir()
        self._library = directory / "library"
        self._library.mkdir()
        (self._library / "tool.py").write_text(_TOOL)
        self._driver = ColdDriver(Launch(python=python))
        self.spans: list[tuple[float, float]] = []

    def run(self, text: str = "from tool import main\nmain()\n") -> None:
        """Run a script that finds the tool."""
        order = self.directory / "order"
        lines = (str(self.told), *("\t".join(mark) for mark in _MARKS))
        order.write_text("\n".join(lines))
        script = self.directory / "script.py"
        script.write_text(text)
        result = self._driver.run(
            Request(
                script=str(script),
                argv=(),
                cwd=str(self.here),
                environ={"PYTHONPATH": str(self._library)},
                stdout=str(self.directory / "stdout"),
                stderr=str(self.directory / "stderr"),
                time_limit=60.0,
                hooks={"probe": str(order)},
                unburdened=True,
            )
        )
        assert result.exit_code == 0, (self.directory / "stderr").read_text()
        self.spans.append((result.begun, result.seconds))

    def records(self) -> list[Recorded]:
        """Return what was recorded."""
        return recorded(self.told, len(self.spans))

    def dissected(self) -> Dissected:
        """Return what each phase took."""
        return dissected(self.records(), self.spans, ("book",))


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    """Return a bench for the interpreter of the tests."""
    return Bench(tmp_path)


def test_phases_add_up_to_the_whole_time_of_the_process(bench: Bench) -> None:
    """From when it was started to its end: nothing is left out, and nothing is twice."""
    bench.run()
    found = bench.dissected()

    assert sum(found.phases.values()) == pytest.approx(found.seconds, abs=1e-6)
    assert min(found.phases.values()) >= 0
    assert found.phases[Phase.INTERPRETER] > 0
    assert found.phases[Phase.IMPORTS] > 0


def test_a_functions_time_is_its_own(bench: Bench) -> None:
    """What it calls that is marked as well is taken out, wherever it is called."""
    bench.run()
    (record,) = bench.records()

    assert record.spent[Phase.PLANNING] >= 0.02
    assert record.spent[Phase.HISTORY] >= 2 * 0.05
    assert record.main_called
    assert set(record.found) == {name for _, name in _MARKS if name != "tool:gone"}


def test_a_name_that_is_not_there_is_told(bench: Bench) -> None:
    """A phase that would be empty for that reason is not taken for cheap."""
    bench.run()

    assert bench.records()[0].unknown == ("tool:gone",)


def test_statements_are_kept_with_the_phase_that_runs_them(bench: Bench) -> None:
    """Those that SQLite runs are told by SQLite: BEGIN and COMMIT are among them."""
    bench.run()
    (record,) = bench.records()

    assert [(sql, phase) for sql, _, phase in record.statements] == [
        ("CREATE TABLE t (id INTEGER)", Phase.CONNECTING),
        ("CREATE TABLE book (version INTEGER)", Phase.CONNECTING),
        ("INSERT INTO t VALUES (?)", Phase.CONNECTING),
        ("COMMIT", Phase.CONNECTING),
        ("UPDATE book SET version = 2", Phase.CONNECTING),
    ]
    assert record.traced is not None
    assert [sql.split("(")[0].strip() for sql in record.traced] == [
        "CREATE TABLE t",
        "CREATE TABLE book",
        "BEGIN",
        "INSERT INTO t VALUES",
        "INSERT INTO t VALUES",
        "INSERT INTO t VALUES",
        "COMMIT",
        "BEGIN",
        "UPDATE book SET version = 2",
    ]
    assert record.rows == 3


def test_a_statements_time_belongs_to_what_it_does(bench: Bench) -> None:
    """Changing is DDL, the tool's own table bookkeeping, whoever runs it."""
    bench.run()
    (record,), found = bench.records(), bench.dissected()
    seconds = {sql: spent for sql, spent, _ in record.statements}

    assert found.phases[Phase.BOOKKEEPING] == pytest.approx(
        seconds["CREATE TABLE book (version INTEGER)"]
        + seconds["UPDATE book SET version = 2"]
    )
    assert found.phases[Phase.TRANSACTIONS] == pytest.approx(seconds["COMMIT"])
    assert found.database == pytest.approx(sum(seconds.values()))


def test_an_import_that_is_lazy_is_an_import(bench: Bench) -> None:
    """One of a file of the repository's belongs to whoever loads it."""
    (bench.here / "own.py").write_text("import time\ntime.sleep(0.05)\n")
    (bench.directory / "library" / "late.py").write_text(
        "import time\ntime.sleep(0.2)\n"
    )
    bench.run(
        "import sys\nsys.path.insert(0, '.')\nimport tool\n"
        "def plan():\n    import late, own\n"
        "tool.main.__wrapped__.__globals__['inner'] = plan\ntool.main()\n"
    )
    (record,) = bench.records()

    assert record.spent[Phase.IMPORTS] >= 0.2
    assert record.spent[Phase.PLANNING] >= 0.05


def test_processes_are_added_up(bench: Bench) -> None:
    """A step may take several commands."""
    bench.run()
    bench.run()

    assert bench.dissected().seconds == pytest.approx(sum(s for _, s in bench.spans))


def test_a_process_that_left_no_record_is_told(bench: Bench) -> None:
    """It was killed, perhaps: nothing is made up about it."""
    bench.run()
    bench.spans.append((0.0, 1.0))

    with pytest.raises(RecordingError, match="2 processes were started, and 1 left"):
        bench.records()
