"""The product (live) and the proof of it (selftest)."""
