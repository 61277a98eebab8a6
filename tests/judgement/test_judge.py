"""Verdicts from evidence made by hand: every conclusion, and the unknown."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.judgement import judge
from harness.model.cell import Cell
from harness.model.evidence import (
    OK,
    Command,
    Evidence,
    Fault,
    FileChange,
    Observation,
    Outcome,
    OutcomeKind,
    Status,
)
from harness.model.scenario import Family
from harness.model.snapshot import ColumnState, RowsState, Snapshot, TableState
from harness.model.steps import (
    Author,
    Downgrade,
    Expect,
    GenerateSql,
    Guard,
    Land,
    ListHeads,
    Migration,
    Redo,
    Resource,
    RunSql,
    Step,
    Upgrade,
    Watch,
)
from harness.model.verdict import Finding, Grade

EMPTY = Snapshot()
USERS = Snapshot(
    (TableState("users", (ColumnState("id", "INTEGER", nullable=False),)),)
)
REFUSED = Outcome(OutcomeKind.REFUSED, Fault.SEVERAL_HEADS, "two heads")
WARNED = Outcome(OutcomeKind.WARNED, Fault.DUPLICATE_IDENTITY, "twice")
CONFLICT = Outcome(OutcomeKind.CONFLICT, Fault.TEXT_CONFLICT, "CONFLICT")


def seen(step: Step, outcome: Outcome = OK, **fields: object) -> Observation:
    """Return an observation of a step."""
    return msgspec.structs.replace(Observation(step, outcome, 0.1), **fields)


def upgrade(before: Snapshot, after: Snapshot, outcome: Outcome = OK) -> Observation:
    """Return an observation of an upgrade between two states."""
    return seen(Upgrade(), outcome, database="app", before=before, after=after)


def expect(expected: Snapshot, found: Snapshot) -> Observation:
    """Return an observation of a database held against the oracle."""
    step = Expect(("a",))
    return seen(step, database="app", expected=expected, after=found)


def evidence(family: str, *observations: Observation, **fields: object) -> Evidence:
    """Return the evidence of a cell of a family."""
    made = Evidence(
        cell=Cell(f"{family}/story", "candidate", "toolchain", "sqlite"),
        digest="d",
        status=Status.ESTABLISHED,
        mode="forked",
        observations=observations,
        seconds=1.0,
    )
    return msgspec.structs.replace(made, **fields)


@pytest.mark.parametrize(
    "family", ["changes", "conflicts", "linearity", "offline", "speed"]
)
class TestUnknown:
    """Evidence that shows nothing gives no verdict, in any family."""

    def test_not_established(self, family: str) -> None:
        """A failure of the harness says nothing about a tool."""
        finding = judge(
            evidence(family, status=Status.NOT_ESTABLISHED, reason="disk full")
        )

        assert (Grade.UNKNOWN, ("disk full",)) == (finding.grade, finding.reasons)

    def test_unsupported(self, family: str) -> None:
        """What a candidate cannot express counts neither way."""
        finding = judge(evidence(family, status=Status.UNSUPPORTED, reason="no ids"))

        assert finding.grade is Grade.UNSUPPORTED

    def test_ground_lost_before_the_fault(self, family: str) -> None:
        """If a step before the planted fault failed, nothing is concluded."""
        finding = judge(
            evidence(
                family,
                seen(Author(Migration("a")), REFUSED),
                seen(Watch("a fault")),
                upgrade(EMPTY, EMPTY),
            )
        )

        assert finding.grade is Grade.UNKNOWN
        assert "two heads" in finding.reasons[0]


class TestImpossibleChanges:
    """A change that cannot be made: to refuse it and leave all as it was is best."""

    def story(self, outcome: Outcome, found: Snapshot) -> Evidence:
        """Return evidence of an upgrade that should fail, and of what it left."""
        return evidence(
            "changes",
            seen(Watch("the rows do not allow it")),
            upgrade(EMPTY, found, outcome),
            expect(EMPTY, found),
        )

    def test_refused_and_clean(self) -> None:
        """It fails and leaves nothing: good."""
        assert Grade.GOOD is judge(self.story(REFUSED, EMPTY)).grade

    def test_refused_and_not_clean(self) -> None:
        """It fails and leaves something: bad."""
        finding = judge(self.story(REFUSED, USERS))

        assert Grade.BAD is finding.grade
        assert "leaves a difference" in finding.headline

    def test_not_refused(self) -> None:
        """It goes through: bad if the database differs, else worth a look."""
        assert Grade.BAD is judge(self.story(OK, USERS)).grade
        assert Grade.MIXED is judge(self.story(OK, EMPTY)).grade


class TestConflicts:
    """Races: who notices, what mending takes, and whether databases converge."""

    def race(self, *after: Observation) -> Evidence:
        """Return a race that git noticed and that was mended by one rename."""
        change = FileChange("003_b.py", "R", 0, 0, "002_b.py")
        return evidence(
            "conflicts",
            seen(Watch("race")),
            seen(Land("b", "gate"), CONFLICT),
            seen(Redo("b"), changes=(change,)),
            seen(Land("b")),
            *after,
        )

    def test_cost_is_counted_from_git(self) -> None:
        """The headline says where it was noticed and what mending took."""
        finding = judge(self.race(upgrade(EMPTY, USERS), expect(USERS, USERS)))

        assert Grade.GOOD is finding.grade
        assert "git merge" in finding.headline
        assert "1 file renamed, +0 −0 lines" in finding.headline

    def test_conflict_excuses_the_trial_merge(self) -> None:
        """A trial merge that git refused says nothing about the databases."""
        finding = judge(
            evidence(
                "conflicts",
                seen(Watch("race")),
                seen(Land("b", "gate"), CONFLICT),
                upgrade(EMPTY, EMPTY),
                expect(USERS, EMPTY),
            )
        )

        assert finding.watched[0].harm == ()

    def test_database_that_does_not_converge_is_bad(self) -> None:
        """A database that stays different after the mending is told."""
        finding = judge(self.race(upgrade(EMPTY, EMPTY), expect(USERS, EMPTY)))

        assert Grade.BAD is finding.grade
        assert "does not converge" in finding.headline

    def test_upgrade_that_fails_after_the_mending_is_bad(self) -> None:
        """So is one that cannot be upgraded any more."""
        finding = judge(self.race(upgrade(EMPTY, EMPTY, REFUSED)))

        assert "does not converge" in finding.headline


class TestOffline:
    """What works with something taken away."""

    def test_failures_are_named_with_what_was_missing(self) -> None:
        """Each failed try is a reason; those that work are counted."""
        without = (Resource.DATABASE,)
        finding = judge(
            evidence(
                "offline",
                seen(Author(Migration("a"), without=without)),
                seen(ListHeads(without), REFUSED),
            )
        )

        assert finding.headline == "1 of 2 tries work"
        assert "list the heads without the database" in finding.reasons[0]

    def test_what_fails_with_everything_there_comes_first(self) -> None:
        """The try with nothing missing tells most, in the tool's words."""
        words = Outcome(OutcomeKind.CRASHED, Fault.BROKEN_SCRIPT, "no such table")
        finding = judge(
            evidence(
                "offline",
                seen(ListHeads((Resource.DATABASE,)), REFUSED),
                seen(ListHeads(), words),
            )
        )

        assert finding.reasons[0] == (
            "list the heads with everything there: crashed (broken script): no such table"
        )


