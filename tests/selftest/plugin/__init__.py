"""The proof of the room ``plugin``."""
