"""The WebSocket: handshake, subscriptions, sequence numbers, errors, keep-alive."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from websockets.exceptions import InvalidStatus

from kalshi_preflight.exchange import Exchange
from kalshi_preflight.exchange.handshake import accept, refusal
from kalshi_preflight.exchange.message import Request
from tests.selftest.exchange.client import Client
from tests.selftest.exchange.websocket_client import WebSocket

pytestmark = pytest.mark.selftest

UPGRADE = {
    "Host": "localhost",
    "Connection": "keep-alive, Upgrade",
    "Upgrade": "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
}
Frame = dict[str, Any]


def upgrade(method: str = "GET", **changes: str | None) -> Request:
    """Build an upgrade; a change of None leaves the header out."""
    named = {name.replace("_", "-").lower(): value for name, value in changes.items()}
    headers = {name: named.get(name.lower(), value) for name, value in UPGRADE.items()}
    headers |= {"Origin": named.get("origin")}
    kept = tuple((name, value) for name, value in headers.items() if value is not None)
    return Request(method, "/trade-api/ws/v2", kept)


def test_no_header_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    """The library logs headers at level DEBUG, the signature among them: not ours."""
    request = upgrade()
    signed = (*request.headers, ("KALSHI-ACCESS-SIGNATURE", "c2lnbmF0dXJl"))
    with caplog.at_level("DEBUG"):
        protocol, _ = accept(Request("GET", request.target, signed))
        protocol.send_ping(b"alive")
    assert protocol.data_to_send()
    assert "c2lnbmF0dXJl" not in caplog.text


@pytest.mark.parametrize(
    ("request_", "status", "phrase"),
    [
        (upgrade(connection="keep-alive", upgrade=None), 400, "Bad Request"),
        (upgrade("POST", upgrade=None), 426, "Upgrade Required"),
        (upgrade("POST", sec_websocket_version="8"), 405, "Method Not Allowed"),
        (upgrade(sec_websocket_version="8", origin="x"), 400, "Bad Request"),
        (upgrade(origin="x", sec_websocket_key="short"), 403, "Forbidden"),
        (upgrade(sec_websocket_key="short"), 400, "Bad Request"),
    ],
)
def test_checks_come_in_gorilla_s_order(
    request_: Request, status: int, phrase: str
) -> None:
    """Of two things that are wrong, the one that is checked first is answered."""
    answer = refusal(request_, refuses_origin=True)
    assert answer is not None
    assert (answer.status, answer.body) == (status, f"{phrase}\n".encode())
    assert answer.header("Sec-Websocket-Version") == "13"
    assert answer.header("Upgrade") == ("websocket" if status == 426 else None)


def test_whole_upgrade_passes() -> None:
    """Nothing is refused of a whole upgrade without Origin."""
    assert refusal(upgrade(), refuses_origin=True) is None
    assert refusal(upgrade(origin="https://localhost"), refuses_origin=False) is None


@pytest.mark.parametrize("name", ["KALSHI-ACCESS-KEY", "KALSHI-ACCESS-SIGNATURE"])
def test_upgrade_needs_the_headers(tmp_path: Path, name: str) -> None:
    """Without one of the signed headers the upgrade is 401, and recorded as such."""
    with Exchange(tmp_path) as exchange:
        client = Client(exchange.state)
        with (
            pytest.raises(InvalidStatus) as refused,
            client.websocket(headers={name: ""}),
        ):
            pass
        assert refused.value.response.status_code == 401
        assert exchange.ledger.upgrades[0].status == 401
        assert exchange.ledger.upgrades[0].origin_present is False


class Conversation:
    """Commands out, frames in."""

    def __init__(self, websocket: WebSocket, ticker: str) -> None:
        self.websocket = websocket
        self.ticker = ticker

    def send(self, number: int, command: str, **params: Any) -> None:
        """Send a command."""
        message = {"id": number, "cmd": command, "params": params}
        self.websocket.send(json.dumps(message))

    def next(self, wanted: Callable[[Frame], bool]) -> Frame:
        """Return the next frame that is wanted."""
        while True:
            frame: Frame = json.loads(self.websocket.recv(10))
            if wanted(frame):
                return frame

    def answer(self, number: int) -> Frame:
        """Return the next frame with this id."""
        return self.next(lambda frame: frame.get("id") == number)

    def numbers(self, sid: int, count: int) -> list[int]:
        """Collect the sequence numbers of the next frames of a subscription."""
        return [self.next(lambda f: f.get("sid") == sid)["seq"] for _ in range(count)]


@contextmanager
def conversation(directory: Path, **options: Any) -> Iterator[Conversation]:
    """Talk to a lively exchange."""
    with Exchange(
        directory, seed=2, **{"moves_per_second": 2000, **options}
    ) as exchange:
        ticker = next(
            market.ticker
            for market in exchange.book.markets.values()
            if market.status == "active"
        )
        with Client(exchange.state).websocket() as websocket:
            yield Conversation(websocket, ticker)


def test_each_channel_is_acknowledged_before_its_data(tmp_path: Path) -> None:
    """Two channels give two acknowledgements in order, then the snapshot with seq 1."""
    with conversation(tmp_path) as talk:
        channels = ["orderbook_delta", "trade"]
        talk.send(1, "subscribe", channels=channels, market_ticker=talk.ticker)
        first, second, third = (json.loads(talk.websocket.recv(10)) for _ in range(3))
    assert [first["type"], first["msg"]] == [
        "subscribed",
        {"channel": "orderbook_delta", "sid": 1},
    ]
    assert second["msg"] == {"channel": "trade", "sid": 2}
    assert (third["type"], third["seq"]) == ("orderbook_snapshot", 1)


def test_frames_end_with_a_newline_and_tell_their_time(tmp_path: Path) -> None:
    """Text frames end with a newline and carry ``sending_ts_ms``."""
    with conversation(tmp_path) as talk:
        talk.send(1, "subscribe", channels=["ticker"])
        text = talk.websocket.recv(10)
    assert isinstance(text, str)
    assert text.endswith("\n")
    assert json.loads(text)["sending_ts_ms"] > 0


def test_book_rebuilt_from_deltas_is_the_book(tmp_path: Path) -> None:
    """A snapshot and its deltas give what a later snapshot says, without a gap."""
    with conversation(tmp_path) as talk:
        params = {"channels": ["orderbook_delta"], "market_ticker": talk.ticker}
        talk.send(1, "subscribe", **params)
        snapshot = talk.next(lambda frame: frame["type"] == "orderbook_snapshot")
        book = ladders(snapshot)
        seq = 1
        for _ in range(50):
            frame = talk.next(lambda frame: frame.get("sid") == 1)
            seq += 1
            assert frame["seq"] == seq
            apply(book, frame["msg"])
        update = {"sid": 1, "action": "get_snapshot", "market_tickers": [talk.ticker]}
        talk.send(2, "update_subscription", **update)
        while (frame := talk.next(lambda f: f.get("sid") == 1))["type"] != (
            "orderbook_snapshot"
        ):
            seq += 1
            apply(book, frame["msg"])
        assert frame["seq"] == seq + 1
        assert ladders(frame) == book


def ladders(snapshot: Frame) -> dict[tuple[str, str], int]:
    """Turn a snapshot into side and price → hundredths of a contract."""
    return {
        (side, price): hundredths(size)
        for side in ("yes", "no")
        for price, size in snapshot["msg"].get(f"{side}_dollars_fp", [])
    }


def apply(book: dict[tuple[str, str], int], message: Frame) -> None:
    """Apply a delta."""
    level = (message["side"], message["price_dollars"])
    book[level] = book.get(level, 0) + hundredths(message["delta_fp"])
    assert book[level] >= 0
    if not book[level]:
        del book[level]


def hundredths(text: str) -> int:
    """Read a contract count."""
    return round(float(text) * 100)


def test_no_prices_may_stand_on_the_yes_leg(tmp_path: Path) -> None:
    """With ``use_yes_price`` the best NO bid is the YES ask."""
    with conversation(tmp_path, moves_per_second=1) as talk:
        params = {"channels": ["orderbook_delta"], "market_ticker": talk.ticker}
        talk.send(1, "subscribe", use_yes_price=True, **params)
        message = talk.next(lambda f: f["type"] == "orderbook_snapshot")["msg"]
    best_yes = message["yes_dollars_fp"][-1][0]
    assert best_yes < message["no_dollars_fp"][0][0]


def test_control_answers_consume_a_number(tmp_path: Path) -> None:
    """An ``ok`` takes the next number of its subscription, and so leaves no gap."""
    with conversation(tmp_path) as talk:
        params = {"channels": ["orderbook_delta"], "market_ticker": talk.ticker}
        talk.send(1, "subscribe", **params)
        talk.send(
            2,
            "update_subscription",
            sid=1,
            action="add_markets",
            market_tickers=["INVENTED"],
        )
        numbers = []
        while True:
            frame = talk.next(lambda frame: frame.get("sid") == 1)
            numbers.append(frame["seq"])
            if frame["type"] == "ok":
                break
        assert frame["msg"] == {"market_tickers": [talk.ticker, "INVENTED"]}
        numbers += talk.numbers(1, 5)
    assert numbers == list(range(1, len(numbers) + 1))


def test_subscriptions_are_listed_and_ended(tmp_path: Path) -> None:
    """A list names channel and sid; after unsubscribing it is empty."""
    with conversation(tmp_path) as talk:
        talk.send(1, "subscribe", channels=["ticker", "trade"])
        talk.send(2, "list_subscriptions")
        listed = talk.answer(2)["msg"]
        talk.send(3, "unsubscribe", sids=[1, 2])
        ended = [talk.answer(3), talk.answer(3)]
        talk.send(4, "list_subscriptions")
        assert talk.answer(4)["msg"] == []
    assert listed == [{"channel": "ticker", "sid": 1}, {"channel": "trade", "sid": 2}]
    assert [(one["type"], one["sid"]) for one in ended] == [
        ("unsubscribed", 1),
        ("unsubscribed", 2),
    ]


def test_second_subscription_merges(tmp_path: Path) -> None:
    """Subscribing again answers with the same sid."""
    with conversation(tmp_path) as talk:
        talk.send(1, "subscribe", channels=["trade"], market_ticker=talk.ticker)
        talk.send(2, "subscribe", channels=["trade"], market_ticker="OTHER")
        assert talk.answer(2)["msg"] == {"channel": "trade", "sid": 1}


ONE = {"sid": 1, "market_tickers": ["T"]}


@pytest.mark.parametrize(
    ("command", "params", "code"),
    [
        ("subscribe", None, 2),
        ("subscribe", {"market_ticker": "T"}, 3),
        ("unsubscribe", {"sid": None, "x": 1}, 4),
        ("no_such_command", {}, 5),
        ("unsubscribe", {"sids": [99]}, 7),
        ("subscribe", {"channels": ["multivariate"]}, 8),
        ("subscribe", {"channels": ["ticker:T"]}, 8),
        (
            "subscribe",
            {"channels": ["ticker"], "market_ticker": "T", "market_tickers": ["T"]},
            11,
        ),
        ("update_subscription", {"sids": [1, 2], "action": "add_markets"}, 12),
        ("update_subscription", {**ONE, "action": "explode"}, 13),
        ("update_subscription", {**ONE, "action": "get_snapshot"}, 13),
        ("subscribe", {"channels": ["orderbook_delta"]}, 14),
        ("update_subscription", {"sid": 1, "action": "add_markets"}, 14),
        ("update_subscription", ONE, 15),
        ("subscribe", {"channels": ["communications"], "shard_factor": 0}, 19),
        ("subscribe", {"channels": ["communications"], "shard_key": 1}, 20),
        (
            "subscribe",
            {"channels": ["communications"], "shard_factor": 2, "shard_key": 2},
            21,
        ),
        ("subscribe", {"channels": ["communications"], "shard_factor": 101}, 22),
        ("subscribe", {"channels": ["cfbenchmarks_value"]}, 24),
        ("subscribe", {"channels": ["pyth_value"]}, 28),
    ],
)
def test_wrong_commands_have_their_codes(
    tmp_path: Path, command: str, params: Frame | None, code: int
) -> None:
    """A wrong command is answered with its own code and the id of the command."""
    with conversation(tmp_path, moves_per_second=1) as talk:
        talk.send(1, "subscribe", channels=["ticker"])
        message = {"id": 9, "cmd": command, "params": params}
        talk.websocket.send(json.dumps(message))
        answer = talk.answer(9)
    assert (answer["type"], answer["msg"]["code"]) == ("error", code)


@pytest.mark.parametrize("text", ["no json", "[1]", '{"id":"x","cmd":"subscribe"}'])
def test_what_is_no_command_is_code_1(tmp_path: Path, text: str) -> None:
    """Texts that are no command are answered with code 1; the connection stays."""
    with conversation(tmp_path) as talk:
        talk.websocket.send(text)
        assert talk.next(lambda _: True)["msg"]["code"] == 1
        talk.send(1, "list_subscriptions")
        assert talk.answer(1)["type"] == "ok"


def test_server_pings_with_heartbeat_and_answers_pings(tmp_path: Path) -> None:
    """The server's ping says ``heartbeat``, and it answers a client's ping."""
    with Exchange(tmp_path, ping_seconds=0.05) as exchange:
        client = Client(exchange.state)
        with client.websocket(compression=None) as websocket:
            assert websocket.ping().wait(5)
        with client.tls() as secured:
            secured.sendall(raw_upgrade(client))
            received = b""
            while b"\x89\x09heartbeat" not in received:
                chunk = secured.recv(65536)
                assert chunk
                received += chunk
    assert received.startswith(b"HTTP/1.1 101 ")


def raw_upgrade(client: Client) -> bytes:
    """Write a signed upgrade by hand."""
    headers = {**UPGRADE, **client.signature("GET", "/trade-api/ws/v2")}
    lines = [f"{name}: {value}" for name, value in headers.items()]
    head = ["GET /trade-api/ws/v2 HTTP/1.1", *lines, "", ""]
    return "\r\n".join(head).encode()


@pytest.mark.parametrize("compression", ["deflate", None])
def test_compression_is_agreed_if_offered(
    tmp_path: Path, compression: str | None
) -> None:
    """Permessage-deflate is agreed to without context takeover, and only if offered."""
    with Exchange(tmp_path) as exchange:
        client = Client(exchange.state)
        with client.websocket(compression=compression) as websocket:
            websocket.send('{"id":1,"cmd":"list_subscriptions"}')
            assert json.loads(websocket.recv(5))["type"] == "ok"
            assert websocket.response is not None
            agreed = websocket.response.headers.get("Sec-WebSocket-Extensions")
    expected = (
        "permessage-deflate; server_no_context_takeover; client_no_context_takeover"
    )
    assert agreed == (expected if compression else None)


def test_fill_reaches_the_private_channels(tmp_path: Path) -> None:
    """A resting order that the market fills shows in frames and in REST alike."""
    with (
        Exchange(tmp_path, seed=2, moves_per_second=2000) as exchange,
        Client(exchange.state).websocket() as websocket,
    ):
        talk = Conversation(websocket, "")
        talk.send(1, "subscribe", channels=["fill", "market_positions", "user_orders"])
        fill = talk.next(lambda frame: frame["type"] == "fill")["msg"]
        position = talk.next(lambda frame: frame["type"] == "market_position")["msg"]
        fills = Client(exchange.state).signed("/portfolio/fills").document["fills"]
    assert position["market_ticker"] == fill["market_ticker"]
    assert fill["trade_id"] in {one["fill_id"] for one in fills}
