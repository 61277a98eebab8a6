"""Evidence on disk: written cell by cell, read back by everything that judges."""