class TestWhatIsLeft:
    """A failed or wrong change is told by the worst of what it leaves."""

    ROWS = msgspec.structs.replace(USERS, rows=(RowsState("users", 3, "c"),))
    LEFTOVER = msgspec.structs.replace(
        ROWS, tables=(TableState("a_copy", ()), *ROWS.tables)
    )
    EMPTIED = msgspec.structs.replace(LEFTOVER, rows=(RowsState("users", 0, "e"),))

    def failed(self, left: Snapshot) -> Finding:
        """Judge a change that was refused and left the database in a state."""
        watch = seen(Watch("rows do not allow it"))
        crashed = upgrade(self.ROWS, left, REFUSED)
        return judge(evidence("changes", watch, crashed, expect(self.ROWS, left)))

    def test_rows_that_are_gone_are_told_before_a_leftover(self) -> None:
        """A leftover table is litter; rows that are gone are an outage."""
        gone, litter = self.failed(self.EMPTIED), self.failed(self.LEFTOVER)

        assert gone.headline == "fails, and rows are gone from their table"
        assert "the number of rows is 0, expected 3" in gone.reasons[1]
        assert litter.headline == "fails, and leaves a difference"

    def test_what_was_not_done_is_no_leftover(self) -> None:
        """A change that was refused and changed nothing leaves the database as it was."""
        refused = upgrade(self.ROWS, self.ROWS, REFUSED)
        littered = upgrade(self.ROWS, self.LEFTOVER, REFUSED)
        wanted = expect(self.EMPTIED, self.ROWS)

        clean = judge(evidence("changes", refused, wanted))
        worse = judge(
            evidence("changes", littered, expect(self.EMPTIED, self.LEFTOVER))
        )
        wrong = judge(evidence("changes", upgrade(EMPTY, self.ROWS), wanted, refused))

        assert clean.headline == "fails, and leaves the database as it was"
        assert Grade.MIXED is clean.grade
        assert worse.headline == "fails, and leaves a difference"
        assert Grade.BAD is wrong.grade

    def test_a_lost_table_is_lost_rows(self) -> None:
        """A table that is gone has taken its rows along."""
        found = self.failed(EMPTY)

        assert found.headline == "fails, and rows are gone from their table"

    def test_what_only_the_way_back_loses_is_not_put_on_the_change(self) -> None:
        """The upgrade was right; the difference came with the downgrade."""
        found = judge(
            evidence(
                "changes",
                upgrade(EMPTY, USERS),
                expect(USERS, USERS),
                seen(Downgrade(to="a"), database="app", before=USERS, after=USERS),
                expect(EMPTY, USERS),
                upgrade(USERS, USERS),
                expect(EMPTY, USERS),
            )
        )

        assert found.headline == "exit code 0, and 1 difference after going back"
        assert found.reasons == (
            "users: the table is not expected (database app, after going back)",
        )


