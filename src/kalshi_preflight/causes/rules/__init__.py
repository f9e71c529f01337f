"""Rules: evidence -> findings. One file a layer, pure, listed here."""

from collections.abc import Callable, Mapping, Sequence

from kalshi_preflight.causes.findings import Context, Finding
from kalshi_preflight.causes.rules import auth, dns, fix, http, tcp, tls, websocket
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
    Layer.FIX: fix.judge,
}

#: What some layers can say of a step that is not reached: keys and settings need no
#: network to be judged.
OFFLINE: Mapping[Layer, Callable[[Context], Sequence[Finding]]] = {
    Layer.AUTH: auth.offline,
    Layer.FIX: fix.offline,
}
