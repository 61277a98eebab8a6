"""sqlalchemy-migrate as it was in November 2013, with numbers and with a manifest."""

from __future__ import annotations

import pytest

from harness.contract import NotCarriedOut
from harness.model.evidence import Fault, OutcomeKind
from harness.model.operations import AddColumn
from harness.model.schema import Column, String
from harness.model.steps import Migration
from tests.adapters.migrate.bench import Bench
from tests.adapters.migrate.described import described
from tests.adapters.migrate.operations import GROUND

EMAIL = Migration("add_email", (AddColumn("users", Column("email", String(50))),))


def _columns(bench: Bench) -> set[str]:
    return {name for name, *_ in described(bench.database())["users"]["columns"]}


def test_a_history_is_driven_up_and_down(icehouse_bench: Bench) -> None:
    """The command line and its answers are those of today."""
    bench, app = icehouse_bench, icehouse_bench.database()
    bench.author(GROUND)
    bench.author(EMAIL)
    bench.history.upgrade(app, None)
    upgraded = _columns(bench), bench.history.current(app)
    bench.history.downgrade(app, GROUND.name)

    assert "email" in upgraded[0]
    assert (EMAIL.name,) == upgraded[1]
    assert "email" not in _columns(bench)
    assert (GROUND.name, EMAIL.name) == bench.history.names()
    assert (EMAIL.name,) == bench.history.heads()


def test_two_scripts_of_one_number_are_noticed(icehouse_bench: Bench) -> None:
    """When the repository is loaded; the manifest says it in its own words."""
    bench = icehouse_bench
    bench.author(GROUND)
    bench.author(EMAIL, identity_of=GROUND.name)

    with pytest.raises(NotCarriedOut) as caught:
        bench.history.heads()

    outcome = caught.value.command.outcome
    assert (OutcomeKind.CRASHED, Fault.DUPLICATE_IDENTITY) == (
        outcome.kind,
        outcome.fault,
    )


def test_a_database_without_control_is_told(icehouse_bench: Bench) -> None:
    """Python 2 names an exception without its module, and is understood."""
    bench = icehouse_bench

    with pytest.raises(NotCarriedOut) as caught:
        bench.history.current(bench.database())

    assert Fault.NOT_CONTROLLED == caught.value.command.outcome.fault
