"""Claims: the engine, and that every claim can be turned."""
