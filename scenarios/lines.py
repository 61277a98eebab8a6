"""Several lines that are meant: expand and contract, and two histories in one database."""

from __future__ import annotations

from harness.model.departures import AuthorOnLine, OwnBooks, UpgradeLine
from harness.model.operations import AddColumn, DropColumn
from harness.model.schema import Column, String
from harness.model.steps import (
    Author,
    Branch,
    Checkout,
    Current,
    Expect,
    Migration,
    Step,
    Upgrade,
    Watch,
)
from scenarios.world import CREATE_TOWNS, CREATE_USERS, GROUND, add_text_column, fault

_EXPAND = add_text_column("email")
_EXPAND_AGAIN = add_text_column("phone")
_CONTRACT = Migration("drop_created_at", (DropColumn("users", "created_at"),))
_STREETS = Migration(
    "add_streets", (AddColumn("towns", Column("streets", String(50))),)
)
_NEUTRON = "Neutron since Liberty, expand and contract"
_TWO_LINES: tuple[Step, ...] = (
    *GROUND,
    AuthorOnLine(_EXPAND, "expand"),
    AuthorOnLine(_CONTRACT, "contract"),
    AuthorOnLine(_EXPAND_AGAIN, "expand"),
)
_EXPANDED = ("create_users", "add_email", "add_phone")
_DONE = (*_EXPANDED, "drop_created_at")

EXPAND_AND_CONTRACT = fault(
    "expand_then_contract",
    "Changes that old code can live with are on one line, the others on another: can they "
    "be applied apart from each other, the first while the old code runs?",
    "It is how a service is upgraded without being stopped.",
    (
        *_TWO_LINES,
        Watch("nothing is wrong: there are two lines, and that is meant"),
        UpgradeLine("expand"),
        Expect(_EXPANDED),
        UpgradeLine("contract"),
        Expect(_DONE),
    ),
    _NEUTRON,
)
EVERYTHING = fault(
    "expand_and_contract_by_the_usual_command",
    "There are two lines, and the operator types the usual command: does everything "
    "arrive, or is somebody told that it does not?",
    "Not every operator has read about the lines.",
    (
        *_TWO_LINES,
        Watch("there are two lines, and the usual command asks for one end"),
        Upgrade(),
        Expect(_DONE),
    ),
    _NEUTRON,
)
NEEDED = fault(
    "a_contraction_that_needs_an_expansion",
    "What one line takes away, the other must have replaced before: can that be said?",
    "A column is dropped on one line whose successor is added on the other.",
    (
        *GROUND,
        AuthorOnLine(_EXPAND, "expand"),
        AuthorOnLine(_CONTRACT, "contract", needs=("add_email",)),
        Watch("nothing is wrong: one line needs a migration of the other"),
        UpgradeLine("contract"),
        Expect(("create_users", "add_email", "drop_created_at")),
    ),
    "L18",
    _NEUTRON,
)
TWO_HISTORIES = fault(
    "two_histories_in_one_database",
    "Two services share a database, and each has a history with books of its own: do they "
    "leave each other alone?",
    "Plugins and small services often live in the database of a bigger one.",
    (
        Branch("second_service"),
        Checkout("main"),
        Author(CREATE_USERS),
        Author(_EXPAND),
        Upgrade(),
        Checkout("second_service"),
        OwnBooks(),
        Author(CREATE_TOWNS),
        Author(_STREETS),
        Watch("nothing is wrong: two histories are in one database"),
        Upgrade(),
        Expect(("create_users", "add_email", "create_towns", "add_streets")),
        Current(),
        Checkout("main"),
        Upgrade(),
        Expect(("create_users", "add_email", "create_towns", "add_streets")),
        Current(),
    ),
    "L22",
)
