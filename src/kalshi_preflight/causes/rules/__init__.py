"""Rules: evidence -> findings. One file a layer, pure, listed here."""

from collections.abc import Callable, Mapping, Sequence

from kalshi_preflight.causes.findings import Context, Finding
from kalshi_preflight.causes.rules import auth, dns, http, tcp, tls, websocket
from kalshi_preflight.model.evidence import Evidence
from kalshi_preflight.model.layer import Layer

Rule = Callable[[Evidence, Context], Sequence[Finding]]

RULES: Mapping[Layer, Rule] = {
    Layer.DNS: dns.judge,
    Layer.TCP: tcp.judge,
    Layer.TLS: tls.judge,
    Layer.HTTP: http.judge,
    Layer.AUTH: auth.judge,
    Layer.WEBSOCKET: websocket.judge,
}
