"""Which failure of the field is injected by which fault or test, layer by layer."""
