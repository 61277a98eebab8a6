"""Releases of a tool in one surroundings after another: what works, and since when."""
