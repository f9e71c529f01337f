"""Certificates: DER that is damaged, in a chain that is looked at or trusted."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import cache

import trustme
from cryptography import x509
from cryptography.hazmat.primitives import serialization

from kalshi_preflight.probes.certificate import (
    describe,
    describe_anchor,
    each_legible,
    path_of,
)
from kalshi_preflight.probes.tls import note_chain
from tests.fuzz.campaign import Target
from tests.selftest.signing.material import certificate_pem

_NOW = datetime(2026, 11, 22, tzinfo=UTC)


@cache
def _chain() -> list[bytes]:
    """Leaf and root of a fresh authority, and a stranger, in DER."""
    authority = trustme.CA(organization_name="Lab")
    leaf = authority.issue_cert(
        "api.lab.test", "127.0.0.1", not_after=_NOW + timedelta(days=90)
    )
    pems = [leaf.cert_chain_pems[0].bytes(), authority.cert_pem.bytes()]
    stranger = certificate_pem().encode()
    return [
        x509.load_pem_x509_certificate(pem).public_bytes(serialization.Encoding.DER)
        for pem in (*pems, stranger)
    ]


def attempt(der: bytes) -> str:
    """What there is to say of a chain with one damaged certificate in it."""
    notes: dict[str, object] = {}
    note_chain([der, _chain()[1]], None, notes)
    note_chain([_chain()[0], der], None, notes)
    chain = [der, *_chain()]
    read = each_legible(lambda each: (each, describe(each, now=_NOW)), chain)
    legible, told = [der for der, _ in read], [facts for _, facts in read]
    path_of(legible)
    path_of(legible[::-1])
    each_legible(describe_anchor, chain)
    assert len(told) >= len(_chain())
    return str(told[0]["key"]) if len(told) == len(chain) else "illegible"


def healthy() -> Sequence[bytes]:
    """The chain itself."""
    return _chain()


TARGET = Target(
    name="certificates",
    modules=("probes.certificate", "probes.trust"),
    attempt=attempt,
    short=800,
    whole=20_000,
    healthy=healthy,
    words=(
        b"\x17\x0d000000000000Z",
        b"\x18\x0f99991231235959Z",
        b"\x17\x0d500101000000Z",
        b"\x02\x01\x80",
        b"\x05\x00",
        b"\x30\x80",
        b"\x30\x84\xff\xff\xff\xff",
        b"\x0c\x04\xff\xff\xff\xff",
        b"\x1e\x03abc",
        b"\x06\x03\x55\x1d\x11",
        b"\x06\x01\x80",
        b"\x13\x00",
    ),
)
