"""What a story asks to be done to the tool's process, in the driver's words."""

from __future__ import annotations

from harness.databases import backend_named
from harness.execution.story import Story
from harness.model.steps import Moment, Resource, Step

_KILL_AT = {
    Moment.COPY_EMPTY: "fill",
    Moment.COPY_FILLED: "drop",
    Moment.OLD_TABLE_GONE: "dropped",
}


def hooks_of(step: Step, story: Story) -> dict[str, str]:
    """Return the hooks for the commands of a step; see `Request.hooks`."""
    hooks = {}
    moment = getattr(step, "killed", None)
    if moment is Moment.SERVER_AT_WORK:
        driver = backend_named(story.session.backend).drivers[0]
        hooks["kill_waiting"] = f"{driver},{getattr(step, 'copied', None)}"
    elif moment is not None:
        hooks["kill_at"] = _KILL_AT[moment]
    if story.keys_enforced:
        hooks["enforce"] = "keys"
    if Resource.DRIVER in getattr(step, "without", ()):
        backend = backend_named(story.session.backend)
        hooks["missing"] = ",".join(backend.drivers)
    return hooks
