"""Specifications of the compatibility matrix and of sweeps."""
