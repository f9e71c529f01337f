"""The ClientHello is answered with an alert, and nothing else."""

from collections.abc import Callable

from kalshi_preflight.exchange.faults.fault import Fault
from kalshi_preflight.exchange.hooks import Hooks
from kalshi_preflight.exchange.wire import Stream

#: Number (RFC 8446 §6) and name of each alert, and the cause that it stands for.
ALERTS: tuple[tuple[int, str, str], ...] = (
    (10, "unexpected-message", "tls-reset"),
    (40, "handshake-failure", "tls-no-shared-cipher"),
    (42, "bad-certificate", "tls-client-certificate-required"),
    (46, "certificate-unknown", "tls-client-certificate-required"),
    (47, "illegal-parameter", "tls-reset"),
    (48, "unknown-ca", "tls-client-certificate-required"),
    (49, "access-denied", "tls-client-certificate-required"),
    (50, "decode-error", "tls-reset"),
    (51, "decrypt-error", "tls-reset"),
    (70, "protocol-version", "tls-version-unsupported"),
    (71, "insufficient-security", "tls-no-shared-cipher"),
    (80, "internal-error", "tls-closed"),
    (86, "inappropriate-fallback", "tls-version-unsupported"),
    (90, "user-canceled", "tls-closed"),
    (112, "unrecognized-name", "tls-name-not-recognised"),
    (120, "no-application-protocol", "tls-no-shared-cipher"),
)
_FATAL = 2


def alert(number: int) -> bytes:
    """The record of a fatal alert (RFC 8446 §6)."""
    return bytes((0x15, 3, 3, 0, 2, _FATAL, number))


def _answers(number: int) -> Callable[[Hooks], None]:
    async def answer(stream: Stream, _: bytes) -> bool:
        await stream.send_raw(alert(number))
        await stream.close()
        return True

    def apply(hooks: Hooks) -> None:
        hooks.web.hellos.append(answer)

    return apply


FAULTS = tuple(
    Fault(
        f"tls-alert-{name}",
        "tls",
        f"The ClientHello is answered with alert {number}.",
        cause,
        _answers(number),
    )
    for number, name, cause in ALERTS
)
