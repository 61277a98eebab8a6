"""C3 and C4: the versions manifest that was proposed for sqlalchemy-migrate."""

from __future__ import annotations

from claims.stories import (
    CLEAN_LINE,
    MANIFEST,
    MIGRATE,
    PLAIN,
    REDONE,
    costs,
    costs_said,
    share,
    unmended,
)
from harness.claims import Answer, Claim, Need, View, Weighed, not_shown
from harness.claims.claim import RUN_RECORD
from harness.claims.fates import cells, one_line, title
from harness.judgement.wording import count, listed
from harness.model.run import StartupRecord
from harness.model.verdict import Finding, Grade, Stage

_FALSE_ALARMS = (
    "conflicts/a_copy_of_a_landed_patch_comes_back",
    "conflicts/a_migration_is_withdrawn_before_it_lands",
)
_WEIGHED = (PLAIN, CLEAN_LINE, *_FALSE_ALARMS)
_BOTH_TELL = ("conflicts/*", "linearity/*")
_RANKS = (Grade.GOOD, Grade.MIXED, Grade.BAD)
# What "very simple" is taken to mean; the sentence says so.
_SIMPLE = 100


def _one_line_each(view: View) -> Answer:
    missing = unmended(view, MANIFEST, REDONE)
    if missing:
        return not_shown(missing)
    findings = [view.finding(MANIFEST, story) for story in REDONE]
    found = costs(view, MANIFEST, REDONE)
    single = [kind for kind, cost in found.items() if one_line(cost)]
    more = [kind for kind in found if kind not in single]
    by_git = [f for f in findings if f.watched and f.watched[0].stage is Stage.MERGE]
    weighed = share(len(single), len(found))
    worse, better, both = _against_numbers(view)
    return Answer(
        weighed=weighed,
        sentence=f"redoing a loser took, for {costs_said(found)}; git stopped the merge "
        f"in {len(by_git)} of {len(findings)}; of "
        f"{count(len(both), 'story', 'stories')} of conflicts and linearity "
        f"{_ending(worse, 'worse')} than with numbers and {_ending(better, 'better')}",
        condition=f"what the patch consists of: one line for {listed(single)}; more for "
        f"{listed(more)}"
        if weighed is Weighed.MIXED
        else "",
        cells=cells(findings, both),
    )


def _ending(findings: list[Finding], how: str) -> str:
    verb = "ends" if len(findings) == 1 else "end"
    names = f" ({listed(map(title, findings))})" if findings else ""
    return f"{len(findings) or 'none'} {verb} {how}{names}"


def _against_numbers(
    view: View,
) -> tuple[list[Finding], list[Finding], list[Finding]]:
    """Return the stories that end worse with the manifest, better, and all told twice."""
    there = {f.cell.scenario: f for f in view.shown(MIGRATE, *_BOTH_TELL)}
    both = [f for f in view.shown(MANIFEST, *_BOTH_TELL) if f.cell.scenario in there]
    steps = {
        f: _RANKS.index(f.grade) - _RANKS.index(there[f.cell.scenario].grade)
        for f in both
    }
    worse = [finding for finding, step in steps.items() if step > 0]
    better = [finding for finding, step in steps.items() if step < 0]
    return worse, better, both


def _simple_patch(view: View) -> Answer:
    patch = _patch(view)
    if not patch:
        return not_shown("the run does not record how large the patch is")
    lines = sum(record.lines for record in patch)
    worse, _, both = _against_numbers(view)
    short = lines <= _SIMPLE and len(patch) == 1
    weighed = share(sum((short, not worse)), 2)
    return Answer(
        weighed=weighed,
        sentence=f"the patch is {count(lines, 'line')} of code in "
        f"{count(len(patch), 'file')} (at most {_SIMPLE} in one file count as simple "
        f"here), and of {count(len(both), 'story', 'stories')} of conflicts and "
        f"linearity {_ending(worse, 'worse')} with it than without",
        condition=f"what counts: the size is {'' if short else 'not '}simple, and "
        f"{'something' if worse else 'nothing'} gets worse with it"
        if weighed is Weighed.MIXED
        else "",
        cells=cells(
            both,
            (view.finding(n, s) for n in (MANIFEST, MIGRATE) for s in _WEIGHED),
        ),
        records=(RUN_RECORD,),
    )


def _patch(view: View) -> tuple[StartupRecord, ...]:
    """Return the files that the candidate with the manifest alone is started with."""
    known = {r.sha256 for r in view.run.startups if r.candidate == MIGRATE}
    own = {
        r.sha256: r
        for r in view.run.startups
        if r.candidate == MANIFEST and r.sha256 not in known
    }
    return tuple(own.values())


C3 = Claim(
    id="C3",
    sentence="A versions manifest (`versions.json`) turns that into a one-line change in "
    "one file.",
    why="It was the alternative to changing the tool.",
    needs=(Need(MANIFEST, REDONE),),
    backends=("sqlite",),
    decide=_one_line_each,
)
C4 = Claim(
    id="C4",
    sentence="The manifest is a very simple change to sqlalchemy-migrate.",
    why="A simple change could have been made at once, and carried along.",
    needs=(Need(MANIFEST, _WEIGHED), Need(MIGRATE, _WEIGHED)),
    backends=("sqlite",),
    decide=_simple_patch,
)
