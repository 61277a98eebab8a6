"""Databases, as the harness makes, fills and sees them."""
