"""A claim is asked where all it needs is there, and what it says is cited."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.claims import Answer, Claim, ClaimError, Need, View, Weighed, not_shown
from harness.model.cell import Absence, Cell
from harness.model.verdict import Finding, Grade
from tests.claims.told import THEN, a_run, told, verdict, weigh

STORY = "conflicts/a_story"


def counting(view: View) -> Answer:
    """Answer by the grade of the only story."""
    finding = view.finding("one", STORY)
    kinds = {
        Grade.GOOD: Weighed.SUPPORTED,
        Grade.BAD: Weighed.REFUTED,
        Grade.MIXED: Weighed.MIXED,
    }
    weighed = kinds[finding.grade]
    return Answer(
        weighed=weighed,
        sentence=f"it is {finding.grade}",
        condition="the moon" if weighed is Weighed.MIXED else "",
        cells=(finding.cell,),
    )


def a_claim(decide: object = counting, **fields: object) -> Claim:
    """Return a claim about the only story."""
    given_needs = fields.pop("needs", (Need("one", (STORY,)),))
    return Claim(
        id="C0",
        sentence="It is so.",
        why="It matters.",
        needs=given_needs,
        decide=decide,
        **fields,
    )


def test_what_holds_everywhere_is_said_once() -> None:
    """Two databases that say the same are one sentence with the cells of both."""
    places = ("common:sqlite", "common:mysql", "newest:sqlite", "newest:mysql")
    answer = weigh(a_claim(), [told(STORY, "one", place=place) for place in places])

    (said,) = answer.said
    assert (answer.weighed, said.place, len(said.answer.cells)) == ("supported", "", 4)


def test_places_that_disagree_make_a_mixed_answer_that_names_them() -> None:
    """What holds on one database and not on another depends on the database."""
    answer = weigh(
        a_claim(),
        [
            told(STORY, "one"),
            told(STORY, "one", Grade.BAD, "common:mysql"),
            told(STORY, "one", place="common:postgresql"),
        ],
    )

    assert answer.weighed == "mixed"
    assert {said.place: said.answer.weighed for said in answer.said} == {
        "common with sqlite and postgresql": "supported",
        "common with mysql": "refuted",
    }


def test_the_newer_toolchain_is_asked_with_what_runs_there() -> None:
    """A candidate that does not run on the newer toolchain is taken from the other."""

    def both(view: View) -> Answer:
        pair = [view.finding(name, STORY) for name in ("one", "two")]
        worse = any(f.grade is Grade.BAD for f in pair)
        return Answer(
            weighed=Weighed.REFUTED if worse else Weighed.SUPPORTED,
            sentence="both",
            cells=tuple(f.cell for f in pair),
        )

    needs = (Need("one", (STORY,)), Need("two", (STORY,)))
    answer = weigh(
        a_claim(both, needs=needs),
        [
            told(STORY, "one"),
            told(STORY, "two"),
            told(STORY, "one", Grade.BAD, "newest:sqlite"),
        ],
    )

    assert answer.weighed == "mixed"
    assert [said.answer.cells[-1].toolchain for said in answer.said] == ["common"] * 2


@pytest.mark.parametrize(
    ("findings", "reason"),
    [
        ([], "nothing was run on the toolchain common"),
        (
            [told("conflicts/other", "one")],
            f"it needs stories that were not run with one ({STORY})",
        ),
        (
            [told(STORY, "one", Grade.UNKNOWN, reasons=("no server",))],
            f"it needs stories that are not established with one ({STORY}): no server",
        ),
        (
            [told(STORY, "one", Grade.UNSUPPORTED, reasons=("too old",))],
            f"it needs stories that cannot be expressed with one ({STORY}): too old",
        ),
    ],
)
def test_what_is_missing_is_the_reason_for_no_answer(
    findings: list[Finding], reason: str
) -> None:
    """Not shown, and it is said which story, with what, and why."""
    answer = weigh(a_claim(), findings)

    assert answer.weighed == "not shown"
    assert answer.said[0].answer.sentence == f"because {reason}"


def test_a_toolchain_that_is_not_there_is_told_with_the_reason_of_the_run() -> None:
    """Why there is no Python 2.7 is known to the run, and is repeated."""
    absence = Absence("one on icehouse", "no Python 2.7 was found")
    run = a_run()
    answer = weigh(
        a_claim(), era=THEN, run=type(run)(**{**_fields(run), "absences": (absence,)})
    )

    assert answer.said[0].answer.sentence.endswith(": no Python 2.7 was found")


def _fields(run: object) -> dict[str, object]:
    return {name: getattr(run, name) for name in run.__struct_fields__}


def test_a_place_without_an_answer_does_not_hide_the_others() -> None:
    """One database on which the story was not established counts neither way."""
    answer = weigh(
        a_claim(),
        [told(STORY, "one"), told(STORY, "one", Grade.UNKNOWN, "common:mysql")],
    )

    assert answer.weighed == "supported"
    assert [said.answer.weighed for said in answer.said] == ["supported", "not shown"]


@pytest.mark.parametrize(
    ("answer", "complaint"),
    [
        (Answer(weighed=Weighed.SUPPORTED, sentence="so"), "rests on nothing"),
        (
            Answer(
                weighed=Weighed.REFUTED,
                sentence="so",
                cells=(Cell(STORY, "one", "common", "mysql"),),
            ),
            "not shown",
        ),
        (
            Answer(weighed=Weighed.REFUTED, sentence="so", records=("queue.json",)),
            "not there",
        ),
        (
            Answer(weighed=Weighed.REFUTED, sentence="so", records=("run.json",)),
            "all that it needs",
        ),
        (
            Answer(
                weighed=Weighed.MIXED,
                sentence="so",
                cells=(Cell(STORY, "one", "common", "sqlite"),),
            ),
            "needs a condition",
        ),
    ],
)
def test_an_answer_that_is_not_carried_is_an_error(
    answer: Answer, complaint: str
) -> None:
    """A claim's function cannot say what its evidence does not carry."""
    with pytest.raises(ClaimError, match=complaint):
        weigh(a_claim(lambda _: answer), [told(STORY, "one")])


def test_a_claim_without_a_function_says_what_is_missing() -> None:
    """Truthfully not shown, whatever was run."""
    claim = a_claim(None, needs=(), missing="there is no such command")
    answer = weigh(claim, [told(STORY, "one")])

    assert answer.weighed == "not shown"
    assert answer.said[0].answer == not_shown("there is no such command")


@given(st.lists(st.sampled_from([Grade.GOOD, Grade.BAD, Grade.MIXED]), min_size=1))
def test_the_whole_is_what_all_places_say_or_mixed(grades: list[Grade]) -> None:
    """For any databases: unanimous, or mixed; and every cell is cited once."""
    findings = [
        told(STORY, "one", grade, f"common:db{number}")
        for number, grade in enumerate(grades)
    ]
    answer = weigh(a_claim(), findings)
    cited = list(itertools.chain(*(said.answer.cells for said in answer.said)))

    assert (answer.weighed != "mixed") == (set(grades) in [{Grade.GOOD}, {Grade.BAD}])
    assert sorted(cited) == sorted(finding.cell for finding in findings)


def test_only_the_named_backends_are_looked_at() -> None:
    """What does not depend on the database is counted on one."""
    findings = [told(STORY, "one"), told(STORY, "one", Grade.BAD, "common:mysql")]

    assert verdict(a_claim(backends=("sqlite",)), findings) == "supported"
