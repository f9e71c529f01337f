"""Which failure known from the field is proved by which fault or test."""
