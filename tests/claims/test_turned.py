"""Every claim can come out each way: evidence decides it, and nothing before."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.authoring import C9, C10, C15, C16
from claims.branching import C13
from claims.competing import C1, C2, C7
from claims.data import C14
from claims.linearity import C5, C6
from claims.listings import C8
from claims.manifest import C3, C4
from claims.stories import BY_HAND, CLEAN_LINE, JOINED, PLAIN, STACK, TESTED, WITH_SQL
from harness.claims import Claim
from harness.model.evidence import Fault, OutcomeKind
from harness.model.run import StartupRecord
from harness.model.speed import Spread, Timed
from harness.model.steps import Resource
from harness.model.verdict import Cost, Finding, Grade, Offline, Stage
from tests.claims.told import a_run, cost, race, told, verdict, watched, weigh

SUPPORTED, REFUTED, MIXED = "supported", "refuted", "mixed"
RACES = [f"conflicts/{k}_patches_race_one_by_one" for k in ("two", "three", "ten")]
NO_LINE = C5.needs[0].scenarios[:-1]
LISTED = NO_LINE[:4]
RENAMED = cost(renamed=1)
ONE_LINE = cost(edited=1, lines_added=1)
EDITED = cost(edited=1, lines_added=2, lines_deleted=2)


def sentence(claim: Claim, findings: Iterable[Finding]) -> str:
    """Return what a claim says of these findings."""
    return weigh(claim, findings).said[0].answer.sentence


def races(changed: Callable[[int], int], stage: Stage | None = Stage.LOAD) -> list:
    """Return the races on stock sqlalchemy-migrate."""
    sizes = zip(RACES, (2, 3, 10), strict=True)
    return [
        told(story, "migrate", race=race(k, changed(k - 1), stage))
        for story, k in sizes
    ]


def redone(candidate: str, *costs: Cost) -> list[Finding]:
    """Return what redoing a loser took, for each kind of patch."""
    stories = (PLAIN, WITH_SQL, TESTED, STACK)
    return [
        told(story, candidate, costs=(own,))
        for story, own in zip(stories, costs, strict=False)
    ]


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        (lambda losers: losers, SUPPORTED),
        (lambda _: 0, REFUTED),
        (lambda losers: 1 if losers > 1 else 0, MIXED),
    ],
)
def test_c1_counts_the_losers_that_had_to_be_changed(
    changed: Callable[[int], int], expected: str
) -> None:
    """All, none, or some of them."""
    assert verdict(C1, races(changed)) == expected


def test_c1_does_not_count_a_change_that_nothing_asked_for() -> None:
    """A loser that was redone although it met no trouble did not have to be."""
    assert verdict(C1, races(lambda losers: losers, stage=None)) == REFUTED


@given(st.lists(st.integers(0, 9), min_size=3, max_size=3))
def test_c1_says_the_sum_over_all_races(changed: list[int]) -> None:
    """Whatever the races came to, the numbers in the sentence are theirs."""
    had_to = dict(zip((1, 2, 9), changed, strict=True))
    total = sum(min(number, losers) for losers, number in had_to.items())

    said = sentence(C1, races(lambda losers: min(had_to[losers], losers)))

    assert f"{total} of 12 losers" in said


@pytest.mark.parametrize(
    ("costs", "expected"),
    [
        ((cost(renamed=2), cost(renamed=3), EDITED), SUPPORTED),
        ((RENAMED, ONE_LINE, RENAMED), REFUTED),
        ((RENAMED, cost(renamed=3), EDITED), MIXED),
    ],
)
def test_c2_asks_for_more_than_one_file_or_line(
    costs: tuple[Cost, ...], expected: str
) -> None:
    """A rename of one file, or a change of one line, is no selection of files."""
    assert verdict(C2, redone("migrate", *costs)) == expected


@pytest.mark.parametrize(
    ("costs", "expected"),
    [
        ((ONE_LINE, ONE_LINE, ONE_LINE), SUPPORTED),
        ((RENAMED, EDITED, EDITED), REFUTED),
        ((ONE_LINE, ONE_LINE, EDITED), MIXED),
    ],
)
def test_c3_asks_for_one_line_in_one_file(
    costs: tuple[Cost, ...], expected: str
) -> None:
    """For every kind of patch."""
    assert verdict(C3, redone("migrate-manifest", *costs)) == expected


def test_c3_names_what_gets_worse_and_what_gets_better() -> None:
    """The manifest is held against numbers, story by story."""
    findings = [
        *redone("migrate-manifest", ONE_LINE, ONE_LINE, ONE_LINE),
        told("linearity/a", "migrate"),
        told("linearity/a", "migrate-manifest", Grade.BAD),
        told("linearity/b", "migrate", Grade.MIXED),
        told("linearity/b", "migrate-manifest"),
    ]
    said = sentence(C3, findings)

    assert "of 2 stories" in said
    assert "1 ends worse (a) than with numbers and 1 ends better (b)" in said


def patched(lines: int, *worse: str) -> tuple[list[Finding], object]:
    """Return stories with and without a patch of so many lines."""
    run = a_run(
        StartupRecord("migrate", "help.py", 9, "a"),
        StartupRecord("migrate-manifest", "help.py", 9, "a"),
        StartupRecord("migrate-manifest", "patch.py", lines, "b"),
    )
    stories = (*C4.needs[0].scenarios, *worse)
    return [
        told(s, c, Grade.BAD if s in worse and c != "migrate" else Grade.GOOD)
        for s in stories
        for c in ("migrate", "migrate-manifest")
    ], run


@pytest.mark.parametrize(
    ("lines", "worse", "expected"),
    [
        (20, (), SUPPORTED),
        (300, ("linearity/x",), REFUTED),
        (300, (), MIXED),
        (20, ("linearity/x",), MIXED),
    ],
)
def test_c4_asks_for_the_size_and_for_what_gets_worse(
    lines: int, worse: tuple[str, ...], expected: str
) -> None:
    """The help that both candidates get is no part of the patch."""
    findings, run = patched(lines, *worse)
    answer = weigh(C4, findings, run=run)

    assert answer.weighed == expected
    assert f"{lines} lines of code in 1 file" in answer.said[0].answer.sentence


def test_c4_is_not_shown_where_the_size_is_not_recorded() -> None:
    """A run of an earlier version does not know it."""
    findings, _ = patched(20)

    assert verdict(C4, findings) == "not shown"


def faults(candidate: str, stages: Iterable[Stage | None], *harm: str) -> list[Finding]:
    """Return the faults in which the tree is no line, and a clean line."""
    return [
        told(story, candidate, watched=(watched(stage, *(harm if not stage else ())),))
        for story, stage in zip(NO_LINE, stages, strict=True)
    ] + [told(CLEAN_LINE, candidate, files=("001_a.py", "002_b.py"))]


ALL_LOAD = [Stage.LOAD] * 6
ALL_GUARD = [Stage.GUARD] * 6
NONE = [None] * 6
SOME = [*[Stage.LOAD] * 5, None]


@pytest.mark.parametrize(
    ("stages", "expected"), [(ALL_LOAD, SUPPORTED), (NONE, REFUTED), (SOME, MIXED)]
)
def test_c5_counts_what_is_rejected(stages: list[Stage | None], expected: str) -> None:
    """All, none, or some before any change."""
    assert verdict(C5, faults("migrate", stages, "a column is missing")) == expected


@pytest.mark.parametrize("stage", [Stage.RUN, Stage.AFTER])
def test_c5_takes_no_late_notice_for_a_rejection(stage: Stage) -> None:
    """Half-way, or when asked afterwards, is too late."""
    assert verdict(C5, faults("migrate", [stage] * 6)) == REFUTED


@pytest.mark.parametrize(
    ("alone", "guarded", "branching", "expected"),
    [
        (SOME, [*[Stage.GUARD] * 5, None], Grade.GOOD, SUPPORTED),
        (ALL_LOAD, ALL_GUARD, Grade.BAD, REFUTED),
        (ALL_LOAD, ALL_GUARD, Grade.UNSUPPORTED, REFUTED),
        (SOME, ALL_GUARD, Grade.GOOD, MIXED),
        (SOME, SOME, Grade.GOOD, MIXED),
        (SOME, [*[Stage.GUARD] * 5, None], Grade.UNSUPPORTED, MIXED),
    ],
)
def test_c6_holds_alembic_alone_against_alembic_with_a_check(
    alone: list[Stage | None],
    guarded: list[Stage | None],
    branching: Grade,
    expected: str,
) -> None:
    """Supported if the check is needed and leaks; refuted if alembic rejects all.

    A tool that cannot branch and rejects a part enforces a part.
    """
    findings = [
        *faults("alembic", alone, "a column is missing"),
        *faults("alembic-linear", guarded, "a column is missing"),
        told(JOINED, "alembic", branching),
    ]

    assert verdict(C6, findings) == expected


@pytest.mark.parametrize(
    ("ours", "theirs", "joined", "expected"),
    [
        ([EDITED] * 4, [RENAMED] * 4, EDITED, SUPPORTED),
        ([ONE_LINE] * 4, [EDITED] * 4, EDITED, REFUTED),
        ([EDITED] * 4, [cost(renamed=3)] * 4, EDITED, MIXED),
        ([EDITED] * 4, [RENAMED] * 4, cost(added=1, commands=1), MIXED),
    ],
)
def test_c7_holds_the_costs_against_each_other(
    ours: list[Cost], theirs: list[Cost], joined: Cost, expected: str
) -> None:
    """Worse in something and better in nothing, the other way round, or both."""
    findings = [
        *redone("alembic", *ours),
        *redone("migrate", *theirs),
        told(JOINED, "alembic", costs=(joined,)),
    ]

    assert verdict(C7, findings) == expected


TELLING = ("001_a.py", "002_b.py", "002_c.py")
SILENT = ("9f_a.py", "1c_b.py")


def listings(candidate: str, clean: tuple[str, ...], bad: tuple[str, ...]) -> list:
    """Return a clean history, four faults, and a file written by hand."""
    return [
        told(CLEAN_LINE, candidate, files=clean),
        *(told(story, candidate, files=bad) for story in LISTED),
        told(BY_HAND, candidate, headline="to be looked up: the next"),
    ]


@pytest.mark.parametrize(
    ("ours", "theirs", "expected"),
    [
        ((SILENT, SILENT), (TELLING[:2], TELLING), SUPPORTED),
        ((TELLING[:2], TELLING), (TELLING[:2], TELLING), REFUTED),
        ((SILENT, SILENT), (TELLING[:2], SILENT), MIXED),
        ((SILENT, SILENT), (TELLING[1::-1], TELLING), MIXED),
    ],
)
def test_c8_reads_the_names_of_files(
    ours: tuple[tuple[str, ...], tuple[str, ...]],
    theirs: tuple[tuple[str, ...], tuple[str, ...]],
    expected: str,
) -> None:
    """Names tell the order if they are sorted, and a fault by numbers."""
    findings = listings("alembic", *ours) + listings("migrate", *theirs)

    assert verdict(C8, findings) == expected


def authored(candidate: str, works: bool, by_hand: Grade = Grade.GOOD) -> list[Finding]:
    """Return authoring without the network, and by hand."""
    kind = OutcomeKind.OK if works else OutcomeKind.CRASHED
    tried = Offline(
        "author a migration", (Resource.NETWORK,), kind, Fault.NONE, "", "off", ()
    )
    return [
        told("offline/author_a_migration", candidate, offline=(tried,)),
        told(BY_HAND, candidate, by_hand),
    ]


@pytest.mark.parametrize(
    ("ours", "theirs", "expected"),
    [
        ((False, Grade.BAD), (True, Grade.GOOD), SUPPORTED),
        ((True, Grade.BAD), (True, Grade.GOOD), SUPPORTED),
        ((True, Grade.GOOD), (True, Grade.GOOD), REFUTED),
        ((False, Grade.GOOD), (False, Grade.GOOD), REFUTED),
        ((False, Grade.GOOD), (True, Grade.GOOD), MIXED),
    ],
)
def test_c9_asks_what_one_tool_needs_and_the_other_does_not(
    ours: tuple[bool, Grade], theirs: tuple[bool, Grade], expected: str
) -> None:
    """With the tool's command, and without the tool."""
    findings = authored("alembic", *ours) + authored("migrate", *theirs)

    assert verdict(C9, findings) == expected


