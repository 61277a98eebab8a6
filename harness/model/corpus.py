"""The catalogue of real histories."""

from __future__ import annotations

import msgspec


class Entry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A real history: what is installed for it, where it lies, how it is driven.

    `place` is PACKAGE:FOLDER, `versions` are folders of scripts in it. `steps` is how
    many there are. It goes through to its end on `backends`; the first is where it is
    played if nothing is said. `before` is Python that is run with an `engine` first.
    `stop_at` is the last step to play, where `steps` are not all of them.
    `same_end` is a history that is to come to the same schema.
    """

    name: str
    tool: str
    requirements: tuple[str, ...]
    place: str
    steps: int
    backends: tuple[str, ...]
    until: str = ""
    interpreter: str = "3.11"
    versions: tuple[str, ...] = ()
    own_environment: bool = False
    environ: dict[str, str] = {}
    before: str = ""
    stop_at: str = ""
    same_end: str = ""
    note: str = ""


class Catalogue(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All histories, in the order of the file."""

    histories: tuple[Entry, ...]
