"""What is argued about: one module a topic, found by being there."""
