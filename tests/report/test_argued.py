"""What a person in a meeting reads: the first screen, the claims, the surprises."""

from __future__ import annotations

import re

import pytest

from harness.claims import Answer, Claim, Need, Stored, View, Weighed, answered, shipped
from harness.claims.claim import Era
from harness.judgement.speed import matches, timed
from harness.model.evidence import Evidence, Fault, OutcomeKind
from harness.model.steps import Resource
from harness.model.verdict import Aftermath, Finding, Grade, Offline, Remedy, Stage
from harness.report import render
from harness.report.answers import answers
from harness.report.claiming import claim_parts
from harness.report.overview import overview
from harness.report.surprises import surprises
from tests.claims.told import NOW, THEN, a_run, cost, race, told, watched
from tests.timed import around, sample
from tests.timed import timed as made_up

PLAIN = "conflicts/two_patches_race"


def redone(place: str, **counts: int) -> Finding:
    """Return the story of two patches, with a fault that git stops."""
    return told(
        PLAIN,
        "one",
        place=place,
        watched=(watched(Stage.MERGE),),
        costs=(cost(**counts),),
    )


def rows(*findings: Finding, eras: tuple[Era, ...] = (THEN, NOW)) -> dict[str, str]:
    """Return the first screen's rows for the first candidate."""
    table = overview(findings, eras).table
    return {row[0]: row[1] for row in table.rows}


def test_the_first_screen_counts_today_on_one_database() -> None:
    """Another database, and another toolchain of today, are told further below."""
    found = rows(
        redone("common:sqlite", renamed=1),
        redone("common:mysql", renamed=2),
        redone("newest:sqlite", renamed=3),
    )

    assert found["two patches race: redoing took"] == "1 file renamed, +0 −0 lines"
    assert found["conflicts stopped before a database is changed"] == "1 of 1"


def test_the_first_screen_names_what_was_different_then() -> None:
    """What was the same in 2013 is said once."""
    found = rows(
        redone("icehouse:sqlite", edited=1), redone("common:sqlite", renamed=1)
    )

    assert found["two patches race: noticed at"] == "git merge"
    assert found["two patches race: redoing took"] == (
        "1 file renamed, +0 −0 lines (2013: 1 file edited, +0 −0 lines)"
    )


def test_the_first_screen_of_the_past_alone_is_of_the_past() -> None:
    """A run on the old stack only is counted there."""
    screen = overview([redone("icehouse:sqlite", edited=1)], (THEN, NOW))

    assert screen.counted.startswith("Counted on icehouse (sqlite)")
    assert screen.then == ""


def test_the_first_screen_compares_only_what_all_can_tell() -> None:
    """A story that one candidate cannot express is counted for none."""
    found = rows(
        told("linearity/a", "one", watched=(watched(Stage.LOAD),)),
        told("linearity/a", "two", watched=(watched(Stage.LOAD),)),
        told("linearity/b", "one", watched=(watched(None, "harm"),)),
        told("linearity/b", "two", Grade.UNSUPPORTED),
    )

    assert found["faults rejected before any change, or rightly carried on"] == "1 of 1"


def test_the_first_screen_counts_silence_apart_from_a_late_notice() -> None:
    """A fault is rejected, passed over in silence, or neither."""
    found = rows(
        told("linearity/a", "one", watched=(watched(Stage.LOAD),)),
        told("linearity/b", "one", watched=(watched(None, "a column is missing"),)),
        told("linearity/c", "one", watched=(watched(Stage.RUN),)),
        told("linearity/d", "one", Grade.UNKNOWN, watched=(watched(None),)),
    )

    assert found["faults rejected before any change, or rightly carried on"] == "1 of 3"
    assert found["faults passed over in silence, the database wrong"] == "1 of 3"


def screen_of_times(*evidence: Evidence) -> dict[str, tuple[str, ...]]:
    """Return the first screen's rows of what was timed, by all candidates."""
    findings = [
        told(
            one.cell.scenario,
            one.cell.candidate,
            place=f"{one.cell.toolchain}:sqlite",
            timed=timed(one),
        )
        for one in evidence
    ]
    table = overview(findings, (THEN, NOW), matches(evidence)).table
    return {row[0]: row[1:] for row in table.rows}


ONE, TWO = made_up("one", around(1.0, 1)), made_up("two", around(1.5, 2))


