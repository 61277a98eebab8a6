"""Benchmarks on pytest-benchmark: by hand with pytest, or driven by `bench`."""
