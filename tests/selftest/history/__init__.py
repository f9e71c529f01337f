"""Proof of the history: its databases, and what it says."""
