"""Whatever a run found, every claim has an answer that is carried."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.claims import Claim
from harness.claims.shipped import claims
from harness.model.evidence import Fault, OutcomeKind
from harness.model.run import StartupRecord
from harness.model.steps import Resource
from harness.model.verdict import Finding, Grade, Offline, Stage, Watched
from tests.claims.told import a_run, cost, race, told, watched, weigh

COUNTS = st.integers(0, 3)
COSTS = st.builds(
    cost,
    edited=COUNTS,
    renamed=COUNTS,
    added=COUNTS,
    lines_added=COUNTS,
    lines_deleted=COUNTS,
    commands=COUNTS,
)
KINDS = st.sampled_from([OutcomeKind.OK, OutcomeKind.REFUSED, OutcomeKind.CRASHED])


@st.composite
def faults(draw: st.DrawFn) -> Watched:
    """Draw what became of a fault."""
    stage = draw(st.none() | st.sampled_from(list(Stage)))
    harm = draw(st.lists(st.just("a column is missing"), max_size=2))
    return watched(stage, *harm, tolerable=draw(st.booleans()))


@st.composite
def tries(draw: st.DrawFn) -> Offline:
    """Draw a try to author or to list with something missing, or with nothing."""
    return Offline(
        draw(st.sampled_from(["author a migration", "list the history"])),
        tuple(draw(st.lists(st.sampled_from(list(Resource)), max_size=2))),
        draw(KINDS),
        Fault.NONE,
        "",
        "open",
        (),
    )


@st.composite
def findings_for(draw: st.DrawFn, claim: Claim) -> list[Finding]:
    """Draw findings of most of what a claim needs, on one or two databases."""
    backends = draw(st.sampled_from([["sqlite"], ["sqlite", "mysql"]]))
    return [
        told(
            scenario,
            need.candidate,
            draw(st.sampled_from(list(Grade))),
            f"common:{backend}",
            watched=tuple(draw(st.lists(faults(), max_size=2))),
            costs=tuple(draw(st.lists(COSTS, max_size=2))),
            race=race(3, draw(st.integers(0, 2))) if "race" in scenario else None,
            files=tuple(draw(st.lists(st.sampled_from(["1_a", "2_b", "x"])))),
            offline=tuple(draw(st.lists(tries(), max_size=3))),
        )
        for backend in backends
        for need in claim.needs
        for scenario in need.scenarios
    ]


@pytest.mark.parametrize("claim", [c for c in claims() if c.needs], ids=lambda c: c.id)
@settings(max_examples=15)
@given(data=st.data())
def test_every_claim_answers_whatever_was_found(
    claim: Claim, data: st.DataObject
) -> None:
    """No finding makes it fail, or say what it does not cite."""
    run = a_run(StartupRecord("migrate-manifest", "patch.py", 80, "b"))

    answer = weigh(claim, data.draw(findings_for(claim)), run=run)

    for said in answer.said:
        assert said.answer.sentence
