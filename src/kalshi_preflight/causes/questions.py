"""The question of each layer that a broken step answers "no" to, whatever the cause."""

from collections.abc import Mapping

from kalshi_preflight.model.layer import Layer

MAIN_QUESTIONS: Mapping[Layer, str] = {
    Layer.DNS: "test_resolves",
    Layer.TCP: "test_connects",
    Layer.TLS: "test_speaks_tls",
    Layer.HTTP: "test_status_answers",
    Layer.AUTH: "test_balance_is_accepted",
    Layer.WEBSOCKET: "test_upgrade_succeeds",
    Layer.FIX: "test_logon_is_accepted",
}
