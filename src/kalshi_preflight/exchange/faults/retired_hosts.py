"""A retired host: all it says is where the API is now."""

from kalshi_preflight.exchange import refusals
from kalshi_preflight.exchange.faults.fault import Fault
from kalshi_preflight.exchange.hooks import Hooks
from kalshi_preflight.exchange.interception import (
    Concerns,
    answering,
    is_balance,
    is_rest,
    is_upgrade,
)


def _fault(name: str, layer: str, sentence: str, concerns: Concerns) -> Fault:
    def apply(hooks: Hooks) -> None:
        hooks.http.answers.append(answering(concerns, refusals.HOST_MOVED))

    return Fault(name, layer, sentence, "config-retired-host", apply)


FAULTS = (
    _fault(
        "moved-rest", "http", "Every REST path says that the API has moved.", is_rest
    ),
    _fault("moved-balance", "auth", "Signed requests: the API has moved.", is_balance),
    _fault("moved-upgrade", "websocket", "Upgrades: the API has moved.", is_upgrade),
)
