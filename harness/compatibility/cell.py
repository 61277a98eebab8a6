"""One cell of the matrix, from its requirements to its evidence."""

from __future__ import annotations

import re
import time
from email.message import Message
from importlib.metadata import distributions
from pathlib import Path

import msgspec

from harness.compatibility.establishing import Order, Refusal, establish
from harness.compatibility.surroundings import constraints, requirements
from harness.compatibility.trial import AsPublished, Tried, run_trial
from harness.contract import Adapter
from harness.model.compatibility import MatrixCell, MatrixEvidence, Outcome, Result
from harness.model.toolchain import Building, Environment
from harness.toolchains.interpreter import Interpreter
from harness.toolchains.interpreters import available, find
from harness.workspaces.scratch import scratch

OLDEST_PYTHON = "2.7"
"""Of the interpreters that environments are made for."""

_NO_NAME = re.compile(r"[^A-Za-z0-9.]+")


class Conditions(msgspec.Struct, frozen=True):
    """What holds for every cell of a matrix; `time_limit` is seconds per command."""

    until: str = ""
    time_limit: float = 60.0


def run_matrix_cell(
    adapter: Adapter, candidate: str, cell: MatrixCell, conditions: Conditions
) -> MatrixEvidence:
    """Install a release in its surroundings, try it, and return the evidence."""
    begun = time.monotonic()
    evidence = _run(adapter, candidate, cell, conditions)
    return msgspec.structs.replace(evidence, seconds=time.monotonic() - begun)


def interpreter_of(version: str) -> Interpreter | None:
    """Return the interpreter of a version that is on this machine."""
    path = find(version)
    return next((i for i in available() if i.executable == str(path)), None)


def _run(
    adapter: Adapter, candidate: str, cell: MatrixCell, conditions: Conditions
) -> MatrixEvidence:
    interpreter = interpreter_of(cell.python)
    wanted = requirements(adapter.distribution, cell)
    if interpreter is None or interpreter.is_older_than(OLDEST_PYTHON):
        words = f"there is no Python {cell.python} on this machine"
        if interpreter is not None:
            words = f"no environment can be made for Python {interpreter.version}"
        outcome = Outcome(Result.NOT_AVAILABLE, words=words)
        return MatrixEvidence(cell=cell, outcome=outcome, requirements=wanted)
    order = Order(
        name=_NO_NAME.sub("-", f"{cell.tool}-{cell.release}"),
        requirements=wanted,
        building=Building(constraints=constraints(cell), until=conditions.until),
        interpreter=interpreter,
    )
    evidence = MatrixEvidence(
        cell=cell,
        outcome=Outcome(Result.NOT_ESTABLISHED),
        requirements=wanted,
        python_version=interpreter.version,
    )
    environment = establish(order)
    if isinstance(environment, Refusal):
        return _refused(evidence, environment)
    return _tried(evidence, adapter, candidate, environment, conditions)


def _refused(evidence: MatrixEvidence, refusal: Refusal) -> MatrixEvidence:
    result = Result.FAILS if refusal.certain else Result.NOT_ESTABLISHED
    outcome = Outcome(result, refusal.phase, refusal.words)
    return msgspec.structs.replace(evidence, outcome=outcome, output=refusal.output)


def _tried(
    evidence: MatrixEvidence,
    adapter: Adapter,
    candidate: str,
    environment: Environment,
    conditions: Conditions,
) -> MatrixEvidence:
    """Try a release as it was published; where it fails, once more with our help."""

    def tried(one: Adapter) -> Tried:
        with scratch() as directory:
            limit = conditions.time_limit
            return run_trial(one, candidate, environment, directory, limit)

    plain = tried(AsPublished(adapter))
    given = next(c for c in adapter.candidates if c.name == candidate)
    launching = adapter.launching(given, environment.toolchain)
    helpful = plain.outcome.result is Result.FAILS and launching.startup
    return msgspec.structs.replace(
        evidence,
        outcome=plain.outcome,
        help=launching.help if helpful else (),
        helped=tried(adapter).outcome if helpful else None,
        commands=plain.commands,
        resolved={d.name.lower(): d.version for d in environment.distributions},
        declared=_declared(environment, adapter.distribution),
        lock_sha256=environment.lock_sha256,
    )


def _declared(environment: Environment, distribution: str) -> tuple[str, ...]:
    """Return what the installed release says that it requires."""
    places = Path(environment.root).glob("lib/python*/site-packages")
    for found in distributions(name=distribution, path=[str(p) for p in places]):
        metadata: Message = found.metadata  # type: ignore[assignment]
        return tuple(str(one) for one in metadata.get_all("Requires-Dist", ()))
    return ()
