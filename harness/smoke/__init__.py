"""Does the harness see what it should? Conformance, and adapters that are wrong."""