def test_c9_leaves_out_what_was_tried_with_one_tool_only() -> None:
    """A need of which the other tool was not asked compares nothing."""
    alone = told(
        "offline/work_without_the_configuration_file",
        "alembic",
        offline=(
            Offline(
                "author a migration",
                (Resource.TOOL_CONFIGURATION,),
                OutcomeKind.REFUSED,
                Fault.CONFIGURATION_MISSING,
                "",
                "open",
                (),
            ),
        ),
    )
    findings = [*authored("alembic", True), *authored("migrate", True), alone]

    assert verdict(C9, findings) == REFUTED


PROPOSED = "changes/propose_a_migration_beside_other_tables"


@pytest.mark.parametrize(
    ("grades", "expected"),
    [
        ({"sqlite": Grade.BAD}, SUPPORTED),
        ({"sqlite": Grade.GOOD}, REFUTED),
        ({"sqlite": Grade.BAD, "mysql": Grade.GOOD}, MIXED),
    ],
)
def test_c10_asks_whether_a_table_would_be_dropped(
    grades: dict[str, Grade], expected: str
) -> None:
    """On every database."""
    findings = [
        told(PROPOSED, "alembic", grade, f"common:{backend}")
        for backend, grade in grades.items()
    ]

    assert verdict(C10, findings) == expected


