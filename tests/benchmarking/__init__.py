"""The benchmarks, with times that nobody waits for."""
