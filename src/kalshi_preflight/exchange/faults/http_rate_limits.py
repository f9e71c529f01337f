"""Too many requests."""

from kalshi_preflight.exchange import refusals
from kalshi_preflight.exchange.faults.fault import Fault
from kalshi_preflight.exchange.hooks import Hooks
from kalshi_preflight.exchange.interception import answering, is_rest
from kalshi_preflight.exchange.message import Response


def _fault(name: str, sentence: str, answer: Response) -> Fault:
    def apply(hooks: Hooks) -> None:
        hooks.http.answers.append(answering(is_rest, answer))

    return Fault(name, "http", sentence, "http-rate-limited", apply)


_BUCKET = refusals.TOO_MANY_REQUESTS

FAULTS = (
    _fault("http-429", "429 as the exchange sends it: no Retry-After.", _BUCKET),
    _fault(
        "http-429-seconds",
        "429 of another limiter: Retry-After in seconds.",
        _BUCKET.with_header("Retry-After", "7"),
    ),
    _fault(
        "http-429-date",
        "429 of another limiter: Retry-After as a date.",
        _BUCKET.with_header("Retry-After", "Wed, 21 Oct 2026 07:28:00 GMT"),
    ),
)
