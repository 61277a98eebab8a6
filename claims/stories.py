"""Names of candidates and stories, and what several claims count in them."""

from __future__ import annotations

from harness.claims import View, Weighed
from harness.judgement.wording import cost_in_words, listed
from harness.model.verdict import Cost

MIGRATE, MANIFEST = "migrate", "migrate-manifest"
ALEMBIC, LINEAR = "alembic", "alembic-linear"
PLAIN = "conflicts/two_patches_race"
WITH_SQL = "conflicts/the_loser_has_sql_files"
TESTED = "conflicts/the_loser_has_a_test_of_its_own"
STACK = "conflicts/a_stack_of_three_patches_loses"
JOINED = "conflicts/two_patches_joined_by_a_merge_revision"
CLEAN_LINE = "linearity/clean_line"
BY_HAND = "offline/write_a_migration_by_hand"
REDONE = (PLAIN, WITH_SQL, TESTED)
# The tree itself is not one line, or changed below where a database stands.
NO_LINE = tuple(
    f"linearity/{name}"
    for name in (
        "two_lines_landed",
        "two_beginnings",
        "duplicate_identity",
        "missing_in_the_middle",
        "deleted_after_applying",
        "late_arrival_below_an_applied_one",
    )
)
_KINDS = {
    PLAIN: "a script",
    WITH_SQL: "a script with two SQL files",
    TESTED: "a script and its test",
    STACK: "three scripts that stand on each other",
}


def share(some: int, whole: int) -> Weighed:
    """Weigh a claim that says "all": none refutes it, and some is neither."""
    if some == whole:
        return Weighed.SUPPORTED
    return Weighed.MIXED if some else Weighed.REFUTED


def costs(view: View, candidate: str, stories: tuple[str, ...]) -> dict[str, Cost]:
    """Return what redoing the loser took, by what the patch consists of."""
    found = {story: view.finding(candidate, story).costs for story in stories}
    return {_KINDS[story]: own[0] for story, own in found.items() if own}


def unmended(view: View, candidate: str, stories: tuple[str, ...]) -> str:
    """Say in which stories no loser was redone, if there are some."""
    missing = [story for story in stories if not view.finding(candidate, story).costs]
    return f"no loser was redone with {candidate} in {listed(missing)}" * bool(missing)


def costs_said(found: dict[str, Cost]) -> str:
    """Return what redoing took, in words, a kind of patch after the other."""
    return "; ".join(f"{kind}: {cost_in_words(cost)}" for kind, cost in found.items())
