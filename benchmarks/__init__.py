"""Measurements, side by side with others: `make bench` compares search engines, see ``docs/benchmarks.md``."""
