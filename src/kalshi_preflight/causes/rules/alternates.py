"""The recommended other hosts: does one of them work where this one fails?"""

from collections.abc import Sequence

from kalshi_preflight.causes.findings import Context, Found
from kalshi_preflight.model.cause import Cause
from kalshi_preflight.model.environment import EndpointKind
from kalshi_preflight.model.evidence import Facts
from kalshi_preflight.model.layer import Layer

_LAYERS = {Layer.DNS, Layer.TCP, Layer.TLS, Layer.HTTP}
#: Causes that stand before every host alike: another host would prove nothing.
_NOT_THE_HOST = {
    "network-offline",
    "tcp-local-exhaustion",
    "clock-wrong",
    "tls-trust-store-missing",
    "http-rate-limited",
    "exchange-paused",
}


def worth_trying(broken: Cause, context: Context) -> bool:
    """Whether an alternate of this endpoint could tell anything about ``broken``.

    Only REST is asked: its status needs no credentials.
    """
    return (
        context.endpoint.kind is EndpointKind.REST
        and bool(context.environment.alternates.get(EndpointKind.REST))
        and broken.layer in _LAYERS
        and broken.id not in _NOT_THE_HOST
        and not broken.id.startswith("proxy-")
    )


def judge(broken: Cause, observed: Facts) -> Sequence[Found]:
    """The first alternate that answers with the status of an exchange."""
    for answer in observed.get("answers", []):
        active = answer.get("exchange_active")
        if answer.get("status") == 200 and isinstance(active, bool):
            shown = {"alternate": answer["alternate"], "cause": broken.id}
            return [Found("host-alternate-better", shown)]
    return []
