"""Specifications of playing real histories."""
