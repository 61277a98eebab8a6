"""A group of commands, each read from its module when it is wanted and not before."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import ClassVar

import click
import msgspec


class Entry(msgspec.Struct, frozen=True):
    """A command by the module that defines it, and what the group's help says of it.

    `function` is its name in the module, if that is not the command's.
    """

    summary: str
    module: str
    function: str = ""

    def load(self, name: str) -> click.Command:
        """Return the command; `name` is what it is called by on the command line."""
        function = self.function or name.replace("-", "_")
        found = getattr(import_module(self.module), function)
        if not isinstance(found, click.Command):
            message = f"{self.module}:{function} is no command"
            raise TypeError(message)
        return found


class LazyGroup(click.Group):
    """Commands in titled sections: the help of all loads none of them.

    Statistics, plots and database drivers take longer to import than most commands to run.
    """

    sections: ClassVar[Mapping[str, Mapping[str, Entry]]]

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names in the order of the sections."""
        return [name for entries in self.sections.values() for name in entries]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command, loaded; None if there is none of that name."""
        for entries in self.sections.values():
            if cmd_name in entries:
                return entries[cmd_name].load(cmd_name)
        return None

    def format_commands(
        self, ctx: click.Context, formatter: click.HelpFormatter
    ) -> None:
        """Write each section with the commands' names and summaries."""
        width = max(map(len, self.list_commands(ctx)))
        for title, entries in self.sections.items():
            rows = [(name.ljust(width), one.summary) for name, one in entries.items()]
            with formatter.section(title):
                formatter.write_dl(rows)
