"""The line between a tool and a database server: counted on, and made longer."""

from harness.wire.counts import Counts
from harness.wire.place import Place, WireError, place_of, rerouted
from harness.wire.proxy import Wire, wired

__all__ = ["Counts", "Place", "Wire", "WireError", "place_of", "rerouted", "wired"]
