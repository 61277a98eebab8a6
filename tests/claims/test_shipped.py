"""The claims that are shipped speak of what there is."""

from __future__ import annotations

import fnmatch

import pytest

from claims import authoring, branching, linearity, listings, manifest, stories
from claims.eras import NOW as TODAY
from claims.eras import THEN as PAST
from harness.claims import Claim
from harness.claims.shipped import claims, eras
from harness.execution.registry import Registry, discover
from tests.claims.told import NOW, THEN, weigh


@pytest.fixture(scope="module")
def there() -> Registry:
    """Return everything there is."""
    return discover()


@pytest.mark.parametrize("claim", claims(), ids=lambda claim: claim.id)
def test_what_a_claim_needs_is_there(claim: Claim, there: Registry) -> None:
    """A story or candidate that does not exist would never be shown."""
    known = {scenario.id for scenario in there.scenarios}
    needed = {story for need in claim.needs for story in need.scenarios}

    assert needed <= known
    assert {n.candidate for n in claim.needs} <= {c.name for c in there.candidates}
    for need in claim.needs:
        backends = [
            there.scenario(story).backends for story in need.scenarios if claim.backends
        ]
        assert all(set(claim.backends) <= set(names) for names in backends)


@pytest.mark.parametrize(
    "module", [authoring, branching, linearity, listings, manifest, stories]
)
def test_what_a_claim_also_looks_at_is_there(module: object, there: Registry) -> None:
    """Every story or pattern that a module names matches a story."""
    known = [scenario.id for scenario in there.scenarios]
    values = [
        text
        for value in vars(module).values()
        for text in (value if isinstance(value, tuple) else (value,))
        if isinstance(text, str) and "/" in text and not text.startswith("/")
    ]
    named = [text for text in values if "." not in text and " " not in text]

    assert named
    assert [text for text in named if not fnmatch.filter(known, text)] == []


def test_the_eras_are_toolchains_that_there_are(there: Registry) -> None:
    """Each era stands on a toolchain that some tool has."""
    names = {name for a in there.adapters.values() for name in a.toolchains}

    assert {PAST.toolchain, TODAY.toolchain, TODAY.newer} <= names


def test_all_claims_are_shipped_and_are_asked_for_both_times() -> None:
    """C1 to C16, in their order, for then and for now."""
    assert [claim.id for claim in claims()] == [f"C{n}" for n in range(1, 17)]
    assert [era.name for era in eras()] == ["then", "now"]


@pytest.mark.parametrize("claim", claims(), ids=lambda claim: claim.id)
def test_every_claim_is_answered_or_says_why_not(claim: Claim) -> None:
    """With nothing run, each is not shown and has a reason."""
    for era in (THEN, NOW):
        answer = weigh(claim, era=era)

        assert answer.weighed == "not shown"
        assert answer.said[0].answer.sentence.startswith("because ")
