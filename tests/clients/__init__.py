"""Other people's clients, unmodified, against the standalone exchange."""
