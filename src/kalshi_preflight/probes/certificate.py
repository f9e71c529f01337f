"""What there is to say about a certificate, in facts."""

from datetime import UTC, datetime
from typing import Any


def describe(der: bytes, *, now: datetime) -> dict[str, Any]:
    """Facts of a certificate given in DER: names, issuer, dates, days left.

    ``days_left`` counts whole days from ``now`` (aware) to the end, negative when past.
    """
    from cryptography import x509

    certificate = x509.load_der_x509_certificate(der)
    ends = certificate.not_valid_after_utc
    return {
        "subject": _common_name(certificate.subject),
        "issuer": _issuer(certificate.issuer),
        "self_signed": certificate.subject == certificate.issuer,
        "names": _names(certificate),
        "not_before": _stamp(certificate.not_valid_before_utc),
        "not_after": _stamp(ends),
        "days_left": (ends - now).days,
    }


def _names(certificate: Any) -> list[str]:
    from cryptography import x509

    try:
        extension = certificate.extensions.get_extension_for_class(
            x509.SubjectAlternativeName
        )
    except (x509.ExtensionNotFound, ValueError):
        return []
    names = extension.value
    return [
        *names.get_values_for_type(x509.DNSName),
        *map(str, names.get_values_for_type(x509.IPAddress)),
    ]


def _common_name(name: Any) -> str:
    from cryptography.x509.oid import NameOID

    values = name.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(values[0].value) if values else name.rfc4514_string()


def _issuer(name: Any) -> str:
    """The organisation and the common name: products are known by either."""
    from cryptography.x509.oid import NameOID

    parts = [
        str(attribute.value)
        for oid in (NameOID.ORGANIZATION_NAME, NameOID.COMMON_NAME)
        for attribute in name.get_attributes_for_oid(oid)
    ]
    return ", ".join(dict.fromkeys(parts)) or name.rfc4514_string()


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
