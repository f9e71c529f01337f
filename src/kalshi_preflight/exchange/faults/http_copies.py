"""Somebody between keeps old answers, or answers late."""

import asyncio

from kalshi_preflight.exchange.faults.fault import Fault
from kalshi_preflight.exchange.hooks import Hooks
from kalshi_preflight.exchange.interception import is_status, marking
from kalshi_preflight.exchange.message import Request, Response

_LATE_SECONDS = 2.2


def _fault(
    name: str, sentence: str, *headers: tuple[str, str], layer: str = "http"
) -> Fault:
    def apply(hooks: Hooks) -> None:
        hooks.http.answers.append(marking(is_status, *headers))

    return Fault(name, layer, sentence, "http-stale", apply)


async def _wait(request: Request, response: Response) -> Response:
    if is_status(request):
        await asyncio.sleep(_LATE_SECONDS)
    return response


def _answer_late(hooks: Hooks) -> None:
    hooks.http.answers.append(_wait)


_OLD = ("Date", "Sat, 01 Aug 2026 00:00:00 GMT")

FAULTS = (
    _fault(
        "http-stale-age",
        "The status is a cached copy of a day ago, with an old Date.",
        ("Age", "86400"),
        ("X-Cache", "Hit from cloudfront"),
        _OLD,
    ),
    _fault(
        "http-stale-hit",
        "The status is a cached copy that does not tell its age.",
        ("X-Cache", "Hit from cloudfront"),
        _OLD,
    ),
    _fault(
        "http-stale-silent",
        "A cached copy that only its Date gives away, beside that of a signed answer.",
        _OLD,
        layer="auth",
    ),
    Fault(
        "http-slow",
        "http",
        "The status takes more than two seconds.",
        "http-slow",
        _answer_late,
    ),
)
