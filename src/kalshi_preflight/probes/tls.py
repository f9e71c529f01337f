"""TLS: does the handshake succeed, and with whom?"""

from datetime import UTC, datetime

from kalshi_preflight.probes.certificate import describe
from kalshi_preflight.probes.failures import TLS_ALERTS
from kalshi_preflight.probes.line import Line, Notes, NothingToDo
from kalshi_preflight.probes.trust import client_context
from kalshi_preflight.probes.wire import TlsWire

_ALERT, _HANDSHAKE = 21, 22


async def probe(line: Line, notes: Notes) -> None:
    """Shake hands over the journey's connection.

    Notes ``version`` (``TLSv1.3``), ``cipher``, ``alpn`` and the facts of the leaf
    certificate (``certificate.describe``). Where it fails: ``first_bytes`` of the peer,
    as text with escapes, ``received_bytes``, and ``alert`` if the peer sent one.
    """
    if line.tcp is None:
        raise NothingToDo("no connection")
    context = client_context(line.environment.ca_file)
    wire = TlsWire(line.tcp, context, line.target.host)
    try:
        await wire.handshake()
    except BaseException:
        _note_first_bytes(line.tcp.first_bytes, notes)
        notes["received_bytes"] = line.tcp.received_bytes
        raise
    line.tls = wire
    cipher = wire.session.cipher()
    notes["version"] = wire.session.version()
    notes["cipher"] = cipher[0] if cipher else None
    notes["alpn"] = wire.session.selected_alpn_protocol()
    leaf = wire.session.getpeercert(binary_form=True)
    if leaf:
        notes.update(describe(leaf, now=datetime.now(UTC)))


def _note_first_bytes(data: bytes, notes: Notes) -> None:
    if not data:
        return
    if data[0] == _ALERT and len(data) >= 7:
        notes["alert"] = data[6]
        notes["alert_kind"] = TLS_ALERTS.get(data[6], "tls-alert")
    # A TLS record is type, version major 3 (RFC 8446 §5.1); anything else is not TLS.
    if data[0] not in (_ALERT, _HANDSHAKE) or data[1:2] not in (b"\x03", b""):
        notes["first_bytes"] = repr(data)[2:-1]
