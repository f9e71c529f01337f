"""Our clock is far off: everybody else lives in another year.

The exchange's clock, its certificates and the control host are moved together, which
looks from outside as if the client's own clock had been moved the other way.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

from kalshi_preflight.exchange.certificates import Authority, Chain
from kalshi_preflight.exchange.faults.fault import Fault
from kalshi_preflight.exchange.hooks import Hooks
from kalshi_preflight.exchange.issuing import Form, Issuer
from kalshi_preflight.exchange.message import Request, Response
from kalshi_preflight.exchange.wire import Stream


def _issued(moved: timedelta) -> Callable[[Authority], Chain]:
    def chain(authority: Authority) -> Chain:
        form = Form(starts=moved - timedelta(days=30), ends=moved + timedelta(days=60))
        return Issuer.of(authority.root).chain(form, sent=0)

    return chain


def _all_moved(moved: timedelta) -> Callable[[Hooks], None]:
    async def dated(_: Request, response: Response) -> Response:
        date = format_datetime(datetime.now(UTC) + moved, usegmt=True)
        return response.with_header("Date", date)

    def apply(hooks: Hooks) -> None:
        hooks.clock.offset_seconds += moved.total_seconds()
        hooks.web.chain = hooks.control.chain = _issued(moved)
        hooks.control_http.answers.append(dated)

    return apply


def _without_control(moved: timedelta) -> Callable[[Hooks], None]:
    async def hang_up(stream: Stream) -> bool:
        stream.reset()
        return True

    def apply(hooks: Hooks) -> None:
        hooks.clock.offset_seconds += moved.total_seconds()
        hooks.web.chain = _issued(moved)
        hooks.control.accepted.append(hang_up)

    return apply


def _without_dates(moved: timedelta) -> Callable[[Hooks], None]:
    async def hang_up(stream: Stream) -> bool:
        await stream.close()
        return True

    def apply(hooks: Hooks) -> None:
        hooks.web.chain = hooks.control.chain = _issued(moved)
        hooks.web.secured.append(hang_up)
        hooks.control.secured.append(hang_up)

    return apply


def _fault(name: str, sentence: str, apply: Callable[[Hooks], None]) -> Fault:
    return Fault(name, "tls", sentence, "clock-wrong", apply)


FAULTS = (
    _fault(
        "clock-behind",
        "The client's clock is 400 days behind: no certificate has begun.",
        _all_moved(timedelta(days=400)),
    ),
    _fault(
        "clock-ahead",
        "The client's clock is 400 days ahead: every certificate has expired.",
        _all_moved(timedelta(days=-400)),
    ),
    _fault(
        "clock-ahead-no-control",
        "The same, and only the exchange itself tells the time.",
        _without_control(timedelta(days=-400)),
    ),
    _fault(
        "clock-behind-no-dates",
        "The same the other way, nobody tells the time, but the control host's"
        " certificate has not begun either.",
        _without_dates(timedelta(days=400)),
    ),
)
