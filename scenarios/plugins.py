"""One history, and different schemas: what a migration does depends on the deployment."""

from __future__ import annotations

from harness.model.departures import SwitchOn
from harness.model.operations import CreateTable
from harness.model.schema import Column, String, Table
from harness.model.steps import (
    Author,
    Current,
    Downgrade,
    Expect,
    Migration,
    Step,
    Upgrade,
    Watch,
)
from scenarios.world import CREATE_USERS, ID, add_text_column, fault

_PORTS = CreateTable(Table("ports", (ID, Column("mac", String(32)))))
_FOR_PORTS = Migration("create_ports", (_PORTS,), only_for=("ports",))
_LINE: tuple[Step, ...] = (
    Author(CREATE_USERS),
    Author(_FOR_PORTS),
    Author(add_text_column("email")),
)
_ALL = ("create_users", "create_ports", "add_email")
_SOME = ("create_users", "add_email")
_NEUTRON = "Neutron 2013, migration_for_plugins"

TWO_DEPLOYMENTS = fault(
    "a_migration_for_some_deployments",
    "A migration asks whether its plugin is switched on: do deployments with and without "
    "it each get their schema, and both stand at the end of one history?",
    "One application is deployed in many ways, and nobody wants tables that are not used.",
    (
        *_LINE,
        SwitchOn("ports", "with_it"),
        Watch("nothing is wrong: a migration is for some deployments only"),
        Upgrade("with_it"),
        Expect(_ALL, "with_it"),
        Current("with_it"),
        Upgrade("without"),
        Expect(_SOME, "without"),
        Current("without"),
    ),
    _NEUTRON,
)
SWITCHED_ON_LATER = fault(
    "a_plugin_switched_on_later",
    "A plugin is switched on after the deployment has passed its migration: does its table "
    "ever appear?",
    "Neutron had to heal every deployment's schema, and gave conditional migrations up.",
    (
        *_LINE,
        Upgrade(),
        Expect(_SOME),
        SwitchOn("ports", "app"),
        Watch("a plugin is switched on after its migration was passed"),
        Upgrade(),
        Expect(_ALL),
        Current(),
    ),
    _NEUTRON,
)
BACK_AND_FORTH = fault(
    "a_plugin_switched_on_later_and_gone_back_for",
    "Going back below the migration and up again brings the table: does going back work "
    "where it had never run?",
    "It is the obvious advice to somebody whose table is missing.",
    (
        *_LINE,
        Upgrade(),
        SwitchOn("ports", "app"),
        Watch("a migration is undone that had never been done"),
        Downgrade(to="create_users"),
        Upgrade(),
        Expect(_ALL),
    ),
    _NEUTRON,
)