BRANCHED = [JOINED, "conflicts/five_patches_meet_and_are_joined_at_once"]
STRAIGHT = [PLAIN, "conflicts/five_patches_meet_and_are_mended_one_by_one"]


@pytest.mark.parametrize(
    ("branched", "straight", "expected"),
    [
        ((Grade.BAD, Grade.BAD), (Grade.GOOD, Grade.GOOD), SUPPORTED),
        ((Grade.BAD, Grade.GOOD), (Grade.GOOD, Grade.GOOD), MIXED),
        ((Grade.GOOD, Grade.GOOD), (Grade.BAD, Grade.GOOD), REFUTED),
        ((Grade.BAD, Grade.GOOD), (Grade.BAD, Grade.GOOD), REFUTED),
        ((Grade.GOOD, Grade.GOOD), (Grade.GOOD, Grade.GOOD), "not shown"),
    ],
)
def test_c13_holds_branching_against_one_line(
    branched: tuple[Grade, ...], straight: tuple[Grade, ...], expected: str
) -> None:
    """More often wrong, less often, in some stories; nothing wrong shows nothing."""
    findings = [
        told(story, "alembic", grade)
        for story, grade in zip(
            (*BRANCHED, *STRAIGHT), (*branched, *straight), strict=True
        )
    ]

    assert verdict(C13, findings) == expected


