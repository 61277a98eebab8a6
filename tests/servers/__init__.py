"""Servers: where they come from, and what is left of them."""
