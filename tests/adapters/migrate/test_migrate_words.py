"""What the tool says is understood: each fault is provoked, and its words compared."""

from __future__ import annotations

import pytest

from adapters.migrate.words import classify
from harness.model.evidence import OK, Command, Fault, Outcome, OutcomeKind
from tests.adapters.migrate.bench import Bench
from tests.adapters.migrate.operations import GROUND
from tests.adapters.migrate.provoked import (
    CRASHED,
    EMPTY,
    MANIFESTS,
    PROVOKED,
    REFUSED,
    UPGRADE,
    Case,
    controlled,
    run,
    script,
)


def _judged(bench: Bench, case: Case) -> tuple[OutcomeKind, Fault, str]:
    prepare, argv, _, _, _ = case
    prepare(bench)
    outcome = run(bench, *argv)
    return outcome.kind, outcome.fault, outcome.words


@pytest.mark.parametrize("case", PROVOKED.values(), ids=PROVOKED.keys())
def test_fault_is_understood(bench: Bench, case: Case) -> None:
    """The tool, brought to say it, says these words, and they mean this fault."""
    _, _, kind, fault, words = case

    said = _judged(bench, case)

    assert (kind, fault, words) == (*said[:2], said[2][: len(words)])


@pytest.mark.parametrize(
    ("looked_up", "fault", "words"),
    [
        ("t.c.name", Fault.DATABASE_ERROR, "AttributeError: name"),
        ('t.c["name"]', Fault.DATABASE_ERROR, "KeyError: 'name'"),
        ("{}['name']", Fault.BROKEN_SCRIPT, "KeyError: 'name'"),
        ("t.nothing", Fault.BROKEN_SCRIPT, "AttributeError: 'Table' object has no"),
    ],
)
def test_a_column_that_is_not_there_is_the_databases_fault(
    bench: Bench, looked_up: str, fault: Fault, words: str
) -> None:
    """A statement that names such a column is refused by the database, and means it."""
    script(_LOOKS_UP.replace("LOOKED_UP", looked_up))(bench)

    outcome = run(bench, *UPGRADE)

    assert (CRASHED, fault) == (outcome.kind, outcome.fault)
    assert words == outcome.words[: len(words)]


_LOOKS_UP = """\
from sqlalchemy import MetaData, Table


def upgrade(migrate_engine):
    t = Table("migrate_version", MetaData(bind=migrate_engine), autoload=True)
    LOOKED_UP
"""


@pytest.mark.parametrize(
    ("text", "fault", "words"), MANIFESTS.values(), ids=MANIFESTS.keys()
)
def test_fault_in_a_manifest_is_understood(
    manifest_bench: Bench, text: str, fault: Fault, words: str
) -> None:
    """A faulty manifest is found when the repository is loaded, in clear words."""
    manifest_bench.put("a.py", EMPTY)
    manifest_bench.put("b.py", EMPTY)
    manifest_bench.put("versions.json", text)

    outcome = manifest_bench.outcome("version", "migrations")

    assert (CRASHED, fault) == (outcome.kind, outcome.fault)
    assert words == outcome.words[: len(words)]


def test_a_manifest_with_a_gap_is_loaded_but_not_applied(manifest_bench: Bench) -> None:
    """As without a manifest, only an upgrade finds that a number is missing."""
    manifest_bench.put("a.py", EMPTY)
    manifest_bench.put("versions.json", '{\n  "2": ["a.py"]\n}\n')

    assert manifest_bench.outcome("version", "migrations") == OK

    controlled(manifest_bench)

    assert run(manifest_bench, *UPGRADE).fault == Fault.MISSING_PARENT


def test_a_name_that_is_taken_is_refused(manifest_bench: Bench) -> None:
    """Without numbers, two migrations cannot have the same name."""
    manifest_bench.author(GROUND)

    outcome = manifest_bench.outcome("script", "ground", "migrations")

    words = "migrate: error: The path migrations/versions/ground.py already exists"
    assert Outcome(REFUSED, Fault.DUPLICATE_IDENTITY, words) == outcome


def test_a_script_needs_a_name_with_a_manifest(manifest_bench: Bench) -> None:
    """A description that is empty would leave a file without a name."""
    outcome = manifest_bench.outcome("script", "", "migrations")

    words = "migrate: error: With a manifest, a script is named by its description."
    assert Outcome(REFUSED, Fault.BAD_COMMAND_LINE, words) == outcome


def _command(exit_code: int, stdout: str = "", stderr: str = "") -> Command:
    return Command(("migrate",), exit_code, stdout, stderr, 0.0, 0.0, 0)


def _none() -> int:
    message = "these words need no look at the tree"
    raise AssertionError(message)


def test_unknown_words_are_unknown() -> None:
    """A failure that no rule reads is never taken for a success."""
    words = "Illegal instruction"

    outcome = classify(_command(1, stderr=f"warning\n{words}\n"), _none)

    assert Outcome(REFUSED, Fault.UNKNOWN, words) == outcome


def test_an_unknown_exception_is_a_crash() -> None:
    """An exception outside the scripts that no rule reads is unknown."""
    stderr = (
        "Traceback (most recent call last):\n"
        '  File "/somewhere/migrate/versioning/shell.py", line 1, in main\n'
        "OverflowError: too much\n"
    )

    outcome = classify(_command(1, stderr=stderr), _none)

    assert Outcome(CRASHED, Fault.UNKNOWN, "OverflowError: too much") == outcome


def test_a_failure_without_words_is_not_ok() -> None:
    """Silence with an exit code other than 0 is a failure too."""
    assert Outcome(REFUSED, Fault.UNKNOWN) == classify(_command(3), _none)


def test_no_network_is_told_from_no_server() -> None:
    """A machine without a network says so in the driver's words."""
    stderr = (
        "Traceback (most recent call last):\n"
        "sqlalchemy.exc.OperationalError: (psycopg2.OperationalError) connection to "
        'server at "127.0.0.1", port 1 failed: Network is unreachable\n'
    )

    assert (
        Fault.NETWORK_UNREACHABLE == classify(_command(1, stderr=stderr), _none).fault
    )


def test_old_releases_say_it_with_a_bare_key_error() -> None:
    """sqlalchemy-migrate 0.8 raises KeyError for a version that is not there."""
    stderr = "Traceback (most recent call last):\nKeyError: <VerNum(5)>\n"

    command = _command(1, stderr=stderr)
    below = classify(command, lambda: 7).fault
    beyond = classify(command, lambda: 4).fault

    assert (Fault.MISSING_PARENT, Fault.UNKNOWN_REVISION) == (below, beyond)
