"""Every REST path is unknown."""

from kalshi_preflight.exchange import refusals
from kalshi_preflight.exchange.faults.fault import Fault
from kalshi_preflight.exchange.hooks import Hooks
from kalshi_preflight.exchange.message import Request, Response
from kalshi_preflight.exchange.state import REST_PATH


async def _deny(request: Request, response: Response) -> Response:
    under_base = request.path.startswith(f"{REST_PATH}/")
    return refusals.PAGE_NOT_FOUND if under_base else response


def _apply(hooks: Hooks) -> None:
    hooks.http.answers.append(_deny)


FAULT = Fault(
    "http-not-found",
    "http",
    "Every path under the base URL answers 404, as if the base were wrong.",
    "http-not-found",
    _apply,
)
