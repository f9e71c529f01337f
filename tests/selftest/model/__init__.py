"""The proof of the room ``model``."""
