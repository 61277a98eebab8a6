"""Real histories, played step by step under their own tools."""
