"""Proof of the room ``engine``."""
