"""What every operation can do."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from harness.model.schema import Schema

if TYPE_CHECKING:
    from harness.model.operations import Operation

Scalar = str | int | float | bool | None


class Change(msgspec.Struct, frozen=True, omit_defaults=True, tag_field="operation"):
    """What every operation can do; `reverse` sees the schema before the change."""

    def apply(self, schema: Schema) -> Schema:
        """Return the schema after this change."""
        raise NotImplementedError

    def reverse(self, before: Schema) -> tuple[Operation, ...]:
        """Return the operations that undo this change."""
        raise NotImplementedError
