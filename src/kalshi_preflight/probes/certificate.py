"""What there is to say about a certificate, in facts."""

import contextlib
import warnings
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any, TypeVar

T = TypeVar("T")


def parse(der: bytes, *, extensions: bool = True) -> Any:
    """The certificate of cryptography; ``ValueError`` for what is none.

    Without ``extensions`` these are left for whoever asks, which takes half the time.

    Odd serial numbers and the like are warned of there; what matters is judged here.
    """
    from cryptography import x509

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        certificate = x509.load_der_x509_certificate(der)
        # Looked at once here: what is odd about it is warned of then.
        if extensions:
            with contextlib.suppress(ValueError, x509.DuplicateExtension):
                _ = certificate.extensions
    return certificate


def each_legible(read: Callable[[bytes], T], ders: Iterable[bytes]) -> list[T]:
    """What ``read`` makes of each certificate, without those that it cannot read.

    OpenSSL takes certificates that cryptography refuses (odd dates, names, lengths). A
    connection that works is not to fail because of what is only there to be told.
    """
    made = []
    for der in ders:
        with contextlib.suppress(Exception):  # as many classes as oddities
            made.append(read(der))
    return made


def describe(der: bytes, *, now: datetime) -> dict[str, Any]:
    """Facts of a certificate given in DER.

    ``subject`` (the common name), ``owner`` and ``issuer`` in words, ``organisation``
    and ``issuer_organisation`` (may be empty), ``names``, ``not_before`` and
    ``not_after`` (as ISO 8601 in UTC), ``days_left`` (whole days from ``now``, aware,
    to the end; negative when past) and ``days_until`` (to the beginning), ``key`` and
    ``signature`` in words, ``purposes`` (of the extended key usage), ``self_signed``,
    ``is_ca``, and ``logged``: whether a public log of certificates vouches for it (RFC
    9162).
    """
    certificate = parse(der)
    starts, ends = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    return {
        "subject": _common_name(certificate.subject),
        "owner": name_in_words(certificate.subject),
        "organisation": _organisation(certificate.subject),
        "issuer": name_in_words(certificate.issuer),
        "issuer_organisation": _organisation(certificate.issuer),
        "self_signed": certificate.subject == certificate.issuer,
        "names": _names(certificate),
        "not_before": stamp(starts),
        "not_after": stamp(ends),
        "days_left": (ends - now).days,
        "days_until": (starts - now).days,
        "hours_left": int((ends - now).total_seconds() // 3600),
        "in_time": starts <= now <= ends,
        "key": _key(certificate),
        "signature": _signature(certificate),
        "purposes": _purposes(certificate),
        "is_ca": _is_ca(certificate),
        "logged": _has(certificate, "PRECERT_SIGNED_CERTIFICATE_TIMESTAMPS"),
    }


def describe_anchor(der: bytes) -> dict[str, str]:
    """Facts of a trust anchor, of which there are many: names and dates only."""
    anchor = parse(der, extensions=False)
    return {
        "owner": name_in_words(anchor.subject),
        "organisation": _organisation(anchor.subject),
        "not_before": stamp(anchor.not_valid_before_utc),
        "not_after": stamp(anchor.not_valid_after_utc),
    }


def path_of(chain: list[bytes]) -> list[int]:
    """The places in ``chain`` of the certificates that lead up from the first one.

    Servers send certificates in any order, some of them useless; each next one is the
    one whose key signed the last.
    """
    certificates = [parse(der) for der in chain]
    path = [0] if certificates else []
    while path:
        here = certificates[path[-1]]
        if here.subject == here.issuer:
            break
        above = (
            place
            for place, candidate in enumerate(certificates)
            if place not in path and _signed(candidate, here)
        )
        if (place := next(above, None)) is None:
            break
        path.append(place)
    return path


def _signed(issuer: Any, certificate: Any) -> bool:
    """Whether it did; a signature that nobody can check any more counts by its name."""
    from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm

    if issuer.subject != certificate.issuer:
        return False
    try:
        certificate.verify_directly_issued_by(issuer)
    except (InvalidSignature, ValueError, TypeError):
        return False
    except UnsupportedAlgorithm:
        return True
    return True


def stamp(moment: datetime) -> str:
    """A moment as it is shown: ISO 8601, in UTC, to the second."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def name_in_words(name: Any) -> str:
    """The organisation and the common name: products are known by either."""
    from cryptography.x509.oid import NameOID

    parts = [
        str(attribute.value)
        for oid in (NameOID.ORGANIZATION_NAME, NameOID.COMMON_NAME)
        for attribute in name.get_attributes_for_oid(oid)
    ]
    return ", ".join(dict.fromkeys(parts)) or name.rfc4514_string() or "nobody"


def _extension(certificate: Any, kind: Any) -> Any:
    """The value of an extension, or ``None``; damaged ones count as absent."""
    from cryptography import x509

    try:
        return certificate.extensions.get_extension_for_class(kind).value
    except (x509.ExtensionNotFound, x509.DuplicateExtension, ValueError):
        return None


def _has(certificate: Any, oid: str) -> bool:
    from cryptography import x509
    from cryptography.x509.oid import ExtensionOID

    try:
        certificate.extensions.get_extension_for_oid(getattr(ExtensionOID, oid))
    except (x509.ExtensionNotFound, x509.DuplicateExtension, ValueError):
        return False
    return True


def _names(certificate: Any) -> list[str]:
    from cryptography import x509

    names = _extension(certificate, x509.SubjectAlternativeName)
    if names is None:
        return []
    return [
        *names.get_values_for_type(x509.DNSName),
        *map(str, names.get_values_for_type(x509.IPAddress)),
    ]


def _purposes(certificate: Any) -> list[str]:
    from cryptography import x509

    usage = _extension(certificate, x509.ExtendedKeyUsage)
    return [] if usage is None else [oid._name for oid in usage]


def _is_ca(certificate: Any) -> bool:
    from cryptography import x509

    constraints = _extension(certificate, x509.BasicConstraints)
    return constraints is not None and bool(constraints.ca)


def _key(certificate: Any) -> str:
    from cryptography.exceptions import UnsupportedAlgorithm

    try:
        key = certificate.public_key()
    except (UnsupportedAlgorithm, ValueError):
        return "of an unknown kind"
    kind = type(key).__name__.strip("_").removesuffix("PublicKey")
    size = getattr(key, "key_size", None)
    return f"{kind}, {size} bits" if size else kind


def _signature(certificate: Any) -> str:
    return str(certificate.signature_algorithm_oid._name)


def _organisation(name: Any) -> str:
    from cryptography.x509.oid import NameOID

    values = name.get_attributes_for_oid(NameOID.ORGANIZATION_NAME)
    return str(values[0].value) if values else ""


def _common_name(name: Any) -> str:
    from cryptography.x509.oid import NameOID

    values = name.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(values[0].value) if values else name.rfc4514_string() or "nobody"
