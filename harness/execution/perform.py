"""Carrying out one step of a story, and observing what it did."""

from __future__ import annotations

import time
from typing import Any

import msgspec

from harness.contract import Losing, NotCarriedOut, Unsupported
from harness.databases import DatabaseRefused
from harness.databases.oracle import expected
from harness.databases.seeding import create_trigger, insert
from harness.execution.repository import StoryError, authoring, schema_after
from harness.execution.story import Story
from harness.model.evidence import (
    OK,
    Command,
    Fault,
    Merge,
    Observation,
    Outcome,
    OutcomeKind,
)
from harness.model.steps import (
    AgeGuard,
    Author,
    Branch,
    Checkout,
    CompareModels,
    Current,
    Declare,
    Delete,
    Downgrade,
    Edit,
    Expect,
    Furnish,
    GenerateSql,
    Grow,
    Guard,
    Initialise,
    InsertBelow,
    Land,
    Leave,
    ListHeads,
    ListHistory,
    Recipe,
    Redo,
    Reparent,
    RunSql,
    Seed,
    Spoil,
    Stamp,
    Step,
    Upgrade,
    Watch,
)

_CHANGES_DATABASE = Upgrade | Downgrade | Stamp | RunSql
Found = dict[str, Any]


def perform(step: Step, story: Story) -> Observation:
    """Carry out a step and return what was observed.

    A command that fails, a merge that conflicts and a step that the candidate
    cannot express are observations; only what the harness itself got wrong is raised.
    """
    session = story.session
    session.begin(getattr(step, "without", ()))
    git_before, begun = session.git.seconds, time.monotonic()
    outcome, found = _outcome_of(step, story)
    looked = time.monotonic()
    if isinstance(step, _CHANGES_DATABASE):
        found |= _looked_at(step, story)
    ended = time.monotonic()
    return Observation(
        step=step,
        outcome=outcome,
        seconds=ended - begun,
        tool_seconds=sum(command.seconds for command in session.commands),
        git_seconds=session.git.seconds - git_before,
        looking_seconds=ended - looked,
        commands=tuple(session.commands),
        **found,
    )


def _outcome_of(step: Step, story: Story) -> tuple[Outcome, Found]:
    try:
        with story.unconfigured():
            found = _carry_out(step, story)
    except NotCarriedOut as failed:
        return failed.command.outcome, {}
    except Unsupported as refusal:
        words = f"{refusal.reason} ({refusal.reference})"
        words = words if refusal.reference else refusal.reason
        kind, fault = OutcomeKind.UNSUPPORTED, Fault.NOT_EXPRESSIBLE
        return Outcome(kind, fault, words), {}
    except DatabaseRefused as refusal:
        words = str(refusal)
        return Outcome(OutcomeKind.REFUSED, Fault.DATABASE_ERROR, words), {}
    return found.pop("outcome", None) or _worst(story.session.commands), found


def _worst(commands: list[Command]) -> Outcome:
    """Return the outcome of commands that all went through: a warning if any."""
    warned = (c.outcome for c in commands if c.outcome.kind is OutcomeKind.WARNED)
    return next(warned, OK)


def _looked_at(step: Upgrade | Downgrade | Stamp | RunSql, story: Story) -> Found:
    before = story.last_seen(step.database)
    return {
        "database": step.database,
        "before": before,
        "after": story.look(step.database),
    }


def _carry_out(step: Step, story: Story) -> Found:
    """Carry out a step; return the fields of the observation that it fills."""
    match step:
        case Initialise():
            story.history.initialise()
            return {"changes": story.repository.commit("An empty history", ())}
        case Author() | Edit() | Delete() | Reparent() | InsertBelow():
            return _write(step, story)
        case Spoil() | Leave() | Declare():
            return _write(step, story)
        case Branch() | Checkout() | Land() | Redo() | AgeGuard() | Grow():
            return _move_in_git(step, story)
        case Upgrade() | Downgrade() | Stamp() | Current() | CompareModels():
            return _ask_tool_about_database(step, story)
        case ListHistory():
            return {"answer": story.history.names()}
        case ListHeads():
            return {"answer": story.history.heads()}
        case Guard():
            story.history.guard()
            return {}
        case GenerateSql():
            story.sql = None
            story.sql = story.history.generate_sql(story.database("blank"))
            return {"answer": (story.session.neutral(story.sql),)}
        case RunSql() | Seed() | Furnish() | Expect():
            return _act_on_database(step, story)
        case Watch():
            return {}
        case _:
            message = f"a {type(step).__name__} step cannot be performed here"
            raise StoryError(message)