def test_the_first_screen_has_times_with_ratios_and_verdicts() -> None:
    """A median each, what bounds the ratio, who was faster, and how often."""
    found = screen_of_times(ONE, TWO)

    one, two = found["start, median"]
    assert re.fullmatch(r"1.00 s; ×0.67 \(0.6\d to 0.6\d\) of two: faster", one)
    assert two.startswith("1.5")
    assert found["compared by wall time, 1 operation"] == ("1 faster", "1 slower")


def test_the_first_screen_counts_what_was_compared() -> None:
    """What only one candidate can do is timed, and is no comparison."""
    alone = made_up("one", around(1.0, 3), scenario="speed/alone")

    found = screen_of_times(ONE, TWO, alone)

    assert found["alone, median"] == ("1.00 s", "–")
    assert found["compared by wall time, 1 operation"] == ("1 faster", "1 slower")


def test_the_first_screen_never_mixes_toolchains() -> None:
    """What was timed on another toolchain stands further down."""
    found = screen_of_times(ONE, made_up("two", around(1.5, 2), "icehouse"))

    assert found["start, median"] == ("1.00 s", "–")
    assert not any(name.startswith("compared") for name in found)


def test_the_first_screen_tells_void_times_from_none() -> None:
    """A void median is not told."""
    odd = made_up("one", (*around(1.0, 1), sample(16, 0, 1.0, "another")))

    assert screen_of_times(odd)["start, median"] == ("void",)


def test_the_first_screen_says_so_if_nothing_was_timed() -> None:
    """With the reason of each candidate."""
    none = made_up("one", ())

    found = screen_of_times(none)

    assert found["nothing was timed, because"] == ("it was the last look",)


def test_the_first_screen_is_one_screen() -> None:
    """With every question answered it takes about 45 lines."""
    work = tried(Resource.NETWORK, OutcomeKind.OK, "author a migration")
    table = rows(
        redone("common:sqlite", renamed=1),
        told("conflicts/a", "one", race=race(3, 2)),
        told("linearity/a", "one", watched=(watched(None, "harm"),)),
        told("offline/a", "one", offline=(work,)),
        told("changes/a", "one"),
    )
    around = render(a_run(), ()).split("## Contents")[0].splitlines()

    assert len(table) + len(around) <= 45


def weighed(grade: Grade, place: str) -> Finding:
    """Return a finding of the story that the claim below is about."""
    return told(PLAIN, "one", grade, place, headline=f"it is {grade}")


def _decide(view: View) -> Answer:
    finding = view.finding("one", PLAIN)
    good = finding.grade is Grade.GOOD
    return Answer(
        weighed=Weighed.SUPPORTED if good else Weighed.REFUTED,
        sentence=f"{finding.headline} with {view.backend}",
        cells=(finding.cell,),
    )


CLAIM = Claim(
    id="C0",
    sentence="It is so.",
    why="It matters.",
    needs=(Need("one", (PLAIN,)),),
    decide=_decide,
)


def parts(*findings: Finding) -> object:
    """Return how the report tells the claim."""
    return claim_parts(answered([CLAIM], (THEN, NOW), Stored(a_run(), findings)))[0]


def test_a_claim_is_brief_where_only_numbers_differ() -> None:
    """One sentence of each verdict; where the rest holds is named."""
    then, now = parts(
        weighed(Grade.GOOD, "common:sqlite"), weighed(Grade.GOOD, "common:mysql")
    ).answers

    assert then.weighed == "not shown"
    assert [one.text for one in now.brief] == ["it is good with sqlite"]
    assert now.alike == ("common with mysql",)
    assert len(now.sentences) == 2
    assert now.evidence == "2 cells"


def test_a_claim_tells_both_sides_where_places_disagree() -> None:
    """Mixed, and each verdict has its sentence."""
    _, now = parts(
        weighed(Grade.GOOD, "common:sqlite"), weighed(Grade.BAD, "common:mysql")
    ).answers

    assert now.weighed == "mixed"
    assert [one.weighed for one in now.brief] == ["supported", "refuted"]


def test_what_is_the_same_for_both_times_is_said_once() -> None:
    """Not shown twice for one reason is the same as well."""
    then, now = parts(
        weighed(Grade.GOOD, "common:sqlite"), weighed(Grade.GOOD, "icehouse:sqlite")
    ).answers

    assert (then.same_as, now.same_as) == ("", "2013")


