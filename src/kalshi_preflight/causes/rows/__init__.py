"""The rows of the catalogue: data, one file a layer."""

from kalshi_preflight.causes.row import Row
from kalshi_preflight.causes.rows import (
    auth,
    credentials,
    dns,
    fix,
    http,
    proxy,
    tcp,
    tls,
    unclassified,
    websocket,
)

ROWS: tuple[Row, ...] = (
    *dns.ROWS,
    *tcp.ROWS,
    *proxy.ROWS,
    *tls.ROWS,
    *http.ROWS,
    *credentials.ROWS,
    *auth.ROWS,
    *websocket.ROWS,
    *fix.ROWS,
    *unclassified.ROWS,
)
