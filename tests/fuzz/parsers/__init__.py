"""One parser a file: its target, and how an input is brought before it."""
