"""The proof of the room ``survey``."""
