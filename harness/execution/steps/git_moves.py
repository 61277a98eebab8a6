"""Steps that move in git: branches, merges, and mending a branch that lost."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from harness.contract import Losing, Unsupported
from harness.execution.numbered_tests import identities, renew_tests
from harness.execution.repository import authoring
from harness.execution.story import Found, Story
from harness.model.departures import Backport
from harness.model.evidence import OK, Fault, Merge, Outcome, OutcomeKind
from harness.model.moves import CherryPick, Revert, UnionGuard
from harness.model.steps import (
    AgeGuard,
    Branch,
    Checkout,
    Grow,
    GrowWithMerges,
    Land,
    Recipe,
    Redo,
    Step,
)

GitMove = (
    Branch
    | Checkout
    | Land
    | CherryPick
    | Revert
    | Redo
    | Backport
    | UnionGuard
    | AgeGuard
    | Grow
    | GrowWithMerges
)


def move(step: Step, story: Story) -> Found:
    """Move in git, and commit what has to be mended."""
    repository = story.repository
    match step:
        case Branch(name, at):
            repository.branch(name, at)
        case Checkout(ref):
            repository.checkout(ref)
        case Land(branch, into, blindly):
            merge = repository.land(branch, into, blindly=blindly)
            return {"merge": merge, "outcome": _merge_outcome(merge)}
        case CherryPick(branch):
            merge = repository.copy(branch)
            return {"merge": merge, "outcome": _merge_outcome(merge)}
        case Revert(branch):
            merge = repository.revert(branch)
            return {"merge": merge, "outcome": _merge_outcome(merge)}
        case UnionGuard():
            return _union_guard(story)
        case Redo():
            return _redo(step, story)
        case Backport():
            return _backport(step, story)
        case AgeGuard(to):
            return _age_guard(to, story)
        case Grow(revisions):
            story.history.grow(revisions)
            repository.commit(f"Grow to {revisions} revisions", repository.line)
        case GrowWithMerges(revisions):
            story.history.grow_with_merges(revisions)
            repository.commit(f"Grow to {revisions} revisions", repository.line)
    return {}


def _merge_outcome(merge: Merge) -> Outcome:
    if merge.exit_code == 0:
        return OK
    path, kind = next(iter(merge.conflicts.items()))
    words = f"CONFLICT ({kind}) in {path}"
    return Outcome(OutcomeKind.CONFLICT, Fault.TEXT_CONFLICT, words)


def _redo(step: Redo, story: Story) -> Found:
    repository, history = story.repository, story.history
    tip = story.session.git.commit_of(step.branch)
    repository.checkout(step.branch)
    names = tuple(migration.name for migration in repository.line)
    former = identities(history, names)
    merge, own = repository.take_over(step.onto, step.branch)
    losing = Losing(
        migrations=_authorings(own, story),
        tip=tip,
        conflicts=tuple(story.session.repository / path for path in merge.conflicts),
    )
    line = repository.line
    mend = {
        Recipe.REPOSITION: history.reposition,
        Recipe.RECONCILE: history.reconcile,
    }[step.recipe]
    mend(losing)
    lost = {migration.name for migration in own}
    renew_tests(history, {n: i for n, i in former.items() if n in lost})
    changes = repository.commit(f"Mend {step.branch}: {step.recipe}", line)
    return {"merge": merge, "changes": changes}


def _backport(step: Backport, story: Story) -> Found:
    repository, name = story.repository, step.migration
    merge, standing = repository.pick(name, step.onto, keep=step.fitted)
    if not step.fitted:
        return {"merge": merge, "outcome": _merge_outcome(merge)}
    losing = Losing(
        migrations=(authoring(repository.migration(name), standing),),
        tip=repository.added(name),
        conflicts=tuple(story.session.repository / path for path in merge.conflicts),
    )
    story.history.reposition(losing)
    changes = repository.commit(f"Fit {name} into {step.onto}", repository.line)
    return {"merge": merge, "changes": changes}


def _authorings(own: tuple[Any, ...], story: Story) -> tuple[Any, ...]:
    """Return the branch's migrations as they are to be written behind the others."""
    names = {migration.name for migration in own}
    standing = tuple(m for m in story.repository.line if m.name not in names)
    return tuple(
        authoring(migration, (*standing, *own[:number]))
        for number, migration in enumerate(own)
    )


def _union_guard(story: Story) -> Found:
    repository = story.session.repository
    rules = [f"/{file} merge=union\n" for file in _guard_files(story)]
    (repository / ".gitattributes").write_text("".join(rules))
    line = story.repository.line
    return {"changes": story.repository.commit("Keep both sides of the guard", line)}


def _guard_files(story: Story) -> tuple[Path, ...]:
    files = story.history.guard_files()
    if not files:
        message = f"{story.session.candidate.name} has no guard file"
        raise Unsupported(message)
    return files


def _age_guard(to: str, story: Story) -> Found:
    files = _guard_files(story)
    story.session.git.run("checkout", "--quiet", to, "--", *map(str, files))
    line = story.repository.line
    return {"changes": story.repository.commit("Put the guard back", line)}
