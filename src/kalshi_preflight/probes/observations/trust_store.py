"""Our own lists of trusted roots: where, how much is in them, what of it ended."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from kalshi_preflight.model.evidence import Evidence
from kalshi_preflight.probes.certificate import stamp
from kalshi_preflight.probes.line import Line, Notes
from kalshi_preflight.probes.trust import anchor_facts, file_of_anchors, machine_store


async def observe(line: Line, evidence: Evidence) -> Notes:
    """Return ``stores``: the machine's own, and the environment's ``ca_file`` if any.

    Each has ``setting``, ``path``, ``anchors`` and ``trouble`` (``probes.trust``),
    ``organisations`` of its anchors, and ``ended``: ``owner``, ``not_before`` and
    ``not_after`` of each anchor outside its dates.
    """
    stores = [{**machine_store(), **_anchors(None)}]
    if (file := line.environment.ca_file) is not None:
        stores.append({**file_of_anchors("ca_file", file), **_anchors(file)})
    return {"stores": stores}


def _anchors(file: Path | None) -> dict[str, Any]:
    now = stamp(datetime.now(UTC))
    anchors = anchor_facts(file)
    return {
        "organisations": sorted({each["organisation"] for each in anchors} - {""}),
        "ended": [
            {name: anchor[name] for name in ("owner", "not_before", "not_after")}
            for anchor in anchors
            # ISO 8601 in UTC, always to the second: compares as text.
            if not anchor["not_before"] <= now <= anchor["not_after"]
        ],
    }
