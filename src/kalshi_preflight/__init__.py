"""Connectivity diagnosis for Kalshi: one root cause, one remedy that fits."""

__version__ = "0.1.0"
