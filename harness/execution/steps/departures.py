"""Steps that depart from the clean line, on purpose or by mishap."""

from __future__ import annotations

from harness.execution.repository import authoring
from harness.execution.story import Found, Story
from harness.model.departures import (
    AuthorOnLine,
    BranchOff,
    Depend,
    Meddle,
    NumberByTime,
    OwnBooks,
    Reidentify,
    Rename,
)
from harness.model.steps import Step

Departure = (
    BranchOff
    | AuthorOnLine
    | OwnBooks
    | Rename
    | Reidentify
    | Depend
    | NumberByTime
    | Meddle
)


def depart(step: Step, story: Story) -> Found:
    """Depart from the line: in the tree, as a commit, or in a database."""
    repository, history = story.repository, story.history
    line = repository.line
    match step:
        case BranchOff(migration, after):
            writing = authoring(migration, line)
            history.branch_off(writing, after, insisting=step.insisting)
            line, title = (*line, writing.migration), f"Add {migration.name} aside"
        case AuthorOnLine(migration, own, needs):
            writing = authoring(migration, line)
            history.author_on_line(writing, own, needs)
            line, title = (*line, writing.migration), f"Add {migration.name} to {own}"
        case OwnBooks():
            history.own_books()
            title = "Keep books of our own"
        case Rename(name, naming):
            history.rename(name, naming)
            title = f"Rename the file of {name}"
        case Reidentify(name):
            history.reidentify(name)
            title = f"Give {name} another identity"
        case Depend(name, on):
            history.depend(name, on)
            title = f"Have {name} require {on}"
        case NumberByTime():
            history.number_by_time()
            title = "Number by time"
        case Meddle(newest, name):
            statements = history.meddling(newest)
            story.state(name)
            story.databases.run_script(name, statements)
            return {"answer": (statements,)}
        case _:
            return {}
    return {"changes": repository.commit(title, line)}
