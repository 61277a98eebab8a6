"""Pieces that stand in a migration's script whatever the tool.

Some read what a deployment sets in the environment of the tool's command.
"""

from __future__ import annotations

import re

MEETING_PLACE = "MEETING_PLACE"
"""A directory in which processes that run at once leave a file each."""
ACTIVE_PLUGINS = "ACTIVE_PLUGINS"
"""The plugins that a deployment has switched on, with commas between them."""

_MEETING = """\
import os
import time
place = os.environ.get("{place}")
if place:
    open(os.path.join(place, str(os.getpid())), "w").close()
    patience = time.time() + {patience}
    while len(os.listdir(place)) < {processes} and time.time() < patience:
        time.sleep(0.01)
"""
_CONDITION = """\
import os
active = os.environ.get("{active}", "").split(",")
if not set({plugins}).intersection(active):
    return
"""


def meeting_source(processes: int, patience: float) -> list[str]:
    """Return lines that wait for so many processes, or so many seconds."""
    source = _MEETING.format(
        place=MEETING_PLACE, processes=processes, patience=patience
    )
    return source.splitlines()


def condition_source(plugins: tuple[str, ...]) -> list[str]:
    """Return lines that leave the function unless one of the plugins is switched on."""
    listed = ", ".join(f'"{plugin}"' for plugin in plugins)
    source = _CONDITION.format(active=ACTIVE_PLUGINS, plugins=f"[{listed}]")
    return source.splitlines()


def without_parameters(sql: str) -> str:
    """Return SQL in which SQLAlchemy takes no colon for the beginning of a parameter."""
    return re.sub(r"(?<=\\):|(?<![:\w]):(?=\w)", r"\\:", sql)
