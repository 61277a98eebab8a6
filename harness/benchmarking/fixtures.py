"""What the benchmarks are given: a stand, and turns of all who take part.

pytest-benchmark runs one benchmark after the other. Here a single test has all who take
part in an operation take turns, and hands pytest-benchmark a row for each afterwards.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from pytest_benchmark.session import BenchmarkSession

from harness.benchmarking.options import SEVERAL
from harness.benchmarking.rows import annex
from harness.benchmarking.stand import Asked, Stand
from harness.benchmarking.taking import Turns
from harness.execution.plan import Selection, SelectionError
from harness.judgement.speed import matches
from harness.model.speed import Metric
from harness.report.speed import said, sentences
from harness.servers import ServerError

_STAND = pytest.StashKey[Stand]()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Make a test for every scenario and backend that is asked for."""
    if "turns" not in metafunc.fixturenames:
        return
    groups = _stand(metafunc.config).groups
    names = [f"{scenario.split('/')[1]}-{backend}" for scenario, backend in groups]
    metafunc.parametrize("turns", groups, ids=names, indirect=True)


@pytest.fixture(scope="session")
def stand(request: pytest.FixtureRequest) -> Iterator[Stand]:
    """Set the stand up for all benchmarks."""
    made = _stand(request.config)
    with made.standing(print):
        yield made


@pytest.fixture
def turns(request: pytest.FixtureRequest) -> Turns:
    """Return one operation; it is skipped where pytest-benchmark times nothing."""
    session = _session(request.config)
    if session.skip or session.disabled:
        pytest.skip("pytest-benchmark was told to time nothing, or cannot under xdist")
    return Turns(request.getfixturevalue("stand"), request.param, session)


def pytest_benchmark_update_json(config: pytest.Config, output_json: Any) -> None:  # noqa: ANN401
    """Add what the run is, and who could not be timed."""
    made = config.stash.get(_STAND, None)
    if made is not None and made.evidence:
        output_json.update(annex(made.record(), made.evidence))


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """Say who was faster, and how sure that is."""
    made = config.stash.get(_STAND, None)
    if made is None or not made.evidence:
        return
    found = matches(made.evidence)
    terminalreporter.section("one against another")
    for match in found:
        for versus in match.comparisons:
            for metric in Metric:
                terminalreporter.write_line(
                    f"{match.scenario} on {match.backend}, {versus.one.toolchain}: "
                    f"{versus.one.candidate} against {versus.other.candidate} by "
                    f"{metric}: {said(versus.by(metric))}"
                )
    for sentence in sentences(found):
        terminalreporter.write_line(sentence)


def _stand(config: pytest.Config) -> Stand:
    """Return the stand of this run of pytest; nothing is set up yet."""
    made = config.stash.get(_STAND, None)
    if made is None:
        made = config.stash[_STAND] = _made(config)
    return made


def _made(config: pytest.Config) -> Stand:
    several = {f"{n}s": tuple(config.getoption(f"speed_{n}")) for n in SEVERAL}
    asked = Asked(
        selection=Selection(**several),
        budget=config.getoption("speed_budget"),
        seed=config.getoption("speed_seed"),
        planted=config.getoption("speed_planted"),
        again=config.getoption("speed_again"),
        by_hand=config.getoption("speed_by_hand"),
        time_limit=config.getoption("speed_time_limit"),
        servers=tuple(config.getoption("speed_server")),
    )
    try:
        return Stand(asked)
    except (SelectionError, ServerError) as error:
        raise pytest.UsageError(str(error)) from error


def _session(config: pytest.Config) -> BenchmarkSession:
    found: BenchmarkSession = config._benchmarksession  # type: ignore[attr-defined]  # noqa: SLF001
    return found
