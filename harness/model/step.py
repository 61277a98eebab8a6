"""What steps are made of: their base, and a migration as stories speak of it."""

from __future__ import annotations

import msgspec

from harness.model.operations import Operation


class Migration(msgspec.Struct, frozen=True, omit_defaults=True):
    """One migration by name; `downgrade` is worked out from `upgrade` if not given.

    `name` is lower case with underscores: it becomes part of file names. `only_for`
    names plugins: where none of them is switched on, the script does nothing. `plain`,
    it is written without what a careful author does around a call that may fail.
    """

    name: str
    upgrade: tuple[Operation, ...] = ()
    downgrade: tuple[Operation, ...] | None = None
    only_for: tuple[str, ...] = ()
    plain: bool = False


class StepBase(msgspec.Struct, frozen=True, omit_defaults=True, tag_field="step"):
    """What steps have in common: the field that names them in evidence."""