def test_every_claim_is_in_the_report_with_its_answers() -> None:
    """A row for each, and a place with the evidence that the row links to."""
    text = render(a_run(), ())
    table = text.split("## The claims")[1].split("\n## ")[0]

    for claim in shipped.claims():
        assert f"| **{claim.id}** {claim.sentence} |" in table
        assert f'<a id="{claim.id.lower()}-now"></a>' in text
    assert table.count("| **not shown**") == 2 * len(shipped.claims())


def test_a_surprise_is_told_once_for_all_whom_it_concerns() -> None:
    """One remark for a story, whatever toolchains, databases and candidates."""
    harmed = (watched(None, "a column is missing", "and a row"),)
    places = ("common:sqlite", "common:mysql", "newest:sqlite")
    findings = [
        told("linearity/a_story", name, Grade.BAD, place, watched=harmed)
        for place in places
        for name in ("one", "two")
    ]
    fine = told("linearity/a_story", "two", place="newest:mysql")

    (surprise,) = surprises([*findings, fine])
    (remark,) = surprise.remarks

    assert surprise.title.startswith("It went through without an error")
    assert surprise.counts == "one 1 and two 1"
    assert remark.text == "a story: a column is missing (and 1 more)"
    assert remark.about == "one; two (common with sqlite and mysql; newest with sqlite)"


@pytest.mark.parametrize(
    ("finding", "title"),
    [
        (
            told(
                "changes/a", "one", Grade.BAD, headline="exit code 0, and 1 difference"
            ),
            "It went through without an error, and the database is not as expected",
        ),
        (
            told("changes/a", "one", Grade.BAD, headline="fails, and leaves a table"),
            "It failed, and left the database changed",
        ),
        (
            told("changes/a", "one", Grade.BAD, headline="proposes to drop a table"),
            "It ends badly in another way",
        ),
    ],
)
def test_surprises_are_of_a_kind(finding: Finding, title: str) -> None:
    """A reader sees first what nobody was told of."""
    assert [one.title for one in surprises([finding])] == [title]


def tried(resource: Resource, kind: OutcomeKind, activity: str = "list") -> Offline:
    """Return a try of some work without one thing."""
    return Offline(activity, (resource,), kind, Fault.NONE, "", "off", ())


def test_the_first_screen_counts_kinds_of_work_and_no_stories() -> None:
    """Many stories of one kind of work weigh no more than one."""
    database, refused = Resource.DATABASE, OutcomeKind.REFUSED

    found = rows(
        told("offline/a", "one", offline=(tried(database, OutcomeKind.OK),)),
        told("offline/b", "one", offline=(tried(database, refused, "write SQL"),)),
        told("offline/c", "one", offline=(tried(database, refused, "write SQL"),)),
    )

    assert found["kinds of work that need no database"] == "1 of 2"


def test_the_first_screen_keeps_ordinary_changes_apart() -> None:
    """A migration that is killed is no ordinary change, and neither is a planted fault."""
    left = Aftermath(0, "a", 1, 2, False, (), OutcomeKind.CRASHED, "", Remedy.BY_HAND)

    found = rows(
        told("changes/a", "one"),
        told("changes/b", "one", Grade.BAD),
        told("changes/c", "one", Grade.MIXED),
        told("changes/d", "one", Grade.BAD, watched=(watched(None),)),
        told(
            "changes/e", "one", Grade.BAD, watched=(watched(None),), aftermaths=(left,)
        ),
    )

    assert found["ordinary changes as expected, up and down"] == "1 of 3"
    assert found["ordinary changes that leave a wrong database"] == "1 of 3"
    assert found["failed or killed half-way: SQL by hand to get on"] == "1 of 1"


def test_what_is_needed_in_some_stories_is_said_of_those() -> None:
    """An activity that works elsewhere without it does not need it in general."""
    database = Resource.DATABASE
    findings = (
        told("offline/plain", "one", offline=(tried(database, OutcomeKind.OK),)),
        told(
            "offline/that_connects",
            "one",
            offline=(tried(database, OutcomeKind.REFUSED),),
        ),
    )

    (answered,) = answers(findings)

    words = "to list needs in some stories the database (that connects)"
    assert words in answered.answers[0].said


def test_a_broken_script_tells_nothing_of_what_is_needed() -> None:
    """It is the script that fails, whatever was taken away."""
    broken = Offline(
        "list",
        (Resource.DATABASE,),
        OutcomeKind.CRASHED,
        Fault.BROKEN_SCRIPT,
        "",
        "off",
        (),
    )

    (answered,) = answers([told("offline/a", "one", offline=(broken,))])

    assert not any("needs" in sentence for sentence in answered.answers[0].said)
