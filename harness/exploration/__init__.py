"""Exploration: stories drawn at random, and the smallest that shows a difference."""
