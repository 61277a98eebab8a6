"""C5, C6, C8 and C13: histories that are to be a line, and histories that are not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import msgspec

from claims.stories import (
    ALEMBIC,
    BY_HAND,
    CLEAN_LINE,
    JOINED,
    LINEAR,
    MIGRATE,
    PLAIN,
    share,
)
from harness.claims import Answer, Claim, Need, View, Weighed, not_shown
from harness.claims.fates import (
    Fate,
    cells,
    faulty,
    stopped_before_the_tool,
    title,
)
from harness.judgement.wording import count, listed
from harness.model.cell import Cell
from harness.model.verdict import Finding, Grade

_FAMILY = "linearity/*"
# The tree itself is not one line, or changed below where a database stands.
_NO_LINE = tuple(
    f"linearity/{name}"
    for name in (
        "two_lines_landed",
        "two_beginnings",
        "duplicate_identity",
        "missing_in_the_middle",
        "deleted_after_applying",
        "late_arrival_below_an_applied_one",
    )
)
_REJECTED = Fate.REJECTED


def _counts(fates: Iterable[Fate]) -> str:
    """Return how many stories came to each fate, best first."""
    counted = Counter(fates)
    return listed(f"{counted[fate]} {fate}" for fate in Fate if counted[fate])


def _left_out(view: View, candidate: str) -> str:
    grades = Counter(f.grade for f in view.unshown(candidate, _FAMILY))
    said = [
        f"{grades[grade]} {words}"
        for grade, words in (
            (Grade.UNSUPPORTED, "cannot be expressed and count neither way"),
            (Grade.UNKNOWN, "not established"),
        )
        if grades[grade]
    ]
    return f" ({'; '.join(said)})" if said else ""


def _by_itself(view: View) -> Answer:
    fates = faulty(view.shown(MIGRATE, _FAMILY))
    line = {f: fate for f, fate in fates.items() if f.cell.scenario in _NO_LINE}
    rejected, of_line = _rejected(fates), _rejected(line)
    weighed = share(len(rejected), len(fates))
    rest = len(fates) - len(line)
    return Answer(
        weighed=weighed,
        sentence=f"of {count(len(fates), 'fault')}, {_counts(fates.values())}"
        f"{_left_out(view, MIGRATE)}; of the {len(line)} in which the tree itself is no "
        f"line, {_counts(line.values())}",
        condition=f"what is wrong: {len(of_line)} of {len(line)} are rejected where the "
        f"tree is no line{_except(line)}, {len(rejected) - len(of_line)} of {rest} where "
        "names, scripts, books or databases are wrong"
        if weighed is Weighed.MIXED
        else "",
        cells=cells(fates, [view.finding(MIGRATE, CLEAN_LINE)]),
    )


def _rejected(fates: dict[Finding, Fate]) -> list[Finding]:
    return [finding for finding, fate in fates.items() if fate is _REJECTED]


def _except(fates: dict[Finding, Fate]) -> str:
    others = [title(f) for f, fate in fates.items() if fate is not _REJECTED]
    return f" (not: {listed(others)})" if others else ""


class _Layer(msgspec.Struct, frozen=True):
    """The stories of linearity told by a candidate alone, and by one with a check."""

    alone: dict[str, tuple[Finding, Fate]]
    guarded: dict[str, tuple[Finding, Fate]]

    @property
    def both(self) -> list[str]:
        return [story for story in self.alone if story in self.guarded]

    @property
    def gaps(self) -> list[str]:
        """The faults that the tool alone does not reject."""
        return [s for s in self.both if self.alone[s][1] is not _REJECTED]

    @property
    def stopped(self) -> list[str]:
        """The faults that git or the check stops."""
        return [s for s in self.both if stopped_before_the_tool(self.guarded[s][0])]

    @property
    def earlier(self) -> list[str]:
        """Those of them that would come as far as the tool without the check."""
        return [
            s for s in self.stopped if not stopped_before_the_tool(self.alone[s][0])
        ]

    @property
    def through(self) -> list[str]:
        """The faults that neither the check nor the tool rejects."""
        rest = [s for s in self.both if s not in self.stopped]
        return [s for s in rest if self.guarded[s][1] is not _REJECTED]


def _further_layer(view: View) -> Answer:
    layer = _Layer(
        _by_story(faulty(view.shown(ALEMBIC, _FAMILY))),
        _by_story(faulty(view.shown(LINEAR, _FAMILY))),
    )
    branching = view.shown(ALEMBIC, JOINED)
    branches = any(finding.grade is not Grade.BAD for finding in branching)
    no_line = [s for s in layer.both if s in _NO_LINE]
    rejected = [s for s in no_line if s not in layer.gaps]
    parts = {
        "alembic by itself gets on with a history that branches, or does not reject all "
        "in which the tree is no line": branches or len(rejected) < len(no_line),
        "the check stops some before alembic would": bool(layer.earlier),
        "some get past both": bool(layer.through),
    }
    return Answer(
        weighed=_all_of(parts),
        sentence=f"alembic by itself {_joining(view)}, and rejects "
        f"{len(rejected)} of {count(len(no_line), 'fault')} in which the tree is no line "
        f"before any change; of {len(layer.both)} faults of all kinds, "
        f"{_counts(fate for _, fate in (layer.alone[s] for s in layer.both))}; "
        "under the linear policy git or the check stops "
        f"{len(layer.stopped)} of them ({len(layer.earlier)} before alembic itself "
        f"would), and {len(layer.through)} get past both",
        condition=_which_hold(parts),
        cells=cells(
            [layer.alone[s][0] for s in layer.both],
            [layer.guarded[s][0] for s in layer.both],
            branching,
            [view.finding(name, CLEAN_LINE) for name in (ALEMBIC, LINEAR)],
        ),
    )


def _joining(view: View) -> str:
    """Say what becomes of a history that branches and is joined again."""
    for finding in view.shown(ALEMBIC, JOINED):
        does = "gets on" if finding.grade is not Grade.BAD else "does not get on"
        return f"{does} with a history that branches and is joined by a merge revision"
    return "cannot join a history that branches"


def _by_story(fates: dict[Finding, Fate]) -> dict[str, tuple[Finding, Fate]]:
    return {f.cell.scenario: (f, fate) for f, fate in fates.items()}


def _all_of(parts: dict[str, bool]) -> Weighed:
    """Weigh a claim with several parts; where its first part fails, it is refuted."""
    if not next(iter(parts.values())):
        return Weighed.REFUTED
    return Weighed.SUPPORTED if all(parts.values()) else Weighed.MIXED


def _which_hold(parts: dict[str, bool]) -> str:
    """Say which parts of a claim hold; nothing where the answer is not mixed."""
    if _all_of(parts) is not Weighed.MIXED:
        return ""
    holds = [part for part, true in parts.items() if true]
    fails = [part for part, true in parts.items() if not true]
    return (
        f"which part is meant: it holds that {listed(holds)}; not that {listed(fails)}"
    )


_LISTED_FAULTS = _NO_LINE[:4]
_STRAIGHT = ("changes/*", CLEAN_LINE)


class _Listing(msgspec.Struct, frozen=True):
    """What the names of a candidate's files tell, sorted as a directory shows them.

    `ordered` of `clean` histories are in their own order; `seen` of `faults` show as a
    number that is there twice or is left out.
    """

    ordered: int
    clean: int
    seen: int
    faults: int
    cells: tuple[Cell, ...]

    @property
    def tells_all(self) -> bool:
        return (self.ordered, self.seen) == (self.clean, self.faults)

    @property
    def words(self) -> str:
        return (
            f"{self.ordered} of {count(self.clean, 'clean history', 'clean histories')} "
            f"stand in their order and {self.seen} of {count(self.faults, 'fault')} can "
            "be seen"
        )


def _listing(view: View, candidate: str, other: str) -> _Listing:
    """Look at histories of two or more migrations that both candidates have written."""
    written = {f.cell.scenario for f in view.shown(other, *_STRAIGHT) if f.files[1:]}
    straight = view.shown(candidate, *_STRAIGHT)
    clean = [f for f in straight if f.files[1:] and f.cell.scenario in written]
    faults = [view.finding(candidate, story) for story in _LISTED_FAULTS]
    return _Listing(
        ordered=sum(sorted(f.files) == list(f.files) for f in clean),
        clean=len(clean),
        seen=sum(_shows_a_fault(f.files) for f in faults),
        faults=len(faults),
        cells=cells(clean, faults, [view.finding(candidate, CLEAN_LINE)]),
    )


def _shows_a_fault(files: tuple[str, ...]) -> bool:
    """Tell whether files begin with numbers, and one is there twice or left out."""
    numbers = [name.partition("_")[0] for name in files]
    if not all(number.isdecimal() for number in numbers):
        return False
    return sorted(map(int, numbers)) != list(range(1, len(numbers) + 1))


def _looked_up(by_hand: Finding) -> str:
    """Return what somebody had to look up who wrote a file by hand."""
    said = by_hand.headline
    return said.partition("to be looked up: ")[2] or said


def _needs_a_tool(view: View) -> Answer:
    ours, theirs = _listing(view, ALEMBIC, MIGRATE), _listing(view, MIGRATE, ALEMBIC)
    by_hand = [view.finding(name, BY_HAND) for name in (ALEMBIC, MIGRATE)]
    condition = ""
    if ours.tells_all:
        weighed = Weighed.REFUTED
    elif theirs.tells_all:
        weighed = Weighed.SUPPORTED
    else:
        weighed = Weighed.MIXED
        condition = (
            "which half is meant: alembic's files do not tell, but numbered files do not "
            "tell all either"
        )
    return Answer(
        weighed=weighed,
        sentence="in a plain directory listing, with the names that alembic gives by "
        f"itself, {ours.words}; with numbered files, {theirs.words}; whoever "
        f"writes the next one by hand looks up, with alembic, {_looked_up(by_hand[0])}, "
        f"and with sqlalchemy-migrate {_looked_up(by_hand[1])}",
        condition=condition,
        cells=(*ours.cells, *theirs.cells, *cells(by_hand)),
    )


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
)
# Databases that went through a history kept to one line, whatever that took.
_ONE_LINE = (
    PLAIN,
    "conflicts/two_patches_race_in_the_other_order",
    "conflicts/five_patches_meet_and_are_mended_one_by_one",
    "conflicts/a_stack_of_three_patches_loses",
    "conflicts/the_loser_was_applied_before_it_was_redone",
    "conflicts/two_types_for_one_column",
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


C5 = Claim(
    id="C5",
    sentence="sqlalchemy-migrate enforces linearity by itself.",
    why="A rule that the tool keeps needs no review and no further check.",
    needs=(Need(MIGRATE, (*_NO_LINE, CLEAN_LINE)),),
    decide=_by_itself,
)
C6 = Claim(
    id="C6",
    sentence="alembic allows linear histories and does not enforce them; staying linear "
    "needs a further layer of checking, where errors slip through.",
    why="Every layer has to be written, run, and believed.",
    needs=(
        Need(ALEMBIC, (*_NO_LINE, CLEAN_LINE)),
        Need(LINEAR, (*_NO_LINE, CLEAN_LINE)),
    ),
    decide=_further_layer,
)
C8 = Claim(
    id="C8",
    sentence="Checking that an alembic history is linear needs a tool, because it is too "
    "hard to read off the files; with numbered files it can be seen.",
    why="A reviewer has a list of files, and often nothing else.",
    needs=(
        Need(ALEMBIC, (*_LISTED_FAULTS, CLEAN_LINE, BY_HAND)),
        Need(MIGRATE, (*_LISTED_FAULTS, CLEAN_LINE, BY_HAND)),
    ),
    backends=("sqlite",),
    decide=_needs_a_tool,
)
C13 = Claim(
    id="C13",
    sentence="Non-linear histories make unreliable migrations likelier.",
    why="If it is so, a line is worth what keeping it costs.",
    needs=(Need(ALEMBIC, _TOLD),),
    decide=_less_reliable,
)
