"""The steps of a scenario: what authors, reviewers and operators do, tool-neutral.

A step says *what* is done; an adapter knows how its tool's users do it.
"""

from __future__ import annotations

from enum import StrEnum

from harness.model.departures import Departure, PlaceOfTest
from harness.model.moves import CherryPick, Compete, Revert, UnionGuard
from harness.model.operations import Operation
from harness.model.rows import Row
from harness.model.schema import Trigger
from harness.model.step import Migration, StepBase

__all__ = ["Migration", "StepBase"]  # from here too, beside all that is defined here


class Resource(StrEnum):
    """Something that a step may have to do without."""

    NETWORK = "network"
    DATABASE = "database"
    CONFIGURATION = "configuration"
    TOOL_CONFIGURATION = "the tool's configuration file"
    DRIVER = "database driver"
    """The Python module through which the toolchain talks to the database."""


class Moment(StrEnum):
    """When, in the copying of a table, the process is killed.

    The first three are of SQLite, where the process itself copies; the last is of a
    server, which copies for the process.
    """

    COPY_EMPTY = "the new table is there, no row is in it"
    COPY_FILLED = "the rows are in both tables, the old one is about to be dropped"
    OLD_TABLE_GONE = "the old table is dropped, the next statement is about to run"
    SERVER_AT_WORK = "the server has the statement, and goes on with it alone"


class Recipe(StrEnum):
    """A documented way out of a conflict."""

    REPOSITION = "reposition"
    """The loser's migration is put behind the one that landed first."""
    RECONCILE = "reconcile"
    """Both stay as they are, and a further revision joins them."""


class Damage(StrEnum):
    """What somebody does to a migration's script by mistake."""

    SYNTAX = "a line that is no Python"
    IMPORT = "an import of a module that is not there"
    NO_UPGRADE = "its upgrade is called something else"
    NO_DOWNGRADE = "its downgrade is called something else"


class Litter(StrEnum):
    """What a copy of a migration's script that is left in the tree is called."""

    BACKUP = "the name with .orig behind it, as merge tools leave it"
    COPY = "the name with 'copy of' before it, as file managers leave it"
    PREFIX = "the name as far as its first underscore, with .bak behind it"


class Initialise(StepBase, frozen=True, tag="initialise"):
    """Set up an empty history with the tool's own command: every story's first step.

    The engine puts it there; scenarios do not.
    """


class Author(StepBase, frozen=True, tag="author"):
    """Write a migration with the tool's own command, on the current branch, and commit.

    `sql_for` names backends for which SQL files are written too, or with `sql_only`
    instead. `identity_of` names a migration whose identity (number, revision id) the
    new one repeats. `identity` is one that the author chooses, and `label` a name for
    the line that begins here. `testing`, a test is written too.
    """

    migration: Migration
    sql_for: tuple[str, ...] = ()
    sql_only: bool = False
    identity_of: str | None = None
    without: tuple[Resource, ...] = ()
    identity: str | None = None
    label: str | None = None
    testing: PlaceOfTest | None = None


class WriteByHand(StepBase, frozen=True, tag="write_by_hand"):
    """Write a migration's file by hand, where the tool is not installed, and commit."""

    migration: Migration


class ConnectAlways(StepBase, frozen=True, tag="connect_always"):
    """Have the tool load its environment for commands that need no database, too."""


class Propose(StepBase, frozen=True, tag="propose"):
    """Have the tool write a migration from the models and a database, and commit."""

    name: str
    database: str = "app"
    without: tuple[Resource, ...] = ()


class Branch(StepBase, frozen=True, tag="branch"):
    """Create a git branch and check it out."""

    name: str
    at: str = "main"


class Checkout(StepBase, frozen=True, tag="checkout"):
    """Check out a branch, or a commit such as `main~1`."""

    ref: str


class Land(StepBase, frozen=True, tag="land"):
    """Merge a branch into another with git; a conflict is recorded and backed out.

    `blindly`, a conflict is instead resolved by taking the incoming files unread.
    """

    branch: str
    into: str = "main"
    blindly: bool = False


class Redo(StepBase, frozen=True, tag="redo"):
    """Merge what has landed into a branch, and mend the branch by a recipe."""

    branch: str
    recipe: Recipe = Recipe.REPOSITION
    onto: str = "main"


class Edit(StepBase, frozen=True, tag="edit"):
    """Change the body of the migration of that name, and commit."""

    migration: Migration


class Delete(StepBase, frozen=True, tag="delete"):
    """Delete a migration's files, and commit."""

    migration: str


class Reparent(StepBase, frozen=True, tag="reparent"):
    """Make a migration follow another one than it does, and commit."""

    migration: str
    after: str


class InsertBelow(StepBase, frozen=True, tag="insert_below"):
    """Put a new migration into the history right below an existing one, and commit."""

    migration: Migration
    below: str


class Spoil(StepBase, frozen=True, tag="spoil"):
    """Damage a migration's script, and commit."""

    migration: str
    damage: Damage


class Leave(StepBase, frozen=True, tag="leave"):
    """Leave a copy of a migration's script beside it, and commit."""

    migration: str
    litter: Litter


class AgeGuard(StepBase, frozen=True, tag="age_guard"):
    """Put the guard's file back to its state at an earlier commit, and commit."""

    to: str = "HEAD~1"


class Declare(StepBase, frozen=True, tag="declare"):
    """Make the application's models describe the schema after these migrations.

    `besides` are further changes to the models, for which nobody wrote a migration.
    """

    after: tuple[str, ...]
    besides: tuple[Operation, ...] = ()