def timed(median: float) -> Timed:
    """Return what samples come to that lie close to each other."""
    spread = Spread(median, median, median - 0.01, median + 0.01, median, outliers=0)
    return Timed(8, spread, spread, 10.0, 1)


@pytest.mark.parametrize(
    ("alembic", "migrate", "expected"),
    [(0.9, 0.9, "supported"), (0.9, 0.3, "mixed"), (0.3, 0.3, "not shown")],
)
def test_c14_is_turned_by_times(alembic: float, migrate: float, expected: str) -> None:
    """Apart with both tools, with one, or with none; reading cannot be shown to suffice."""
    every, none = (
        f"speed/backfill_that_changes_{which}" for which in ("every_row", "no_row")
    )
    findings = [
        told(every, "alembic", timed=timed(alembic)),
        told(every, "migrate", timed=timed(migrate)),
        told(none, "alembic", timed=timed(0.3)),
        told(none, "migrate", timed=timed(0.3)),
    ]

    assert verdict(C14, findings) == expected


def test_c14_is_not_shown_without_samples() -> None:
    """A story that nobody had time for shows nothing."""
    assert verdict(C14, [told(PLAIN, "alembic")]) == "not shown"


@pytest.mark.parametrize("claim", [C15, C16], ids=lambda claim: claim.id)
def test_a_claim_that_nothing_here_can_answer_says_so(claim: Claim) -> None:
    """Not shown is the truth, until there is a story or a command for it."""
    assert claim.decide is None
    assert verdict(claim, [told(PLAIN, "alembic")]) == "not shown"
