"""C13: histories that branch, held against histories kept to one line."""

from __future__ import annotations

from claims.stories import ALEMBIC, CLEAN_LINE, JOINED, PLAIN
from harness.claims import Answer, Claim, Need, View, Weighed, not_shown
from harness.claims.fates import cells, title
from harness.judgement.wording import count, listed
from harness.model.verdict import Finding, Grade

# Databases that went through a history that branches, or through two of them.
_BRANCHED = (
    JOINED,
    "conflicts/five_patches_meet_and_are_joined_at_once",
    "linearity/go_back_past_a_merge_revision",
    "linearity/two_people_join_the_same_lines",
    "linearity/two_lines_upgraded_to_every_end",
    "linearity/two_beginnings_upgraded_to_every_end",
    "linearity/an_upgrade_pulls_in_what_is_required",
    "linearity/a_line_depends_on_another",
    "linearity/expand_then_contract",
    "linearity/a_stable_branch_merged_back",
    "linearity/a_backport_then_the_upgrade_to_main",
    "linearity/two_types_for_one_column_joined",
    "linearity/rename_against_index_joined",
    "linearity/the_same_column_twice_joined",
    "linearity/a_column_for_a_table_that_goes_joined",
)
# Databases that went through a history kept to one line, whatever that took.
_ONE_LINE = (
    PLAIN,
    "conflicts/two_patches_race_in_the_other_order",
    "conflicts/five_patches_meet_and_are_mended_one_by_one",
    "conflicts/a_stack_of_three_patches_loses",
    "conflicts/the_loser_was_applied_before_it_was_redone",
    "conflicts/two_types_for_one_column",
    "linearity/rename_against_index",
    "linearity/the_same_column_twice",
    "linearity/a_column_for_a_table_that_goes",
    CLEAN_LINE,
    "linearity/upgrade_twice",
    "linearity/late_arrival_below_an_applied_one",
)
_TOLD = (JOINED, _BRANCHED[1], PLAIN, _ONE_LINE[2])


def _less_reliable(view: View) -> Answer:
    branched = list(view.shown(ALEMBIC, *_BRANCHED))
    straight = list(view.shown(ALEMBIC, *_ONE_LINE))
    wrong, wrong_too = _wrong(branched), _wrong(straight)
    more = len(wrong) * len(straight) - len(wrong_too) * len(branched)
    sentence = (
        f"with alembic {len(wrong)} of {count(len(branched), 'story', 'stories')} of "
        f"histories that branch end badly{_named(wrong)}, and {len(wrong_too)} of "
        f"{len(straight)} of histories kept to one line{_named(wrong_too)}"
    )
    if not (wrong or wrong_too):
        return not_shown(f"these stories do not tell the two apart: {sentence}")
    condition = ""
    if more <= 0:
        weighed = Weighed.REFUTED
    elif len(wrong) * 2 > len(branched):
        weighed = Weighed.SUPPORTED
    else:
        weighed = Weighed.MIXED
        condition = f"the story: most go well, but not {listed(map(title, wrong))}"
    return Answer(
        weighed=weighed,
        sentence=sentence,
        condition=condition,
        cells=cells(branched, straight),
    )


def _named(findings: list[Finding]) -> str:
    return f" ({listed(map(title, findings))})" if findings else ""


def _wrong(findings: list[Finding]) -> list[Finding]:
    """Return the stories that end in a database that is not as expected, or half-way."""
    return [finding for finding in findings if finding.grade is Grade.BAD]


C13 = Claim(
    id="C13",
    sentence="Non-linear histories make unreliable migrations likelier.",
    why="If it is so, a line is worth what keeping it costs.",
    needs=(Need(ALEMBIC, _TOLD),),
    decide=_less_reliable,
)
