"""C9, C10, C15 and C16: writing migrations, and looking at what they do."""

from __future__ import annotations

from claims.stories import ALEMBIC, BY_HAND, MIGRATE
from harness.claims import Answer, Claim, Need, View, Weighed
from harness.claims.fates import cells
from harness.judgement.wording import listed, named
from harness.model.verdict import Finding, Grade, Offline

_AUTHOR = "offline/author_a_migration"
_WITHOUT_FILE = "offline/work_without_the_configuration_file"
_CONNECTS = "offline/author_with_an_environment_that_connects"
_PROPOSED = "changes/propose_a_migration_beside_other_tables"
_WRITING = "author a migration"
_TOOL = "the tool itself"
_TOOLS = {ALEMBIC: "alembic", MIGRATE: "sqlalchemy-migrate"}


def _tries(view: View, candidate: str) -> list[Offline]:
    """Return the tries to author with the tool, as it comes, with something missing.

    What could be tried with one tool only is left out: it compares nothing.
    """
    stories = [
        view.finding(candidate, story)
        for story in (_AUTHOR, _WITHOUT_FILE)
        if all(view.shown(name, story) for name in (ALEMBIC, MIGRATE))
    ]
    return [t for f in stories for t in f.offline if t.activity == _WRITING]


def _needed(tries: list[Offline]) -> list[str]:
    """Return what authoring with the tool fails without, each taken away alone."""
    failed = (t for t in tries if len(t.without) == 1 and not t.kind.went_through)
    return list(dict.fromkeys(str(t.without[0]) for t in failed))


def _by_hand(view: View, candidate: str) -> bool:
    """Tell whether a file written by hand, without the tool, is taken afterwards."""
    return view.finding(candidate, BY_HAND).grade is Grade.GOOD


def _needs_more(view: View) -> Answer:
    tried = {name: _tries(view, name) for name in (ALEMBIC, MIGRATE)}
    needs = {name: _needed(own) for name, own in tried.items()}
    for name, found in needs.items():
        if not _by_hand(view, name):
            found.append(_TOOL)
    more = [what for what in needs[ALEMBIC] if what not in needs[MIGRATE]]
    free = _by_hand(view, ALEMBIC)
    condition = ""
    if not more:
        weighed = Weighed.REFUTED
    elif free:
        weighed = Weighed.MIXED
        condition = (
            f"how it is written: with the tool's command alembic needs {listed(more)}, "
            "which sqlalchemy-migrate does not; a file written by hand needs neither"
        )
    else:
        weighed = Weighed.SUPPORTED
    said = (_needs_words(n, tried[n], needs[n], view) for n in (ALEMBIC, MIGRATE))
    return Answer(
        weighed=weighed,
        sentence=f"{'; '.join(said)}{_connecting(view)}",
        condition=condition,
        cells=cells(
            view.shown(ALEMBIC, _AUTHOR, _WITHOUT_FILE, BY_HAND, _CONNECTS),
            view.shown(MIGRATE, _AUTHOR, _WITHOUT_FILE, BY_HAND),
        ),
    )


def _needs_words(
    candidate: str, tries: list[Offline], needed: list[str], view: View
) -> str:
    missing = [t for t in tries if t.without]
    works = sum(t.kind.went_through for t in missing)
    tools = [what for what in needed if what != _TOOL]
    said = (
        f"with {_TOOLS[candidate]} {works} of {len(missing)} tries to author with "
        f"something missing work ({listed(_worked_without(missing))})"
    )
    if tools:
        said += f", it fails without {listed(tools)}"
    hand = view.finding(candidate, BY_HAND)
    taken = "is taken" if hand.grade is Grade.GOOD else "is not taken"
    return f"{said}, and a file written by hand {taken}"


def _worked_without(tries: list[Offline]) -> list[str]:
    """Return what was missing where the work went on, such as `without the network`."""
    worked = [t.without for t in tries if t.kind.went_through]
    alone = dict.fromkeys(named(without[0]) for without in worked if len(without) == 1)
    said = [f"without {what}" for what in alone]
    if any(len(without) > 1 for without in worked):
        said.append("without several of these at once")
    return said or ["none"]


def _connecting(view: View) -> str:
    """Say what becomes of authoring where a project has its environment loaded."""
    found = view.shown(ALEMBIC, _CONNECTS)
    fails = [
        t
        for f in found
        for t in f.offline
        if t.activity == _WRITING and t.without and not t.kind.went_through
    ]
    if not found:
        return ""
    becomes = "fails" if fails else "works as well"
    return (
        "; where a project has alembic load an environment that connects, authoring "
        f"without a database {becomes}"
    )


def _proposes_drops(view: View) -> Answer:
    finding: Finding = view.finding(ALEMBIC, _PROPOSED)
    drops = finding.grade is Grade.BAD
    return Answer(
        weighed=Weighed.SUPPORTED if drops else Weighed.REFUTED,
        sentence="for a database with one table of which the models do not speak, and "
        f"one column that it lacks, alembic as it comes {finding.headline}"
        f"{_all_proposed(finding)}",
        cells=cells([finding]),
    )


def _all_proposed(finding: Finding) -> str:
    return f" (all that it proposes: {', '.join(finding.reasons)})" * bool(
        finding.reasons
    )


C9 = Claim(
    id="C9",
    sentence="Writing a new migration with alembic needs more than writing a file: a "
    "tool, an installed application, a configuration, and a network if those are not set "
    "up; sqlalchemy-migrate needs a file.",
    why="Who only wants to contribute one change should not have to set up everything.",
    needs=(
        Need(ALEMBIC, (_AUTHOR, BY_HAND)),
        Need(MIGRATE, (_AUTHOR, BY_HAND)),
    ),
    decide=_needs_more,
)
C10 = Claim(
    id="C10",
    sentence="Autogenerate by default proposes dropping tables that belong to parts of "
    "the application it was not told about.",
    why="A proposal that is accepted in haste loses a table.",
    needs=(Need(ALEMBIC, (_PROPOSED,)),),
    decide=_proposes_drops,
)
C15 = Claim(
    id="C15",
    sentence="Moving a migration's tests beside the migration would show which migrations "
    "lack tests.",
    why="A migration without a test is found out in production.",
    missing="a run has no project whose tests lie in both places; of a history that "
    "exists, `migration-compare assess PATH` says which migrations have no test, whether "
    "tests lie beside them or elsewhere (docs/assess.md has what it says of real ones)",
)
C16 = Claim(
    id="C16",
    sentence="Stepping through migrations one at a time to see what each did is useful "
    "and was not obvious to do.",
    why="It is how somebody learns what a history does to a database.",
    missing="what is useful or obvious to somebody is not measured here; "
    "`migration-compare step` goes through a history of either tool one migration at a "
    "time, and shows what each did to a database",
)
