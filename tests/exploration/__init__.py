"""Explorations: what is drawn, what is found, and what is written."""
