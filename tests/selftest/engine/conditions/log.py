"""Conditions of the log."""

from typing import Any

from kalshi_preflight.engine.context import Live
from kalshi_preflight.model.layer import Layer
from tests.selftest.engine.conditions.database import as_somebody_else
from tests.selftest.engine.workspaces import Workspace
from tests.selftest.signing.material import KEY_ID


def _says(text: str, times: int = 1) -> Any:
    def change(ws: Workspace) -> None:
        ws.logs(text, times)

    return change


def missing(ws: Workspace) -> None:
    """No log."""
    ws.later.append(ws.log_file.unlink)


def empty(ws: Workspace) -> None:
    """A log of no bytes."""
    ws.log = []


def denied(ws: Workspace) -> None:
    """A log that this account may not read."""
    ws.later.append(lambda: ws.log_file.chmod(0o600))
    ws.rights.append(lambda: as_somebody_else(ws))


def utf16(ws: Workspace) -> None:
    """As PowerShell 5.1 redirects."""
    ws.log_encoding = "utf-16"


def timeless(ws: Workspace) -> None:
    """Lines without any time."""
    ws.log = ["loop took 0.4 s", "loop took 0.5 s"]


def large(ws: Workspace) -> None:
    """A log of a gibibyte, most of it a hole."""

    def later() -> None:
        text = ws.log_file.read_bytes()
        with ws.log_file.open("wb") as file:
            file.seek(1 << 30)
            file.write(b"\n" + text)

    ws.later.append(later)


def silent(ws: Workspace) -> None:
    """Not a word for twenty minutes, while rows are written."""
    ws.silence(1200)


def interleaved(ws: Workspace) -> None:
    """Two engines in one log."""
    ws.log.append(ws.line(900, "INFO engine started"))
    for age in range(600, 100, -60):
        ws.log.append(ws.line(age, "INFO loop took 0.4 s"))
        ws.log.append(ws.line(age + 25, "INFO loop took 0.5 s"))


def old_errors(ws: Workspace) -> None:
    """401s of yesterday, before the last start."""
    old = [ws.line(86_400 - n, "ERROR HTTP 401 Unauthorized") for n in range(5)]
    ws.log = [*old, *ws.log]


def refused_401(ws: Workspace) -> None:
    """401s now, while the same key is accepted."""
    ws.logs("ERROR GET /portfolio/balance: HTTP 401 Unauthorized", 4)
    ws.live = Live(environment="production", layers={Layer.AUTH: None})


def refused_writes(ws: Workspace) -> None:
    """Reads pass, writes do not."""
    ws.logs("INFO GET /portfolio/balance status 200", 3)
    ws.logs("ERROR POST /portfolio/events/orders status 401", 4, age=50)


def sends_origin(ws: Workspace) -> None:
    """A 403 on the WebSocket, and the live experiment says why."""
    ws.logs("ERROR WebSocket handshake failed: 403 Forbidden", 2)
    ws.live = Live(
        environment="production",
        layers={Layer.WEBSOCKET: None},
        origin_refused=True,
    )


def restarting(ws: Workspace) -> None:
    """Four starts within the hour."""
    for age in (2900, 2000, 1100):
        ws.log.append(ws.line(age + 5, "INFO shutdown complete"))
        ws.log.append(ws.line(age, "INFO engine started"))
    ws.log.sort()


def _traceback(last: str) -> Any:
    def change(ws: Workspace) -> None:
        for age in (90, 60, 30):
            ws.log.append(ws.line(age, "ERROR loop failed"))
            ws.log += ["Traceback (most recent call last):", '  File "engine.py"', last]

    return change


CHANGES = {
    "log-missing": missing,
    "log-empty": empty,
    "log-unreadable": denied,
    "log-utf16": utf16,
    "log-timestamps-unknown": timeless,
    "log-too-large": large,
    "log-silent": silent,
    "log-interleaved-instances": interleaved,
    "log-errors-old-only": old_errors,
    "log-secret-exposed": _says(f"DEBUG KALSHI-ACCESS-KEY: {KEY_ID}"),
    "log-repeating-401": refused_401,
    "log-401-post-only": refused_writes,
    "log-403": _says("ERROR GET /portfolio/fills: HTTP 403 Forbidden"),
    "engine-sends-origin": sends_origin,
    "log-410-legacy-orders": _says("ERROR HTTP 410 deprecated_v1_order_endpoint"),
    "log-429": _says("WARNING HTTP 429 Too Many Requests"),
    "log-409-paused": _says("WARNING HTTP 409 trading_is_paused"),
    "log-5xx-burst": _says("ERROR HTTP 503 service_unavailable", 6),
    "log-dns-failure": _says("ERROR [Errno 11001] getaddrinfo failed"),
    "log-connection-refused": _says("ERROR [WinError 10061] Connection refused"),
    "log-socket-blocked": _says(
        "ERROR [WinError 10013] An attempt was made to access a socket in a way"
        " forbidden by its access permissions"
    ),
    "log-timeouts": _says("ERROR [WinError 10060] the connection timed out"),
    "log-tls-error": _says("ERROR [SSL: CERTIFICATE_VERIFY_FAILED] self-signed"),
    "log-cannot-read-orders": _says("ERROR Cannot read orders"),
    "log-sqlite-errors": _says("ERROR sqlite3.OperationalError: database is locked"),
    "log-traceback-repeating": _traceback("KeyError: 'market_exposure'"),
    "log-unicode-crash": _says("UnicodeEncodeError: 'charmap' codec can't encode"),
    "engine-restarting": restarting,
}
