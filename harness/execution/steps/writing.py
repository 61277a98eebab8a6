"""Steps that write: migrations, scripts and models in the work tree, each a commit."""

from __future__ import annotations

from typing import Any

import msgspec

from harness.contract import Database
from harness.execution.numbered_tests import write_test
from harness.execution.repository import StoryError, authoring, schema_after
from harness.execution.story import Found, Story
from harness.model.operations import apply_all
from harness.model.steps import (
    Author,
    ConnectAlways,
    Declare,
    Delete,
    Edit,
    Initialise,
    InsertBelow,
    Leave,
    Propose,
    Reparent,
    Spoil,
    Step,
    WriteByHand,
)

Writing = (
    Initialise
    | Author
    | Edit
    | Delete
    | Reparent
    | InsertBelow
    | Spoil
    | Leave
    | Declare
    | WriteByHand
    | ConnectAlways
    | Propose
)


def write(step: Step, story: Story) -> Found:
    """Change migrations in the work tree, and commit."""
    if isinstance(step, WriteByHand | ConnectAlways | Propose):
        return _provide(step, story)
    repository, history = story.repository, story.history
    line = repository.line
    match step:
        case Initialise():
            history.initialise()
            title = "An empty history"
        case Author(migration):
            writing = authoring(migration, line)
            history.author(
                msgspec.structs.replace(
                    writing,
                    sql_for=step.sql_for,
                    sql_only=step.sql_only,
                    identity_of=step.identity_of,
                    identity=step.identity,
                    label=step.label,
                )
            )
            if step.testing is not None:
                write_test(history, migration.name, step.testing)
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
        case Declare(after, besides):
            migrations = tuple(repository.migration(name) for name in after)
            history.declare_models(apply_all(besides, schema_after(migrations)))
            title = "Describe the models"
    return {"changes": repository.commit(title, line)}


def _place(line: tuple[Any, ...], name: str) -> int:
    for number, migration in enumerate(line):
        if migration.name == name:
            return number
    message = f"the tree that is checked out has no migration {name!r}"
    raise StoryError(message)


def _provide(step: WriteByHand | ConnectAlways | Propose, story: Story) -> Found:
    """Write what no command of the tool writes, or what only the tool knows."""
    repository, history, line = story.repository, story.history, story.repository.line
    answer: tuple[str, ...] | None = None
    match step:
        case WriteByHand(migration):
            written = authoring(migration, line)
            answer = history.write_by_hand(written)
            line, title = (*line, written.migration), f"Add {migration.name}"
        case ConnectAlways():
            away = Database(
                "app", story.databases.unreachable_url("app"), story.session.backend
            )
            history.connect_always(story.database("app"), away)
            title = "Load the environment always"
        case Propose(name, database):
            answer = history.propose(name, story.database(database))
            title = f"Add {name} as proposed"
    return {"changes": repository.commit(title, line), "answer": answer}
