"""TLS: does the handshake succeed, and with whom?"""

from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from kalshi_preflight.model.alerts import alert_in_words
from kalshi_preflight.probes.certificate import (
    describe,
    each_legible,
    name_in_words,
    parse,
)
from kalshi_preflight.probes.chain import refused_chain, verified_chain
from kalshi_preflight.probes.failures import TLS_ALERTS
from kalshi_preflight.probes.line import Line, Notes, NothingToDo
from kalshi_preflight.probes.trust import (
    NoTrustStore,
    anchors_in,
    useless_places,
)
from kalshi_preflight.probes.wire import TlsWire

_ALERT, _HANDSHAKE = 21, 22
_FATAL = 2
#: Alerts that end a connection without being fatal: close_notify, user_canceled.
_FAREWELLS = (0, 90)


async def probe(line: Line, notes: Notes) -> None:
    """Shake hands over the journey's connection.

    Notes ``version`` (``TLSv1.3``), ``cipher``, ``alpn``, the facts of the leaf
    certificate (``certificate.describe``), ``ends_first`` (those of the certificate of
    the chain that ends first), ``root`` (the trust anchor) and ``root_known_by``
    (``ca_file``, ``public`` or ``machine``). Where it fails: ``first_bytes`` of the
    peer, as text with escapes, ``received_bytes``, and ``alert``, ``alert_words`` and
    ``alert_kind`` if the peer sent one. Always ``useless_places`` (``probes.trust``).
    """
    if line.tcp is None:
        raise NothingToDo("no connection")
    notes["useless_places"] = useless_places()
    try:
        context = line.verifying()
    except NoTrustStore as error:
        notes["trust_store"] = error.place
        raise
    wire = TlsWire(line.tcp, context, line.target.host)
    try:
        await wire.handshake()
    except BaseException:
        _note_first_bytes(line.tcp.first_bytes, notes)
        notes["received_bytes"] = line.tcp.received_bytes
        line.refused = refused_chain(wire.session)
        raise
    line.tls = wire
    cipher = wire.session.cipher()
    notes["version"] = wire.session.version()
    notes["cipher"] = cipher[0] if cipher else None
    notes["alpn"] = wire.session.selected_alpn_protocol()
    note_chain(verified_chain(wire.session), line.environment.ca_file, notes)


def note_chain(chain: list[bytes], ca_file: Path | None, notes: Notes) -> None:
    """Note what there is to say of a verified chain in DER, the leaf first."""
    now = datetime.now(UTC)
    facts = each_legible(lambda der: describe(der, now=now), chain)
    if not facts or len(facts) < len(chain):
        return  # what is left would be told of the wrong certificate
    notes.update(facts[0])
    sent = facts[:-1] or facts
    notes["ends_first"] = min(sent, key=lambda each: each["not_after"])
    notes["issuers"] = [each["issuer"] for each in facts]
    notes["root"] = facts[-1]["owner"]
    notes["root_known_by"] = _known_by(chain[-1], ca_file)


def _known_by(root: bytes, ca_file: Path | None) -> str:
    """Who vouches for a root: the user's own file, the public list, or the machine."""
    if ca_file is not None and _identity(root) in _roots(ca_file):
        return "ca_file"
    import certifi

    return "public" if _identity(root) in _roots(Path(certifi.where())) else "machine"


@cache
def _roots(file: Path) -> frozenset[tuple[str, bytes]]:
    """Name and key of each root: one that was issued anew is still the same."""
    return frozenset(each_legible(_identity, anchors_in(file)))


def _identity(der: bytes) -> tuple[str, bytes]:
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    certificate: Any = parse(der)
    name = name_in_words(certificate.subject)
    try:
        key = certificate.public_key()
    except (UnsupportedAlgorithm, ValueError):
        return name, der
    return name, key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def _note_first_bytes(data: bytes, notes: Notes) -> None:
    if not data:
        return
    # A TLS record is type, version major 3 (RFC 8446 §5.1); anything else is not TLS.
    if data[0] not in (_ALERT, _HANDSHAKE) or data[1:2] not in (b"\x03", b""):
        notes["first_bytes"] = repr(data)[2:-1]
    elif data[0] == _ALERT and len(data) >= 7:
        _note_alert(level=data[5], number=data[6], notes=notes)


def _note_alert(*, level: int, number: int, notes: Notes) -> None:
    """A warning decides nothing: some servers warn of a name and serve it all the same.

    (RFC 6066 §3 on unrecognized_name.)
    """
    if level == _FATAL or number in _FAREWELLS:
        notes["alert"] = number
        notes["alert_words"] = alert_in_words(number)
        notes["alert_kind"] = TLS_ALERTS.get(number, "tls-damaged")
