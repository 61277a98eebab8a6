"""The landing queue, simulated: pure functions from measured losers to estimates."""
