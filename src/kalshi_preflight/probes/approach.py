"""The way up to TLS without questions: for what comes after a survey."""

from kalshi_preflight.probes import dns, tcp, tls
from kalshi_preflight.probes.line import Line, NothingToDo
from kalshi_preflight.probes.wire import TlsWire


async def approach(line: Line) -> TlsWire:
    """Resolve, connect and secure, as the journey did; raises what a probe raises."""
    for probe in (dns.probe, tcp.probe, tls.probe):
        try:
            await probe(line, {})
        except NothingToDo:
            if not line.addresses:
                raise
    assert line.tls is not None  # tls.probe has succeeded
    return line.tls
