"""Which failures of the field are injected, and by what."""
