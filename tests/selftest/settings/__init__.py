"""The room of what the user configured, tested with real files."""
