"""Steps that have the tool do or tell something, in a database or of the history."""

from __future__ import annotations

from harness.execution.story import Found, Story
from harness.model.steps import (
    CompareModels,
    Current,
    Downgrade,
    GenerateSql,
    Guard,
    ListHeads,
    ListHistory,
    ShowScripts,
    Stamp,
    Start,
    Step,
    Upgrade,
)

AskingTheTool = (
    Upgrade
    | Downgrade
    | Stamp
    | Current
    | CompareModels
    | ListHistory
    | ListHeads
    | Guard
    | GenerateSql
    | ShowScripts
    | Start
)


def ask(step: Step, story: Story) -> Found:
    """Have the tool do it; return its answer, if it gives one."""
    history, repository = story.history, story.repository
    match step:
        case Upgrade():
            _upgrade(step, story)
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
        case ListHistory():
            return {"answer": history.names()}
        case ListHeads():
            return {"answer": history.heads()}
        case Guard():
            history.guard()
        case Start():
            history.start()
        case GenerateSql():
            return _generate_sql(step, story)
        case ShowScripts(name):
            shown = history.show_scripts(story.database(name))
            return {"answer": (story.session.neutral(shown),)}
    return {}


def _upgrade(step: Upgrade, story: Story) -> None:
    history, database = story.history, story.database(step.database)
    if step.unprepared:
        history.upgrade_unprepared(database)
    elif step.as_new:
        history.upgrade_as_new(database)
    else:
        history.upgrade(database, step.to)
    story.state(step.database).passes(story.repository.up_to(step.to))


def _generate_sql(step: GenerateSql, story: Story) -> Found:
    """Keep the SQL for a step that runs it, with what it then leads to."""
    story.sql = None
    line = story.repository.line if step.to is None else story.repository.up_to(step.to)
    name = "blank" if step.start is None else f"blank_{step.start}"[:30]
    sql = story.history.generate_sql(
        story.database(name), start=step.start, to=step.to, down=step.down
    )
    story.sql = sql
    story.sql_leads_to = () if step.down and step.to is None else line
    return {"answer": (story.session.neutral(sql),)}
