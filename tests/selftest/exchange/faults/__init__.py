"""The proof of each fault: what a plain client sees of it."""
