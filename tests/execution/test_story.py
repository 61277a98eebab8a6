"""Stories played with a third, tiny tool: the engine knows no tool by name."""

from __future__ import annotations

import pytest

from harness.judgement import judge
from harness.model.evidence import Evidence, Fault, OutcomeKind, Status
from harness.model.operations import AddColumn, AddUnique, CreateTable, RunStatement
from harness.model.schema import Column, Integer, String, Table, Unique
from harness.model.steps import (
    Author,
    Branch,
    Checkout,
    Current,
    Damage,
    Delete,
    Downgrade,
    Edit,
    Examine,
    Expect,
    Guard,
    Land,
    Leave,
    ListHeads,
    ListHistory,
    Litter,
    Migration,
    Recipe,
    Redo,
    Reparent,
    Resource,
    Seed,
    Spoil,
    Upgrade,
    Watch,
)
from harness.smoke.conformance import CONFORMANCE, failures

from .conftest import Player

BOOKS = Table(
    "books",
    (
        Column("id", Integer(), nullable=False, primary_key=True),
        Column("title", String(20)),
    ),
)
CREATE = Migration("create_books", (CreateTable(BOOKS),))
PAGES = Migration("add_pages", (AddColumn("books", Column("pages", Integer())),))
SHELF = Migration("add_shelf", (AddColumn("books", Column("shelf", String(9))),))


def kinds(evidence: Evidence) -> list[str]:
    """Return what became of each step after the first, which the engine puts there."""
    return [str(o.outcome.kind) for o in evidence.observations[1:]]


def test_conformance_is_passed_by_the_tiny_tool(player: Player) -> None:
    """A tool that no code in the engine has heard of conforms."""
    evidence = player.play(*CONFORMANCE.steps)

    assert failures(evidence) == ()


def test_forked_and_cold_commands_observe_the_same(player: Player) -> None:
    """Fresh processes and forks give the same outcomes, words and databases."""
    steps = (Author(CREATE), Upgrade(), Current(), Author(PAGES), Upgrade())

    forked, cold = player.play(*steps), player.play(*steps, cold=True)

    assert ("forked", "cold") == (forked.mode, cold.mode)
    for warm, fresh in zip(forked.observations, cold.observations, strict=True):
        assert (warm.outcome, warm.answer, warm.after) == (
            fresh.outcome,
            fresh.answer,
            fresh.after,
        )
        assert [(c.argv, c.exit_code, c.stdout, c.stderr) for c in warm.commands] == [
            (c.argv, c.exit_code, c.stdout, c.stderr) for c in fresh.commands
        ]


def test_rows_are_carried_along(player: Player) -> None:
    """Seeded rows are expected with the columns that came and went."""
    evidence = player.play(
        Author(CREATE),
        Upgrade(),
        Seed("books", ({"id": 1, "title": "x"},)),
        Author(PAGES),
        Upgrade(),
        Expect(("create_books", "add_pages")),
        Downgrade(to="create_books"),
        Expect(("create_books",)),
    )

    assert judge(evidence).headline == "as expected"
    expected = evidence.observations[6].expected
    assert expected is not None
    assert expected.rows[0].sample == ({"id": 1, "title": "x", "pages": None},)


class TestRace:
    """Two patches for one place, with real branches."""

    STEPS = (
        Author(CREATE),
        Branch("a"),
        Author(PAGES),
        Branch("b"),
        Author(SHELF),
        Land("a"),
        Branch("gate"),
        Watch("two patches want one number"),
        Land("b", into="gate"),
        Guard(),
        ListHeads(),
        Redo("b"),
        Land("b"),
        Upgrade(),
        Expect(("create_books", "add_pages", "add_shelf")),
    )

    def test_it_is_noticed_and_mended(self, player: Player) -> None:
        """Git merges, the tool objects at load, and one rename mends it."""
        evidence = player.play(*self.STEPS)
        finding = judge(evidence)

        assert [n.fault for n in finding.watched[0].notices] == [
            Fault.DUPLICATE_IDENTITY
        ]
        (cost,) = finding.costs
        assert (1, 1, 0, 0) == (
            cost.files,
            cost.renamed,
            cost.lines_added,
            cost.lines_deleted,
        )
        assert finding.agreements[-1].differences == ()

    def test_a_missing_guard_does_not_end_the_story(self, player: Player) -> None:
        """A candidate without a guard goes on."""
        evidence = player.play(*self.STEPS)

        assert Status.ESTABLISHED is evidence.status
        assert "unsupported" in kinds(evidence)

    def test_what_a_tool_cannot_express_ends_the_story(self, player: Player) -> None:
        """A recipe that the tool does not have is reported, with the reason."""
        steps = (*self.STEPS[:-4], Redo("b", Recipe.RECONCILE))
        evidence = player.play(*steps)

        assert Status.UNSUPPORTED is evidence.status
        assert "joining two lines" in evidence.reason


def test_failure_is_an_observation(player: Player) -> None:
    """A failing migration does not end the story, and its words are kept."""
    failing = Migration("fail", (RunStatement("INSERT INTO nowhere VALUES (1)"),))
    evidence = player.play(Author(CREATE), Author(failing), Upgrade(), Current())

    assert kinds(evidence) == ["ok", "ok", "refused", "ok"]
    outcome = evidence.observations[3].outcome
    assert Fault.DATABASE_ERROR is outcome.fault
    assert "no such table: nowhere" in outcome.words


