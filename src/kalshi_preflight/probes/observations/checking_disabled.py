"""The same question with checking disabled: is it DNSSEC?

The CD bit: RFC 4035 §3.2.2.
"""

from kalshi_preflight.model.evidence import Evidence
from kalshi_preflight.probes.line import Line, Notes
from kalshi_preflight.probes.observations.control_names import journey_resolvers
from kalshi_preflight.probes.resolver import ask


async def observe(line: Line, evidence: Evidence) -> Notes:
    """Ask the first resolver again with the CD bit set: ``rcode`` and ``addresses``."""
    server = journey_resolvers(line)[0]
    answer = await ask(server, line.target.host, checking_disabled=True)
    return {"rcode": answer.rcode, "addresses": list(answer.addresses)}
