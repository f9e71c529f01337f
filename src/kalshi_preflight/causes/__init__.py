"""Causes: the catalogue (data) and the rules (evidence -> cause, pure)."""
