"""Hostile input, by the ten thousand (tox run -e fuzz; the whole: PREFLIGHT_LONG=1)."""