def test_a_hanging_tool_is_an_observation(player: Player) -> None:
    """A command that does not end is killed at its limit and reported as such."""
    endless = (
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) "
        "SELECT count(*) FROM n"
    )
    migration = Migration("hang", (RunStatement(endless),))
    evidence = player.play(Author(migration), Upgrade(), ListHeads(), time_limit=1.0)

    assert kinds(evidence) == ["ok", "timed out", "ok"]


def test_a_spoilt_script_is_committed_and_fails(player: Player) -> None:
    """Damage to a script is a change in git, and the tool meets it."""
    evidence = player.play(
        Author(CREATE), Spoil("create_books", Damage.SYNTAX), Upgrade()
    )

    spoilt, upgrade = evidence.observations[2:]
    assert ["M"] == [change.status for change in spoilt.changes]
    assert not upgrade.outcome.kind.went_through


def test_a_copy_is_left_beside_a_script(player: Player) -> None:
    """The copy has the script's text, and a name that says how it came about."""
    evidence = player.play(
        Author(CREATE),
        Leave("create_books", Litter.BACKUP),
        Leave("create_books", Litter.COPY),
    )

    added = [change.path for o in evidence.observations[2:] for change in o.changes]
    assert [name.rsplit("/", 1)[-1][:8] for name in added][1] == "copy of "
    assert added[0].endswith(".orig")


def test_missing_database_is_unreachable(player: Player) -> None:
    """Without the database the tool gets a URL where there is none."""
    evidence = player.play(Author(CREATE), Upgrade(without=(Resource.DATABASE,)))

    outcome = evidence.observations[2].outcome
    assert (OutcomeKind.REFUSED, Fault.DATABASE_UNREACHABLE) == (
        outcome.kind,
        outcome.fault,
    )


def test_a_database_is_seen_before_its_first_change(player: Player) -> None:
    """What an upgrade started from is looked at before it, even if nobody had looked."""
    evidence = player.play(Author(CREATE), Upgrade())

    before, after = evidence.observations[2].before, evidence.observations[2].after
    assert before is not None
    assert after is not None
    assert (before.tables, [table.name for table in after.tables]) == ((), ["books"])


def test_network_is_taken_away(player: Player) -> None:
    """A command without network says by which means it was taken away."""
    evidence = player.play(ListHistory(without=(Resource.NETWORK,)))

    (command,) = evidence.observations[1].commands
    assert command.network in {"namespace", "guard"}


def test_edited_and_deleted_migrations(player: Player) -> None:
    """The tree is what counts: an edited body is expected, a deleted one not listed."""
    edited = Migration("add_pages", SHELF.upgrade)
    evidence = player.play(
        Author(CREATE),
        Author(PAGES),
        Edit(edited),
        Upgrade(),
        Expect(("create_books", "add_pages")),
        Delete("add_pages"),
        ListHistory(),
    )

    assert judge(evidence).agreements[0].differences == ()
    assert evidence.observations[-1].answer == ("create_books",)


def test_older_code_does_not_know_the_database(player: Player) -> None:
    """After a checkout of an older commit the tool sees the older tree."""
    evidence = player.play(
        Author(CREATE), Author(PAGES), Upgrade(), Checkout("main~1"), Upgrade()
    )

    assert Fault.UNKNOWN_REVISION is evidence.observations[-1].outcome.fault


class TestNotEstablished:
    """What goes wrong in the harness or an adapter says nothing about a tool."""

    def test_story_that_speaks_of_nothing(self, player: Player) -> None:
        """A scenario that names a migration it never authored says which."""
        evidence = player.play(Author(CREATE), Edit(PAGES))

        assert Status.NOT_ESTABLISHED is evidence.status
        assert "add_pages" in evidence.reason
        assert "Traceback" in evidence.detail

    @pytest.mark.parametrize(
        "step",
        [
            Reparent("create_books", "create_books"),
            Author(
                Migration("unique", (AddUnique("books", Unique("uq", ("title",))),))
            ),
        ],
    )
    def test_unsupported_is_not_an_error(self, player: Player, step: Reparent) -> None:
        """What the adapter declares unsupported is not held to be an error."""
        evidence = player.play(Author(CREATE), step)

        assert Status.UNSUPPORTED is evidence.status


def test_a_failed_migration_is_held_against_every_state_between(
    player: Player,
) -> None:
    """The oracle says what none, one and all of the operations lead to."""
    broken = RunStatement("UPDATE no_such_table SET x = 1")
    pages, shelf = PAGES.upgrade[0], SHELF.upgrade[0]
    migration = Migration("two_columns", (pages, broken, shelf), ())

    evidence = player.play(
        Author(CREATE),
        Upgrade(),
        Seed("books", ({"id": 1, "title": "x"},)),
        Author(migration),
        Upgrade(),
        Examine("two_columns", ("create_books",)),
    )

    stages = evidence.observations[-1].stages
    columns = [len(stage.tables[0].columns) for stage in stages]
    assert [2, 3, 4] == columns
    after = evidence.observations[-1].after
    assert after is not None
    assert stages[0].tables == after.tables
