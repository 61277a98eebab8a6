"""Isolated environments: built, found again, and told about when they cannot be."""
