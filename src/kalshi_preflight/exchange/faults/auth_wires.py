"""The public status is fine; the signed request, or its control, gets no answer."""

from kalshi_preflight.exchange import refusals
from kalshi_preflight.exchange.faults.fault import Fault
from kalshi_preflight.exchange.hooks import Hooks
from kalshi_preflight.exchange.interception import (
    Change,
    Concerns,
    Then,
    answering,
    head_of,
    is_balance,
    sending,
)
from kalshi_preflight.exchange.message import Request, Response, as_json


def _fault(
    name: str, cause: str, sentence: str, change: Change, then: Then = Then.CLOSE
) -> Fault:
    def apply(hooks: Hooks) -> None:
        hooks.http.sends.append(sending(is_balance, change, then))

    return Fault(f"auth-{name}", "auth", sentence, cause, apply)


def _second() -> Concerns:
    """Make a condition that holds for every balance request but the first."""
    seen: list[Request] = []

    def concerns(request: Request) -> bool:
        if not is_balance(request):
            return False
        seen.append(request)
        return len(seen) > 1

    return concerns


def _control(name: str, cause: str, sentence: str, answer: Response) -> Fault:
    def apply(hooks: Hooks) -> None:
        hooks.http.answers.append(answering(_second(), answer))

    return Fault(f"auth-control-{name}", "auth", sentence, cause, apply)


def _swallow_control(hooks: Hooks) -> None:
    hooks.http.sends.append(sending(_second(), lambda _: b"", Then.SILENCE))


def _reset_control(hooks: Hooks) -> None:
    hooks.http.sends.append(sending(_second(), lambda _: b"", Then.RESET))


FAULTS = (
    _fault("stall", "http-stalled", "Never answered.", lambda _: b"", Then.SILENCE),
    _fault(
        "stall-in-body",
        "http-stalled",
        "Silence inside the body.",
        lambda wire: wire[: len(head_of(wire)) + 3],
        Then.SILENCE,
    ),
    _fault("reset", "http-connection-closed", "RST.", lambda _: b"", Then.RESET),
    _fault("end", "http-connection-closed", "Closed.", lambda _: b"", Then.CLOSE),
    _fault(
        "end-in-head", "http-connection-closed", "Closed in the head.", lambda w: w[:30]
    ),
    _fault(
        "cut",
        "http-truncated",
        "The body ends early.",
        lambda wire: wire[: len(head_of(wire)) + 3],
    ),
    _fault("garbage", "http-protocol-error", "No HTTP.", lambda _: b"\0\1\2\r\n\r\n"),
    _control(
        "accepted",
        "auth-not-enforced",
        "A damaged signature is answered with a balance.",
        as_json({"balance": 1, "portfolio_value": 2}),
    ),
    _control(
        "500",
        "http-server-error",
        "A damaged signature makes the server fail.",
        refusals.nested(500, "internal_server_error", "internal server error"),
    ),
    _control(
        "429",
        "http-rate-limited",
        "The second signed request is one too many.",
        refusals.TOO_MANY_REQUESTS,
    ),
    Fault(
        "auth-control-stall",
        "auth",
        "The request with a damaged signature is never answered.",
        "http-stalled",
        _swallow_control,
    ),
    Fault(
        "auth-control-reset",
        "auth",
        "The request with a damaged signature is answered with RST.",
        "http-connection-closed",
        _reset_control,
    ),
)
