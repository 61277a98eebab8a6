"""Identities and file names of migrations: chosen, repeated, changed, badly written."""

from __future__ import annotations

from harness.model.departures import (
    EVERY_END,
    NOWHERE,
    BranchOff,
    Depend,
    Naming,
    NumberByTime,
    Reidentify,
    Rename,
    UpgradeByPrefix,
)
from harness.model.scenario import Scenario
from harness.model.steps import (
    Author,
    Branch,
    Checkout,
    Current,
    Expect,
    Guard,
    Land,
    Leave,
    ListHeads,
    ListHistory,
    Litter,
    Step,
    Upgrade,
    Watch,
)
from scenarios.world import (
    CREATE_TOWNS,
    CREATE_USERS,
    GROUND,
    add_text_column,
    fault,
    probe,
)

_SECOND = add_text_column("email")
_THIRD = add_text_column("phone")
_ALL = ("create_users", "add_email", "add_phone")
_LONG = "a_revision_id_of_forty_characters_in_all"

CHOSEN_TWICE = fault(
    "one_revision_id_chosen_twice",
    "Two people choose the same revision id for different migrations: what is noticed, "
    "and does one of the two vanish?",
    "Some teams number their revisions by hand, and numbers are taken twice.",
    (
        *GROUND,
        Branch("left"),
        Author(_SECOND, identity="0002"),
        Branch("right"),
        Author(_THIRD, identity="0002"),
        Land("left"),
        Land("right", blindly=True),
        Watch("two migrations chose the same revision id"),
        *probe(*_ALL),
    ),
    "C16",
    "L03",
)
CHOSEN_AGAIN = fault(
    "a_revision_id_that_is_taken",
    "An author chooses a revision id that is in the tree already: is that refused, and "
    "is the tree as it was afterwards?",
    "A refusal that leaves a file behind breaks the tree for everybody.",
    (
        *GROUND,
        Author(_SECOND, identity="0002"),
        Watch("a revision id that is taken is chosen again"),
        Author(_THIRD, identity="0002"),
        Watch("what was refused may have left something behind"),
        *probe("create_users", "add_email"),
    ),
    "C16",
    "L04",
)
DOUBLED_TARGET = fault(
    "upgrade_to_a_doubled_identity",
    "Two migrations carry one identity, and an upgrade names it: do both run?",
    "A deployment that names its target is the careful one.",
    (
        *GROUND,
        Author(_SECOND),
        Author(_THIRD, identity_of="add_email"),
        Watch("the target of the upgrade is two migrations"),
        Upgrade(to="add_email"),
        Expect(_ALL),
    ),
    "L03",
)
EVERY_LINE = fault(
    "two_lines_upgraded_to_every_end",
    "Two lines are in the tree, and the operator asks for every end there is: do both "
    "arrive?",
    "It is the quickest way past a complaint about two ends.",
    (
        *GROUND,
        Branch("left"),
        Author(_SECOND),
        Branch("right"),
        Author(_THIRD),
        Land("left"),
        Land("right", blindly=True),
        Watch("two migrations follow the same one, and every end is asked for"),
        Upgrade(to=EVERY_END),
        Expect(_ALL),
        Current(),
    ),
    "C01",
)
EVERY_BEGINNING = fault(
    "two_beginnings_upgraded_to_every_end",
    "Two histories with a beginning of their own are in one tree, and the operator asks "
    "for every end there is: do both arrive?",
    "Two services become one, and somebody finds the word that makes it work.",
    (
        Branch("other"),
        Checkout("main"),
        Author(CREATE_USERS),
        Checkout("other"),
        Author(CREATE_TOWNS),
        Land("other", blindly=True),
        Watch("two migrations are the first one, and every end is asked for"),
        Upgrade(to=EVERY_END),
        Expect(("create_users", "create_towns")),
        Current(),
    ),
    "L05",
)
LABEL_TWICE = fault(
    "one_branch_label_chosen_twice",
    "Two people choose the same label for their lines: who notices?",
    "Labels are few and obvious: everybody calls a line after the feature.",
    (
        *GROUND,
        Branch("left"),
        Author(_SECOND, label="feature"),
        Branch("right"),
        Author(_THIRD, label="feature"),
        Land("left"),
        Land("right", blindly=True),
        Watch("two lines have the same label"),
        *probe(*_ALL),
    ),
    "C16",
)
BAD_ID = fault(
    "a_revision_id_with_a_dash",
    "An author chooses a revision id with a character in it that means something else: "
    "is that refused?",
    "Ticket numbers have dashes in them.",
    (
        *GROUND,
        Watch("a revision id has a dash in it"),
        Author(_SECOND, identity="bug-2"),
        *probe("create_users"),
    ),
    "L23",
)
LONG_ID = fault(
    "a_revision_id_of_forty_characters",
    "A revision id is longer than the column it is kept in: who notices, and when?",
    "Telling ids are long ones, and not every database cares.",
    (
        *GROUND,
        Author(_SECOND, identity=_LONG),
        Watch("a revision id is longer than the column of the version table"),
        *probe("create_users", "add_email"),
    ),
    "L23",
)
AMBIGUOUS = fault(
    "an_ambiguous_abbreviation",
    "An upgrade names its target by the beginning of a revision id that two revisions "
    "share: is that said?",
    "Nobody types twelve characters if four will do.",
    (
        *GROUND,
        Author(_SECOND, identity="abcd01"),
        Author(_THIRD, identity="abcd02"),
        Watch("the target is named by what two revision ids begin with"),
        UpgradeByPrefix("add_phone", 4),
        Expect(_ALL),
    ),
    "L23",
)
ABBREVIATED = fault(
    "an_abbreviation_that_is_clear",
    "An upgrade names its target by the beginning of its revision id: does it work?",
    "What is documented as a convenience has to be one.",
    (
        *GROUND,
        Author(_SECOND, identity="abcd01"),
        Author(_THIRD, identity="efgh02"),
        Watch("nothing is wrong: the target's revision id is cut short"),
        UpgradeByPrefix("add_phone", 4),
        Expect(_ALL),
    ),
    "L23",
)
ON_PURPOSE = fault(
    "a_branch_point_on_purpose",
    "Somebody writes a migration that follows one which has a follower: must they say "
    "that it is meant, and what does an upgrade do then?",
    "A second line should never come about by accident.",
    (
        *GROUND,
        Author(_SECOND),
        Watch("a second migration follows the first one"),
        BranchOff(_THIRD, after="create_users"),
        Watch("a second migration follows the first one, and is said to be meant"),
        BranchOff(_THIRD, after="create_users", insisting=True),
        *probe(*_ALL),
    ),
    "L01",
)


