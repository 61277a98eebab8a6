"""Where cells live: scratch directories, and git repositories in them."""
