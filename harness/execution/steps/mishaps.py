"""Steps that put a tree or a database out of order, as people do."""

from __future__ import annotations

from harness.execution.repository import authoring
from harness.execution.story import Found, Story
from harness.model.steps import (
    BranchOff,
    Depend,
    Meddle,
    NumberByTime,
    Reidentify,
    Rename,
    Step,
)

Mishap = BranchOff | Rename | Reidentify | Depend | NumberByTime | Meddle


def befall(step: Step, story: Story) -> Found:
    """Put something out of order: in the tree, as a commit, or in a database."""
    repository, history = story.repository, story.history
    line = repository.line
    match step:
        case BranchOff(migration, after):
            writing = authoring(migration, line)
            history.branch_off(writing, after, insisting=step.insisting)
            line, title = (*line, writing.migration), f"Add {migration.name} aside"
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