OUTCOMES = (OK, REFUSED, WARNED, CONFLICT)
STEPS: tuple[Step, ...] = (
    Author(Migration("a")),
    Land("b", "gate"),
    Guard(),
    ListHeads(),
    Upgrade(),
    Redo("b"),
    Watch("f"),
    Watch("nothing is wrong: see"),
)
ANY_OBSERVATION = st.one_of(
    st.builds(seen, st.sampled_from(STEPS), st.sampled_from(OUTCOMES)),
    st.builds(
        upgrade,
        st.sampled_from((EMPTY, USERS)),
        st.sampled_from((EMPTY, USERS)),
        st.sampled_from(OUTCOMES),
    ),
    st.builds(expect, st.sampled_from((EMPTY, USERS)), st.sampled_from((EMPTY, USERS))),
)


@given(st.sampled_from(list(Family)), st.lists(ANY_OBSERVATION, max_size=12))
def test_any_evidence_gets_a_finding(
    family: Family, observations: list[Observation]
) -> None:
    """Whatever was observed, the judge says something, and the same thing again."""
    made = evidence(family, *observations)

    assert judge(made) == judge(made)
    assert judge(made).headline


@given(st.lists(ANY_OBSERVATION, max_size=12))
def test_harm_is_never_called_good(observations: list[Observation]) -> None:
    """A database that an upgrade left wrong with exit code 0 forbids a good grade."""
    for family in (Family.CONFLICTS, Family.LINEARITY):
        finding = judge(evidence(family, *observations))
        if any(watched.harm for watched in finding.watched):
            assert finding.grade is not Grade.GOOD


class TestSqlFiles:
    """A file of SQL is worth what it does when it is run."""

    WRITTEN = seen(GenerateSql())

    def test_sql_that_does_not_run_is_bad(self) -> None:
        """That it could be written does not help."""
        refused = Outcome(OutcomeKind.REFUSED, Fault.DATABASE_ERROR, "syntax error")

        finding = judge(evidence("offline", self.WRITTEN, seen(RunSql("app"), refused)))

        assert Grade.BAD is finding.grade
        assert finding.headline.endswith("the SQL does not run")
        assert "run sql refused (database error): syntax error" in finding.reasons

    def test_a_second_run_is_to_be_refused(self) -> None:
        """After a `Watch`, a clean refusal is the best that can happen."""
        refused = Outcome(OutcomeKind.REFUSED, Fault.DATABASE_ERROR, "exists")
        story = (self.WRITTEN, seen(RunSql("app")), seen(Watch("again")))

        finding = judge(evidence("offline", *story, seen(RunSql("app"), refused)))

        assert Grade.GOOD is finding.grade
        assert "fails, and leaves the database as it was" == finding.headline

    def test_what_was_printed_before_a_failure_is_told(self) -> None:
        """Whoever pipes the output into a file has half of it, and may not know."""
        command = Command(
            argv=("tool",),
            exit_code=1,
            stdout="CREATE TABLE a;\nFAILED: b\n",
            stderr="",
            seconds=0.1,
            cpu_seconds=0.1,
            max_rss_kib=1,
        )
        step = GenerateSql((Resource.DATABASE,))

        finding = judge(evidence("offline", seen(step, REFUSED, commands=(command,))))

        assert "the file has 2 lines then, the last: FAILED: b" in finding.reasons
