"""A real history, carried over to another tool, and the proof that it is the same."""
