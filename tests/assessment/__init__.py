"""Assessing repositories: sound ones, crooked ones, and broken ones."""
