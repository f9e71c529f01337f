"""The room of keys and signatures, tested with keys made on the spot."""
