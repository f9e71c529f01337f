"""The proof of the room ``probes``."""
