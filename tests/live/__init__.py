"""The product: one question a test, one layer a file."""
