"""A name that cannot exist: does the resolver answer for everything?

The top-level name ``invalid`` is reserved so that nobody can have it (RFC 6761 §6.4); a
resolver that gives an address for a name below it answers for whatever it is asked.
"""

import secrets

from kalshi_preflight.model.evidence import Evidence
from kalshi_preflight.probes.line import Line, Notes
from kalshi_preflight.probes.observations.control_names import journey_resolvers
from kalshi_preflight.probes.resolver import ask_any


async def observe(line: Line, evidence: Evidence) -> Notes:
    """Ask the journey's own resolver; returns ``name``, ``rcode`` and ``addresses``."""
    name = f"nx-{secrets.token_hex(6)}.invalid"
    answer = await ask_any(journey_resolvers(line), name)
    return {
        "name": name,
        "rcode": answer.rcode,
        "addresses": list(answer.addresses),
    }