class Upgrade(StepBase, frozen=True, tag="upgrade"):
    """Upgrade a database to a migration, or as far as the history goes.

    `unprepared`, nothing is done first that the tool wants done to a new database.
    `as_new`, all of that is done, although others have used the database before.
    With `killed`, the process is killed (SIGKILL) at that moment of a table copy;
    `copied` names the table if it is a server that copies.
    """

    database: str = "app"
    to: str | None = None
    without: tuple[Resource, ...] = ()
    unprepared: bool = False
    as_new: bool = False
    killed: Moment | None = None
    copied: str | None = None


class Downgrade(StepBase, frozen=True, tag="downgrade"):
    """Downgrade a database to a migration, or to before the first one."""

    database: str = "app"
    to: str | None = None
    without: tuple[Resource, ...] = ()


class Stamp(StepBase, frozen=True, tag="stamp"):
    """Record a migration as applied without running anything."""

    to: str
    database: str = "app"
    without: tuple[Resource, ...] = ()


class Current(StepBase, frozen=True, tag="current"):
    """Ask the tool where a database stands."""

    database: str = "app"
    without: tuple[Resource, ...] = ()


class CompareModels(StepBase, frozen=True, tag="compare_models"):
    """Ask the tool whether a database agrees with the application's models."""

    database: str = "app"
    without: tuple[Resource, ...] = ()


class ListHistory(StepBase, frozen=True, tag="list_history"):
    """Ask the tool for the history, oldest first."""

    without: tuple[Resource, ...] = ()


class ListHeads(StepBase, frozen=True, tag="list_heads"):
    """Ask the tool for the newest migrations of the history."""

    without: tuple[Resource, ...] = ()


class Guard(StepBase, frozen=True, tag="guard"):
    """Run the policy's own check of the tree, as a gate would."""


class GenerateSql(StepBase, frozen=True, tag="generate_sql"):
    """Have the tool write an upgrade as SQL: of an empty database, as far as it goes.

    Or from the migration `start`, and to the migration `to`. `down`, it is the downgrade
    from `start` to `to`, or to before the first migration.
    """

    without: tuple[Resource, ...] = ()
    start: str | None = None
    to: str | None = None
    down: bool = False


class ShowScripts(StepBase, frozen=True, tag="show_scripts"):
    """Have the tool show the Python that an upgrade of a database would run."""

    database: str = "app"
    without: tuple[Resource, ...] = ()


class RunSql(StepBase, frozen=True, tag="run_sql"):
    """Run the SQL that the tool wrote last, with the database's own client."""

    database: str


class Seed(StepBase, frozen=True, tag="seed"):
    """Put rows into a table."""

    table: str
    rows: tuple[Row, ...]
    database: str = "app"


class Furnish(StepBase, frozen=True, tag="furnish"):
    """Put a trigger on a table by hand, as an operator would.

    The table has to keep its name for the rest of the story.
    """

    trigger: Trigger
    database: str = "app"


class Expect(StepBase, frozen=True, tag="expect"):
    """Look at a database: it should be as after these migrations, in this order."""

    after: tuple[str, ...]
    database: str = "app"


class Examine(StepBase, frozen=True, tag="examine"):
    """Look at a database after a migration failed, to see how much of it was done.

    It stood after the migrations `since` when `migration` was begun.
    """

    migration: str
    since: tuple[str, ...]
    database: str = "app"


class EnforceKeys(StepBase, frozen=True, tag="enforce_keys"):
    """Have every connection of the tool enforce foreign keys from here on.

    PostgreSQL and MySQL always do; SQLite does it if the application says so.
    """


class Watch(StepBase, frozen=True, tag="watch"):
    """Say what is wrong from here on; who notices it first, with which words, counts.

    `tolerable`, it is as good to carry on with the right outcome as to object.
    """

    fault: str
    tolerable: bool = False


class Grow(StepBase, frozen=True, tag="grow"):
    """Lengthen the history to so many small revisions, without the tool's help."""

    revisions: int


class GrowWithMerges(StepBase, frozen=True, tag="grow_with_merges"):
    """Lengthen the history to so many revisions in which lines part and meet again.

    Of every four, two follow the same one, and the fourth joins them and does nothing.
    """

    revisions: int


class Fill(StepBase, frozen=True, tag="fill"):
    """Put so many made-up rows into a table; the oracle does not follow them."""

    table: str
    rows: int
    database: str = "app"


class Start(StepBase, frozen=True, tag="start"):
    """Start the tool's command line and have it do nothing."""


Measurable = (
    Start
    | Upgrade
    | Downgrade
    | Current
    | ListHistory
    | ListHeads
    | CompareModels
    | GenerateSql
    | Author
    | Propose
)


class Measure(StepBase, frozen=True, tag="measure"):
    """Time a step again and again from the same state, candidates taking turns.

    How often is a matter of the time there is. What the tool wants done once to a new
    database is done before. Nothing comes after it in the story.
    """

    what: Measurable


Step = (
    Initialise
    | Author
    | Branch
    | Checkout
    | Land
    | Redo
    | Edit
    | Delete
    | Reparent
    | InsertBelow
    | Spoil
    | Leave
    | CherryPick
    | Revert
    | UnionGuard
    | AgeGuard
    | Declare
    | Upgrade
    | Downgrade
    | Stamp
    | Current
    | CompareModels
    | ListHistory
    | ListHeads
    | Guard
    | GenerateSql
    | ShowScripts
    | RunSql
    | Seed
    | Furnish
    | Expect
    | WriteByHand
    | ConnectAlways
    | Propose
    | Examine
    | EnforceKeys
    | Watch
    | Compete
    | Grow
    | GrowWithMerges
    | Fill
    | Start
    | Measure
    | Departure
)
