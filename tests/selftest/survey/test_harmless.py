"""Oddities that are no fault: nothing may be found, nothing warned of."""

import itertools
from collections.abc import Callable
from pathlib import Path

import pytest
from websockets.frames import Frame, Opcode

from kalshi_preflight.exchange import Exchange
from kalshi_preflight.exchange.hooks import Hooks
from kalshi_preflight.exchange.interception import (
    Then,
    answering,
    body_of,
    head_of,
    is_balance,
    is_rest,
    is_status,
    marking,
    sending,
)
from kalshi_preflight.exchange.message import JSON_TYPE, Request, Response
from kalshi_preflight.exchange.wire import Stream
from kalshi_preflight.plugin.sandbox import sandbox_environment, sandbox_sibling
from tests.selftest.surveys import survey_environment
from tests.selftest.test_matrix import found

pytestmark = pytest.mark.selftest

_STATUS = '{"exchange_active":true,"trading_active":true}'


def _json(body: bytes, content_type: str = JSON_TYPE) -> Callable[[Hooks], None]:
    answer = Response(200, body, (("Content-Type", content_type),))
    return lambda hooks: hooks.http.answers.append(answering(is_status, answer))


def _http_1_0(hooks: Hooks) -> None:
    def change(wire: bytes) -> bytes:
        return wire.replace(b"HTTP/1.1", b"HTTP/1.0")

    hooks.http.sends.append(sending(is_status, change))


def _many_headers(hooks: Hooks) -> None:
    headers = [(f"X-Header-{number}", "x") for number in range(200)]
    hooks.http.answers.append(marking(is_rest, *headers))


def _interim_first(hooks: Hooks) -> None:
    def change(wire: bytes) -> bytes:
        return b"HTTP/1.1 103 Early Hints\r\n\r\n" + wire

    hooks.http.sends.append(sending(is_status, change))


def _in_parts(hooks: Hooks) -> None:
    def change(wire: bytes) -> list[bytes]:
        return [wire[i : i + 7] for i in range(0, len(wire), 7)]

    hooks.http.sends.append(sending(is_rest, change))


def _chunked(hooks: Hooks) -> None:
    def change(wire: bytes) -> bytes:
        body = body_of(wire)
        head = head_of(wire).replace(
            b"Content-Length: %d" % len(body), b"Transfer-Encoding: chunked"
        )
        return head + b"%x\r\n%b\r\n0\r\n\r\n" % (len(body), body)

    hooks.http.sends.append(sending(is_rest, change))


def _die_idle(then: Then) -> Callable[[Hooks], None]:
    """Let the kept-alive connection die as the next request comes, once."""

    def apply(hooks: Hooks) -> None:
        seen = itertools.count()

        def concerns(request: Request) -> bool:
            return is_balance(request) and next(seen) == 0

        hooks.http.sends.append(sending(concerns, lambda _: b"", then))

    return apply


def _cached_seconds_ago(hooks: Hooks) -> None:
    hooks.http.answers.append(marking(is_status, ("Age", "0")))


def _without_pong(hooks: Hooks) -> None:
    hooks.websocket.sends_pongs = False


def _fragmented(hooks: Hooks) -> None:
    """Send every message in pieces, with a ping between them (RFC 6455 §5.4)."""

    def frame(document: dict[str, object]) -> bytes:
        import json

        data = json.dumps(document).encode()
        pieces = (
            Frame(Opcode.TEXT, data[:5], fin=False),
            Frame(Opcode.PING, b"between"),
            Frame(Opcode.CONT, data[5:9], fin=False),
            Frame(Opcode.CONT, data[9:]),
        )
        return b"".join(piece.serialize(mask=False) for piece in pieces)

    hooks.websocket.frames.append(frame)


def _pinged_a_lot(hooks: Hooks) -> None:
    async def opened(stream: Stream) -> bool:
        await stream.send(Frame(Opcode.PING, b"x").serialize(mask=False) * 500)
        return False

    hooks.websocket.opened.append(opened)


ODDITIES: dict[str, Callable[[Hooks], None]] = {
    "json-with-mark": _json(b"\xef\xbb\xbf" + _STATUS.encode()),
    "json-utf-16": _json(_STATUS.encode("utf-16")),
    "json-as-text": _json(_STATUS.encode(), "text/plain"),
    "json-unlabelled-blanks": _json(f"\r\n {_STATUS} \n".encode()),
    "json-same-twice": _json(f'{{"exchange_active":true,{_STATUS[1:]}'.encode()),
    "json-more-fields": _json(f'{{"news":[1,{{}}],{_STATUS[1:]}'.encode()),
    "http-1.0": _http_1_0,
    "many-headers": _many_headers,
    "early-hints": _interim_first,
    "in-parts": _in_parts,
    "chunked": _chunked,
    "idle-connection-reset": _die_idle(Then.RESET),
    "idle-connection-closed": _die_idle(Then.CLOSE),
    "fresh-from-a-cache": _cached_seconds_ago,
    "data-without-pong": _without_pong,
    "fragments": _fragmented,
    "many-pings": _pinged_a_lot,
}


@pytest.mark.parametrize("name", ODDITIES)
def test_an_oddity_is_no_fault(name: str, tmp_path: Path) -> None:
    """What is unusual and lawful raises no alarm, and the journeys go to the top."""
    exchange = Exchange(tmp_path)
    ODDITIES[name](exchange.hooks)
    with exchange:
        diagnosis = survey_environment(
            sandbox_environment(exchange.state),
            sibling=sandbox_sibling(exchange.state),
        )
    assert found(diagnosis) == []
    assert {step.status for j in diagnosis.journeys for step in j.steps} == {"ok"}
