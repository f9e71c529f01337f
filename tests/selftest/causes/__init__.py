"""The proof of the room ``causes``."""
