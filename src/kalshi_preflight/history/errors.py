"""What can go wrong with a history."""


class HistoryError(Exception):
    """The history cannot be kept or read; one sentence, without the URL's password."""