def _write(step: Step, story: Story) -> Found:
    """Change migrations in the work tree, and commit."""
    repository, history = story.repository, story.history
    line = repository.line
    match step:
        case Author(migration):
            writing = authoring(migration, line)
            history.author(
                msgspec.structs.replace(
                    writing,
                    sql_for=step.sql_for,
                    sql_only=step.sql_only,
                    identity_of=step.identity_of,
                )
            )
            line, title = (*line, writing.migration), f"Add {migration.name}"
        case Edit(migration):
            place = _place(line, migration.name)
            writing = authoring(migration, line[:place])
            history.edit(writing)
            line = (*line[:place], writing.migration, *line[place + 1 :])
            title = f"Change {migration.name}"
        case Delete(name):
            history.delete(name)
            line = tuple(m for m in line if m.name != name)
            title = f"Delete {name}"
        case Reparent(name, after):
            history.reparent(name, after)
            title = f"Put {name} behind {after}"
        case Spoil(name, damage):
            history.spoil(name, damage)
            title = f"Change something in {name}"
        case Leave(name, litter):
            history.leave(name, litter)
            title = "Add a file"
        case InsertBelow(migration, below):
            place = _place(line, below)
            writing = authoring(migration, line[:place])
            history.insert_below(writing, below)
            line = (*line[:place], writing.migration, *line[place:])
            title = f"Put {migration.name} below {below}"
        case Declare(after):
            migrations = tuple(repository.migration(name) for name in after)
            history.declare_models(schema_after(migrations))
            title = "Describe the models"
    return {"changes": repository.commit(title, line)}


def _place(line: tuple[Any, ...], name: str) -> int:
    for number, migration in enumerate(line):
        if migration.name == name:
            return number
    message = f"the tree that is checked out has no migration {name!r}"
    raise StoryError(message)


def _move_in_git(step: Step, story: Story) -> Found:
    repository = story.repository
    match step:
        case Branch(name, at):
            repository.branch(name, at)
        case Checkout(ref):
            repository.checkout(ref)
        case Land(branch, into, blindly):
            merge = repository.land(branch, into, blindly=blindly)
            return {"merge": merge, "outcome": _merge_outcome(merge)}
        case Redo():
            return _redo(step, story)
        case AgeGuard(to):
            return _age_guard(to, story)
        case Grow(revisions):
            story.history.grow(revisions)
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
    changes = repository.commit(f"Mend {step.branch}: {step.recipe}", line)
    return {"merge": merge, "changes": changes}


def _authorings(own: tuple[Any, ...], story: Story) -> tuple[Any, ...]:
    """Return the branch's migrations as they are to be written behind the others."""
    names = {migration.name for migration in own}
    standing = tuple(m for m in story.repository.line if m.name not in names)
    return tuple(
        authoring(migration, (*standing, *own[:number]))
        for number, migration in enumerate(own)
    )


def _age_guard(to: str, story: Story) -> Found:
    files = story.history.guard_files()
    if not files:
        message = f"{story.session.candidate.name} has no guard file"
        raise Unsupported(message)
    story.session.git.run("checkout", "--quiet", to, "--", *map(str, files))
    line = story.repository.line
    return {"changes": story.repository.commit("Put the guard back", line)}


def _ask_tool_about_database(step: Step, story: Story) -> Found:
    history, repository = story.history, story.repository
    match step:
        case Upgrade(name, to):
            history.upgrade(story.database(name), to)
            story.state(name).passes(repository.up_to(to))
        case Downgrade(name, to):
            history.downgrade(story.database(name), to)
            line = repository.up_to(to) if to is not None else ()
            story.state(name).passes(line)
        case Stamp(to, name):
            history.stamp(story.database(name), to)
        case Current(name):
            return {"answer": history.current(story.database(name))}
        case CompareModels(name):
            history.compare_models(story.database(name))
    return {}


def _act_on_database(step: Step, story: Story) -> Found:
    """Do what the harness itself does in a database, without any tool."""
    match step:
        case RunSql(name):
            story.state(name)
            if story.sql is None:
                message = "the tool has written no SQL that could be run"
                raise DatabaseRefused(message)
            story.databases.run_script(name, story.sql)
            story.state(name).passes(story.repository.line)
        case Seed(table, rows, name):
            full = story.state(name).seed(table, rows)
            insert(story.databases.url(name), table, full)
            story.look(name)
        case Furnish(trigger, name):
            state = story.state(name)
            state.triggers = (*state.triggers, trigger)
            create_trigger(story.databases.url(name), story.session.backend, trigger)
            story.look(name)
        case Expect():
            return _expect(step, story)
    return {}


def _expect(step: Expect, story: Story) -> Found:
    state = story.state(step.database)
    migrations = tuple(story.repository.migration(name) for name in step.after)
    state.advance(migrations)
    schema = state.schema()
    return {
        "database": step.database,
        "after": story.last_seen(step.database),
        "expected": expected(
            schema,
            state.expected_rows(schema),
            story.session.backend,
            state.standing_triggers(schema),
        ),
    }


def describe(step: Step) -> str:
    """Return a step in a few words, for progress lines and listings."""
    fields = msgspec.structs.asdict(step)
    said = (value for value in fields.values() if isinstance(value, str) and value)
    return " ".join((type(step).__name__, *said))
