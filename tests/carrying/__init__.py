"""Tests of histories that are carried over."""
