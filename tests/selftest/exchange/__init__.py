"""The proof of the embedded exchange."""
