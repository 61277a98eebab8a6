"""What the tool says is understood: each fault is provoked, and its words compared."""

from __future__ import annotations

import pytest

from adapters.alembic.words import classify
from harness.model.evidence import OK, Command, Fault, Outcome, OutcomeKind
from tests.adapters.alembic import broken
from tests.adapters.alembic.bench import Bench, Runner
from tests.adapters.alembic.case import NOT_SET, Case
from tests.adapters.alembic.provoked import PROVOKED


def _environ(bench: Bench, case: Case) -> dict[str, str]:
    if case.url == NOT_SET:
        return {}
    return {"DATABASE_URL": bench.database().url if case.url is None else case.url}


@pytest.mark.parametrize("case", PROVOKED.values(), ids=PROVOKED.keys())
def test_fault_in_alembic_is_understood(
    either_bench: Bench, either: Runner, case: Case
) -> None:
    """The tool, brought to say it, says these words, and they mean this fault."""
    case.prepare(either_bench)
    either_bench.begin(*case.without)

    said = either_bench.outcome(*case.argv, environ=_environ(either_bench, case))

    other = case.newest if either.toolchain == "newest" else None
    words = case.words if other is None else other
    told = Outcome(said.kind, said.fault, said.words[: len(words)])
    assert Outcome(case.kind, case.fault, words) == told


_HARMLESS = {
    "upgrade downwards": ("upgrade", "r1"),
    "upgrade of what is up to date": ("upgrade", "head"),
    "check": ("check",),
    "current": ("current",),
    "history": ("history",),
    "one head": ("heads",),
}


@pytest.mark.parametrize("argv", _HARMLESS.values(), ids=_HARMLESS.keys())
def test_success_of_alembic_is_understood(
    either_bench: Bench, argv: tuple[str, ...]
) -> None:
    """What goes through without a warning is all right, log lines or not."""
    broken.line(either_bench)
    either_bench.outcome("upgrade", "head")

    assert either_bench.outcome(*argv) == OK


def test_two_heads_are_no_news_to_other_commands(either_bench: Bench) -> None:
    """History, branches and current say nothing of two heads."""
    PROVOKED["several heads are listed"].prepare(either_bench)

    said = {argv: either_bench.outcome(argv) for argv in ("history", "branches")}

    assert {"history": OK, "branches": OK} == said
    assert either_bench.outcome("upgrade", "heads") == OK
    assert either_bench.outcome("current") == OK


def _command(exit_code: int, stdout: str = "", stderr: str = "") -> Command:
    return Command(("alembic", "heads"), exit_code, stdout, stderr, 0.0, 0.0, 0)


def test_unknown_words_of_alembic_are_unknown() -> None:
    """A failure that no rule reads is never taken for a success."""
    outcome = classify(_command(1, stderr="warning\nIllegal instruction\n"))

    unknown = Outcome(OutcomeKind.REFUSED, Fault.UNKNOWN, "Illegal instruction")
    assert unknown == outcome


def test_an_unknown_exception_of_alembic_is_a_crash() -> None:
    """An exception outside the revisions that no rule reads is unknown."""
    stderr = (
        "Traceback (most recent call last):\n"
        '  File "/somewhere/alembic/command.py", line 1, in heads\n'
        "OverflowError: too much\n"
    )

    outcome = classify(_command(1, stderr=stderr))

    crash = Outcome(OutcomeKind.CRASHED, Fault.UNKNOWN, "OverflowError: too much")
    assert crash == outcome


def test_an_unknown_warning_of_alembic_is_a_warning() -> None:
    """A warning that no rule reads is not passed over, nor taken for a failure."""
    outcome = classify(_command(0, stderr="x.py:1: UserWarning: look out\n"))

    assert Outcome(OutcomeKind.WARNED, Fault.UNKNOWN, "look out") == outcome


def test_a_failure_of_alembic_without_words_is_not_ok() -> None:
    """Silence with an exit code other than 0 is a failure too."""
    assert Outcome(OutcomeKind.REFUSED, Fault.UNKNOWN) == classify(_command(3))


def test_a_warning_does_not_hide_another_failure(either_bench: Bench) -> None:
    """Where an id is there twice and the database is away, the latter ended it."""
    PROVOKED["heads with the newest id twice"].prepare(either_bench)

    nowhere = {"DATABASE_URL": "sqlite:////nowhere/at/all.db"}
    outcome = either_bench.outcome("upgrade", "r3", environ=nowhere)

    assert Fault.DATABASE_UNREACHABLE == outcome.fault


@pytest.mark.parametrize(
    ("stdout", "words"),
    [
        ("a (head)\nb (lab) (head)\n", "a (head); b (lab) (head)"),
        ("a (effective head)\nb (head)\n", "a (effective head); b (head)"),
        ("a (head) (mergepoint)\nb (head)\n", "a (head) (mergepoint); b (head)"),
    ],
)
def test_heads_with_labels_are_heads(stdout: str, words: str) -> None:
    """What stands behind an id does not keep it from being a head."""
    several = Outcome(OutcomeKind.WARNED, Fault.SEVERAL_HEADS, words)

    assert several == classify(_command(0, stdout=stdout))
