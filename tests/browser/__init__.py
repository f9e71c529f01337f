"""The HTML report of real runs, in a real browser."""
