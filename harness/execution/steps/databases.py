"""Steps on databases that the harness carries out itself, without any tool."""

from __future__ import annotations

from harness.databases import DatabaseRefused
from harness.databases.filling import fill
from harness.databases.oracle import expected
from harness.databases.seeding import create_trigger, insert
from harness.execution.allowances import allow_checked_booleans
from harness.execution.repository import schema_after
from harness.execution.story import Found, Story
from harness.model.departures import SwitchOn
from harness.model.schema import Schema
from harness.model.snapshot import Snapshot
from harness.model.steps import (
    EnforceKeys,
    Examine,
    Expect,
    Fill,
    Furnish,
    RunSql,
    Seed,
    Step,
)

DoneByTheHarness = (
    RunSql | Seed | Fill | Furnish | SwitchOn | Expect | Examine | EnforceKeys
)


def act(step: Step, story: Story) -> Found:
    """Do what the harness itself does in a database, without any tool."""
    match step:
        case RunSql(name):
            story.state(name)
            if story.sql is None:
                message = "the tool has written no SQL that could be run"
                raise DatabaseRefused(message)
            story.databases.run_script(name, story.sql)
            story.state(name).passes(story.sql_leads_to)
        case Seed(table, rows, name):
            full = story.state(name).seed(table, rows)
            insert(story.databases.url(name), table, full)
            story.look(name)
        case Fill(table, rows, name):
            schema = schema_after(story.repository.line)
            fill(story.databases.url(name), schema.table(table), rows)
        case Furnish(trigger, name):
            state = story.state(name)
            state.triggers = (*state.triggers, trigger)
            create_trigger(story.databases.url(name), story.session.backend, trigger)
            story.look(name)
        case SwitchOn(plugin, name):
            state = story.state(name)
            state.plugins = (*state.plugins, plugin)
        case EnforceKeys():
            story.keys_enforced = True
        case Expect():
            return _expect(step, story)
        case Examine():
            return _examine(step, story)
    return {}


def _expect(step: Expect, story: Story) -> Found:
    state = story.state(step.database)
    migrations = tuple(story.repository.migration(name) for name in step.after)
    state.advance(migrations)
    schema = state.schema()
    found = story.last_seen(step.database)
    wanted = expected(
        schema,
        state.expected_rows(schema),
        story.session.backend,
        state.standing_triggers(schema),
    )
    wanted = _allow(wanted, found, schema, story)
    return {"database": step.database, "after": found, "expected": wanted}


def _examine(step: Examine, story: Story) -> Found:
    state = story.state(step.database)
    state.advance(tuple(story.repository.migration(name) for name in step.since))
    operations = story.repository.migration(step.migration).upgrade
    found = story.last_seen(step.database)
    stages: list[Snapshot] = []
    for number in range(len(operations) + 1):
        schema, rows = state.after(operations[:number])
        backend, triggers = story.session.backend, state.standing_triggers(schema)
        stage = expected(schema, rows, backend, triggers)
        stage = _allow(stage, found, schema, story)
        if stage not in stages:
            stages.append(stage)
    return {
        "database": step.database,
        "after": found,
        "stages": tuple(stages),
    }


def _allow(wanted: Snapshot, found: Snapshot, schema: Schema, story: Story) -> Snapshot:
    """Return what is wanted, with what the toolchain does to every schema by itself."""
    if story.history.checks_booleans:
        return allow_checked_booleans(wanted, found, schema)
    return wanted
