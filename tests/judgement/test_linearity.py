"""Verdicts on histories that are not a line: rejected where, let through, or a loss."""

from __future__ import annotations

import msgspec

from harness.judgement import judge
from harness.model.departures import BranchOff
from harness.model.evidence import (
    Fault,
    Outcome,
    OutcomeKind,
)
from harness.model.steps import (
    Downgrade,
    Guard,
    Land,
    ListHeads,
    Migration,
    Stamp,
    Upgrade,
    Watch,
)
from harness.model.verdict import Grade, Stage
from tests.judgement.test_judge import (
    CONFLICT,
    EMPTY,
    REFUSED,
    USERS,
    WARNED,
    evidence,
    expect,
    seen,
    upgrade,
)


class TestLinearity:
    """Which stage rejects a planted fault, and what gets through."""

    def test_rejected_at_load(self) -> None:
        """A command that reads the tree refuses: noticed at load, and that is good."""
        finding = judge(
            evidence(
                "linearity",
                seen(Watch("f")),
                seen(ListHeads(), REFUSED),
                upgrade(EMPTY, EMPTY, REFUSED),
            )
        )

        assert finding.grade is Grade.GOOD
        assert Stage.LOAD == finding.watched[0].stage
        assert "several heads" in finding.headline

    def test_upgrade_that_changed_nothing_is_before_any_change(self) -> None:
        """An upgrade that refuses with the database untouched is noticed in time."""
        finding = judge(
            evidence("linearity", seen(Watch("f")), upgrade(USERS, USERS, REFUSED))
        )

        assert (Grade.GOOD, Stage.PLAN) == (finding.grade, finding.watched[0].stage)

    def test_tables_that_a_tool_begins_for_itself_are_no_change(self) -> None:
        """A first upgrade may make the version table before it refuses."""
        begun = msgspec.structs.replace(EMPTY, bookkeeping={"books": ()})
        finding = judge(
            evidence("linearity", seen(Watch("f")), upgrade(EMPTY, begun, REFUSED))
        )

        assert (Grade.GOOD, Stage.PLAN) == (finding.grade, finding.watched[0].stage)

    def test_a_refused_downgrade_is_told_as_a_downgrade(self) -> None:
        """The words of a stage name the command that was refused."""
        down = seen(
            Downgrade(to="a"), REFUSED, database="app", before=USERS, after=USERS
        )
        half_way = msgspec.structs.replace(down, after=EMPTY)
        watch = seen(Watch("f"))
        refused = judge(evidence("linearity", watch, down))
        broken = judge(evidence("linearity", watch, half_way))

        assert "downgrade, before any change" in refused.headline
        assert (Grade.GOOD, Grade.BAD) == (refused.grade, broken.grade)
        assert Stage.RUN_BACK is broken.watched[0].stage

    def test_an_upgrade_that_says_nothing_is_named_beside_one_that_objects(
        self,
    ) -> None:
        """If only a fresh database shows the fault, the old one did not notice it."""
        fresh = seen(Upgrade("fresh"), REFUSED, before=EMPTY, after=EMPTY)
        quiet = upgrade(USERS, USERS)
        found = judge(evidence("linearity", seen(Watch("f")), quiet, fresh))
        reverse = judge(evidence("linearity", seen(Watch("f")), fresh, quiet))

        assert found.headline.endswith("; upgrading app says nothing")
        assert (Grade.MIXED, Grade.GOOD) == (found.grade, reverse.grade)

    def test_what_git_kept_out_is_not_let_through(self) -> None:
        """A step after a merge conflict never met the fault, so it is not silent."""
        finding = judge(
            evidence(
                "linearity",
                seen(Watch("f")),
                seen(Guard()),
                seen(Land("b", "gate"), CONFLICT),
                seen(ListHeads()),
                upgrade(EMPTY, USERS),
                expect(EMPTY, USERS),
            )
        )

        assert (("the guard",), ()) == (
            finding.watched[0].let_through,
            finding.watched[0].harm,
        )

    def test_a_tolerable_fault_may_be_carried_out(self) -> None:
        """Where the story says so, the right outcome in silence is good, a loss bad."""
        watch = seen(Watch("f", tolerable=True))
        right = judge(
            evidence("linearity", watch, upgrade(EMPTY, USERS), expect(USERS, USERS))
        )
        wrong = judge(
            evidence("linearity", watch, upgrade(EMPTY, EMPTY), expect(USERS, EMPTY))
        )
        refused = judge(evidence("linearity", watch, upgrade(EMPTY, EMPTY, REFUSED)))

        assert (Grade.GOOD, Grade.BAD) == (right.grade, wrong.grade)
        assert (Grade.GOOD, Stage.PLAN) == (refused.grade, refused.watched[0].stage)

    def test_a_refused_branch_point_is_noticed_at_authoring(self) -> None:
        """Writing beside the line is authoring."""
        step = BranchOff(Migration("b"), after="a")
        finding = judge(evidence("linearity", seen(Watch("f")), seen(step, REFUSED)))

        assert Stage.AUTHOR is finding.watched[0].stage

    def test_a_refused_stamp_counts_as_an_upgrade(self) -> None:
        """It is before any change if the database, books included, is as it was."""
        books = msgspec.structs.replace(EMPTY, bookkeeping={"books": ({"at": 1},)})
        stages = [
            judge(
                evidence(
                    "linearity",
                    seen(Watch("f")),
                    seen(Stamp("a"), REFUSED, before=books, after=after),
                )
            )
            .watched[0]
            .stage
            for after in (books, EMPTY)
        ]

        assert [Stage.PLAN, Stage.RUN] == stages

    def test_upgrade_that_changed_something_is_half_way(self) -> None:
        """An upgrade that fails after a change is noticed too late."""
        finding = judge(
            evidence("linearity", seen(Watch("f")), upgrade(EMPTY, USERS, REFUSED))
        )

        assert (Grade.BAD, Stage.RUN) == (finding.grade, finding.watched[0].stage)

    def test_silence_with_a_wrong_database_is_silent_loss(self) -> None:
        """Exit code 0 everywhere and a database that lacks something is the worst."""
        finding = judge(
            evidence(
                "linearity",
                seen(Watch("f")),
                upgrade(EMPTY, EMPTY),
                expect(USERS, EMPTY),
            )
        )

        assert finding.grade is Grade.BAD
        assert "silent loss" in finding.headline
        assert Stage.NEVER == finding.watched[0].stage
        assert any("users" in reason for reason in finding.reasons)

    def test_a_warning_does_not_excuse_a_wrong_database(self) -> None:
        """A tool that warned and went on has still lost something."""
        finding = judge(
            evidence(
                "linearity",
                seen(Watch("f")),
                seen(ListHeads(), WARNED),
                upgrade(EMPTY, EMPTY),
                expect(USERS, EMPTY),
            )
        )

        assert finding.grade is Grade.BAD
        assert finding.headline.startswith("warned at: load")

    def test_an_upgrade_that_warns_and_goes_on_is_not_half_way(self) -> None:
        """Half-way is where something stops."""
        finding = judge(
            evidence(
                "linearity",
                seen(Watch("f")),
                upgrade(EMPTY, USERS, WARNED),
                expect(USERS, USERS),
            )
        )

        assert finding.headline.startswith("warned at: upgrade; let through")
        assert finding.reasons[0].startswith("upgrade, warned: ")

    def test_harmless_if_the_database_is_right(self) -> None:
        """What nobody notices and nobody is harmed by is let through."""
        finding = judge(
            evidence(
                "linearity",
                seen(Watch("f")),
                upgrade(EMPTY, USERS),
                expect(USERS, USERS),
            )
        )

        assert (Grade.MIXED, True) == (
            finding.grade,
            finding.headline.startswith("let through"),
        )

    def test_missing_guard_is_not_a_notice(self) -> None:
        """A candidate without a guard has not noticed anything by having none."""
        unsupported = Outcome(OutcomeKind.UNSUPPORTED, Fault.NOT_EXPRESSIBLE, "none")
        finding = judge(
            evidence(
                "linearity",
                seen(Watch("f")),
                seen(Guard(), unsupported),
                seen(ListHeads(), REFUSED),
            )
        )

        assert Stage.LOAD == finding.watched[0].stage

    def test_complaint_about_a_clean_line_is_a_false_alarm(self) -> None:
        """A complaint where nothing is wrong counts against the candidate."""
        finding = judge(
            evidence(
                "linearity",
                seen(Watch("nothing is wrong: see")),
                seen(Guard(), REFUSED),
            )
        )

        assert Grade.BAD is finding.grade
        assert "though nothing is wrong" in finding.headline
