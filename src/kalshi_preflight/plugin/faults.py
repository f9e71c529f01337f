"""``--fault`` and ``--list-faults``: the embedded exchange's misbehaviour, by name."""

from collections.abc import Sequence

import pytest

from kalshi_preflight.exchange import FAULTS, UnknownFault
from kalshi_preflight.exchange.faults import find


def check(names: Sequence[str]) -> None:
    """Raise a usage error for the first name that is no fault."""
    for name in names:
        try:
            find(name)
        except UnknownFault as error:
            raise pytest.UsageError(f"--fault: {error}") from None


def listing() -> str:
    """One block a fault: name, layer, the cause it yields, and one sentence."""
    blocks = [
        f"{fault.name}  [{fault.layer}]  -> {fault.cause}\n    {fault.sentence}"
        for fault in FAULTS
    ]
    return "\n".join(blocks)
