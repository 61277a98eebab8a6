"""The tools that are compared, one directory for each."""
