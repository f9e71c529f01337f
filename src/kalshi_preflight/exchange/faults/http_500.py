"""The exchange fails inside."""

from kalshi_preflight.exchange import refusals
from kalshi_preflight.exchange.faults.fault import Fault
from kalshi_preflight.exchange.hooks import Hooks
from kalshi_preflight.exchange.message import Request, Response
from kalshi_preflight.exchange.state import REST_PATH

FAILURE = refusals.nested(500, "internal_server_error", "internal server error")


async def _fail(request: Request, response: Response) -> Response:
    return FAILURE if request.path.startswith(f"{REST_PATH}/") else response


def _apply(hooks: Hooks) -> None:
    hooks.http.answers.append(_fail)


FAULT = Fault(
    "http-500",
    "http",
    "Every REST path answers 500 with an error and no status body.",
    "http-server-error",
    _apply,
)
