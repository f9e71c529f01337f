"""The exchange says itself that it is paused, in every form in which it may."""

from kalshi_preflight.exchange.faults.fault import Fault
from kalshi_preflight.exchange.hooks import Hooks
from kalshi_preflight.exchange.interception import answering, is_status
from kalshi_preflight.exchange.message import Response, as_json

_CLOSED = {"exchange_active": False, "trading_active": False}
_RESUMES = {"exchange_estimated_resume_time": "2026-11-26T10:00:00Z"}


def _fault(name: str, cause: str, sentence: str, answer: Response) -> Fault:
    def apply(hooks: Hooks) -> None:
        hooks.http.answers.append(answering(is_status, answer))

    return Fault(name, "http", sentence, cause, apply)


def _shards(*active: bool) -> Response:
    shards = [
        {
            "exchange_index": index,
            "description": ("Default", "Combos")[index],
            "exchange_active": True,
            "trading_active": trading,
        }
        for index, trading in enumerate(active)
    ]
    whole = {"exchange_active": True, "trading_active": active[0]}
    return as_json({**whole, "exchange_index_statuses": shards})


FAULTS = (
    *(
        _fault(
            f"exchange-paused-{status}",
            "exchange-paused",
            f"{status} with a status body that says exchange_active false.",
            as_json({**_CLOSED, **_RESUMES}, status),
        )
        for status in (200, 500, 503, 504)
    ),
    _fault(
        "exchange-paused-contradictory",
        "exchange-paused",
        "The status says exchange_active false and trading_active true.",
        as_json({"exchange_active": False, "trading_active": True}),
    ),
    _fault(
        "trading-paused-in-part",
        "trading-paused",
        "Trading is paused on one of two shards only.",
        _shards(True, False),
    ),
)
