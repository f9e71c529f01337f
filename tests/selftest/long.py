"""Long modes: a short form in every run, the whole by command."""

import os

#: ``PREFLIGHT_LONG=1 tox run -e selftest`` makes the long proofs whole.
LONG = bool(os.environ.get("PREFLIGHT_LONG"))


def rounds(short: int, whole: int) -> int:
    """How many rounds this run makes."""
    return whole if LONG else short