def _dependent(
    name: str, question: str, why: str, wrong: str, *depend: Step
) -> Scenario:
    return fault(
        name,
        question,
        why,
        (
            *GROUND,
            Author(_SECOND),
            BranchOff(_THIRD, after="create_users", insisting=True),
            *depend,
            Watch(wrong),
            *probe(*_ALL),
        ),
        "L18",
    )


DEPENDENT = _dependent(
    "a_line_depends_on_another",
    "The newest of one line requires the newest of another: is that one history with "
    "one end, or two?",
    "Lines of one application are rarely independent.",
    "one of two lines requires the other",
    Depend("add_phone", on="add_email"),
)
DEPENDENT_TARGET = fault(
    "an_upgrade_pulls_in_what_is_required",
    "An upgrade to the end of one line: does it bring what that requires from the other?",
    "This is what a dependency is for.",
    (
        *GROUND,
        Author(_SECOND),
        BranchOff(_THIRD, after="create_users", insisting=True),
        Depend("add_phone", on="add_email"),
        Watch("nothing is wrong: the target requires a migration of another line"),
        Upgrade(to="add_phone"),
        Expect(_ALL),
    ),
    "L18",
)
DEPENDS_ON_NOTHING = _dependent(
    "a_dependency_that_is_not_there",
    "A migration requires one that is not in the tree: how is that said?",
    "The other line was renamed, or has not landed yet.",
    "a migration requires one that nothing is",
    Depend("add_phone", on=NOWHERE),
)
DEPENDS_IN_A_CIRCLE = _dependent(
    "dependencies_in_a_circle",
    "Two lines require each other: is it a clear error?",
    "Two people add one dependency each, and both are right.",
    "two lines require each other",
    Depend("add_phone", on="add_email"),
    Depend("add_email", on="add_phone"),
)
RENAMED = fault(
    "an_applied_script_is_renamed",
    "An applied migration's file gets a better name: does anybody care?",
    "A typing error in a file name is mended on a tidy day.",
    (
        *GROUND,
        Author(_SECOND),
        Upgrade(),
        Rename("add_email", Naming.ANOTHER),
        Watch("nothing is wrong: a file has another name, its identity is the same"),
        *probe("create_users", "add_email"),
        Upgrade("fresh"),
        Expect(("create_users", "add_email"), "fresh"),
    ),
    "L09",
)
REIDENTIFIED = fault(
    "an_applied_migration_gets_another_identity",
    "An applied migration is written anew under another identity: does the database that "
    "holds it find its place?",
    "A branch is redone after it had been deployed somewhere.",
    (
        *GROUND,
        Author(_SECOND),
        Upgrade(),
        Reidentify("add_email"),
        Watch("the database holds a migration under an identity that is no more"),
        *probe("create_users", "add_email"),
    ),
    "L10",
)


def _named(name: str, naming: Naming) -> Scenario:
    return fault(
        f"a_script_named_with_{name}",
        f"The newest script's name has {naming}: does it run, and if not, who says so?",
        "Files are named by people, and a migration that is passed over is not missed "
        "until the application needs it.",
        (
            *GROUND,
            Author(_SECOND),
            Author(_THIRD),
            Rename("add_phone", naming),
            Watch(f"the newest script's name has {naming}", tolerable=True),
            *probe(*_ALL),
        ),
        "L06",
    )


BAD_NAMES = (
    _named("the_description_alone", Naming.BARE),
    _named("letters_in_front", Naming.LETTERS),
    _named("too_few_digits", Naming.SHORT),
    _named("capital_letters", Naming.UPPER),
    _named("spaces", Naming.SPACES),
)
NOTES = fault(
    "a_file_that_begins_as_a_script_does",
    "A file that is no script lies beside one and begins with the same number: does it "
    "disturb anything?",
    "People keep notes and backups where they need them.",
    (
        *GROUND,
        Author(_SECOND),
        Leave("add_email", Litter.PREFIX),
        Watch("nothing is wrong: a file that is no script lies beside one"),
        *probe("create_users", "add_email"),
    ),
    "L06",
)
BY_TIME = fault(
    "numbers_that_are_timestamps",
    "The tool is told to number migrations by the time of day, so that two authors never "
    "choose the same: does an upgrade work with that?",
    "It is the documented way of the tool that numbers to keep patches from competing.",
    (
        NumberByTime(),
        Author(CREATE_USERS),
        Watch("nothing is wrong: numbers are timestamps, as the manual says"),
        Guard(),
        ListHeads(),
        ListHistory(),
        Upgrade(),
        Expect(("create_users",)),
    ),
    "L17",
)
