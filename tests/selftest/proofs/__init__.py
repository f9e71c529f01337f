"""Which injected fault proves which entry of the reference list of faults."""
