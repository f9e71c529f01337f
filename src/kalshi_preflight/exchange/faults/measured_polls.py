"""What a polling program meets while the status is as fresh and free as ever."""

from kalshi_preflight.exchange import refusals
from kalshi_preflight.exchange.bucket import Bucket
from kalshi_preflight.exchange.faults.fault import Fault
from kalshi_preflight.exchange.hooks import Hooks
from kalshi_preflight.exchange.interception import marking
from kalshi_preflight.exchange.message import Request, Response
from kalshi_preflight.exchange.state import REST_PATH

#: As old as copies were that somebody once measured on the shared host.
COPY_SECONDS = 12
#: So many calls each second are answered, and as many at once.
CALLS_EACH_SECOND = 2


def is_market_data(request: Request) -> bool:
    """Whether a request is for markets or their books."""
    return request.path.startswith(f"{REST_PATH}/markets")


def _keep_copies(hooks: Hooks) -> None:
    age = ("Age", str(COPY_SECONDS))
    kept = ("X-Cache", "Hit from cloudfront")
    hooks.http.answers.append(marking(is_market_data, age, kept))


def _limit(hooks: Hooks) -> None:
    bucket = Bucket(CALLS_EACH_SECOND, CALLS_EACH_SECOND)

    async def answer(request: Request, response: Response) -> Response:
        if not is_market_data(request) or bucket.take(cost=1):
            return response
        return refusals.TOO_MANY_REQUESTS

    hooks.http.answers.append(answer)


FAULTS = (
    Fault(
        "poll-copies",
        "http",
        "Markets and order books are copies, 12 seconds old; the status is not.",
        "http-stale",
        _keep_copies,
        measured=True,
    ),
    Fault(
        "poll-limited",
        "http",
        "More than two calls a second for market data are answered 429.",
        "http-rate-limited",
        _limit,
        measured=True,
    ),
)
