"""Clocks that are apart by this much or that, in both directions, or unknown."""

from kalshi_preflight.exchange import refusals
from kalshi_preflight.exchange.faults.fault import Fault
from kalshi_preflight.exchange.hooks import Hooks
from kalshi_preflight.exchange.interception import is_rest
from kalshi_preflight.exchange.message import Request, Response

_SKEWS_SECONDS = (3, 8, 40, 300, 18_000)


def _fault(seconds: int, direction: str) -> Fault:
    offset = seconds if direction == "ahead" else -seconds

    def apply(hooks: Hooks) -> None:
        hooks.clock.offset_seconds += offset

    return Fault(
        f"clock-{seconds}s-{direction}",
        "auth",
        f"The exchange's clock is {seconds} s {direction}.",
        "clock-skewed",
        apply,
    )


async def _without_date(request: Request, response: Response) -> Response:
    return response.with_header("Date", "today") if is_rest(request) else response


def _unknown(hooks: Hooks) -> None:
    hooks.clock.offset_seconds += 90.0
    hooks.http.answers.append(_without_date)


async def _expire(request: Request, response: Response) -> Response:
    signed = response.status == 200 and request.header("KALSHI-ACCESS-KEY")
    return refusals.TIMESTAMP_EXPIRED if signed else response


def _delay(hooks: Hooks) -> None:
    hooks.http.answers.append(_expire)


FAULTS = (
    *(
        _fault(seconds, direction)
        for seconds in _SKEWS_SECONDS
        for direction in ("ahead", "behind")
    ),
    Fault(
        "clock-unknown",
        "auth",
        "Signed requests have expired, and no Date tells by how much.",
        "clock-skewed",
        _unknown,
    ),
    Fault(
        "clock-agrees-all-the-same",
        "auth",
        "Signed requests have expired, though the Date agrees with our clock.",
        "clock-skewed",
        _delay,
    ),
)
