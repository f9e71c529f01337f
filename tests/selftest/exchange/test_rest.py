"""REST beyond its shapes: paging, filters, limits, scopes, keep-alive, no writes."""

import json
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kalshi_preflight.exchange import Exchange
from kalshi_preflight.exchange.bucket import Bucket, Tier
from tests.selftest.exchange.client import Client, load_key, sign

pytestmark = pytest.mark.selftest

BALANCE = "/trade-api/v2/portfolio/balance"


def test_pages_cover_the_listing_once(tmp_path: Path) -> None:
    """Pages follow their cursors to an empty one and repeat nothing."""
    with Exchange(tmp_path) as exchange:
        client = Client(exchange.state)
        seen: list[str] = []
        cursor = ""
        while True:
            page = client.request(f"/markets?limit=17&cursor={cursor}").document
            seen += [market["ticker"] for market in page["markets"]]
            cursor = page["cursor"]
            if not cursor:
                break
        assert seen == list(exchange.book.markets)


def test_last_page_that_is_full_has_no_cursor(tmp_path: Path) -> None:
    """A page that ends with the listing is the last, though it is full."""
    with Exchange(tmp_path) as exchange:
        count = len(exchange.book.markets)
        answer = Client(exchange.state).request(f"/markets?limit={count}")
    assert len(answer.document["markets"]) == count
    assert answer.document["cursor"] == ""


def test_invented_cursor_starts_over(tmp_path: Path) -> None:
    """An invented cursor is not refused."""
    with Exchange(tmp_path) as exchange:
        client = Client(exchange.state)
        assert client.request("/markets?limit=1&cursor=Zm9v").status == 200


@pytest.mark.parametrize(
    ("word", "status"), [("open", "active"), ("settled", "finalized")]
)
def test_status_filter_translates(tmp_path: Path, word: str, status: str) -> None:
    """The filter's words select the statuses that they stand for."""
    with Exchange(tmp_path) as exchange:
        answer = Client(exchange.state).request(f"/markets?status={word}")
    assert {market["status"] for market in answer.document["markets"]} == {status}


def test_status_of_a_market_is_no_filter(tmp_path: Path) -> None:
    """``status=active`` is refused: the filter has other words."""
    with Exchange(tmp_path) as exchange:
        assert Client(exchange.state).request("/markets?status=active").status == 400


def test_trailing_slash_moves(tmp_path: Path) -> None:
    """A trailing slash is answered with 301 to the path without it."""
    with Exchange(tmp_path) as exchange:
        answer = Client(exchange.state).request("/markets/?limit=1")
    assert answer.status == 301
    assert answer.headers["location"] == "/trade-api/v2/markets?limit=1"


def test_bucket_empties_and_refills() -> None:
    """A bucket serves its capacity at once, and then at its rate."""
    now = [0.0]
    bucket = Bucket(200, 600, lambda: now[0])
    assert [bucket.take() for _ in range(61)] == [True] * 60 + [False]
    now[0] += 0.1
    assert [bucket.take() for _ in range(3)] == [True, True, False]


def test_end_of_the_budget_is_429(tmp_path: Path) -> None:
    """Reads beyond the account's budget get 429, without Retry-After."""
    with Exchange(tmp_path, tier=Tier("small", 1, 30, 1, 10)) as exchange:
        client = Client(exchange.state)
        answers = [client.signed("/portfolio/balance") for _ in range(4)]
    assert [answer.status for answer in answers] == [200, 200, 200, 429]
    assert answers[-1].body == b'{"error":"too many requests"}'
    assert "retry-after" not in answers[-1].headers


def test_ed25519_key_signs_too(tmp_path: Path) -> None:
    """The Ed25519 key of the account reads the balance."""
    with Exchange(tmp_path) as exchange:
        client = Client(exchange.state)
        second = exchange.state.ed25519
        key = load_key(second.private_key_file.read_bytes())
        headers = sign(key, second.key_id, "GET", BALANCE)
        assert client.request("/portfolio/balance", headers=headers).status == 200


def test_other_salt_is_refused(tmp_path: Path) -> None:
    """A salt that is not as long as the digest does not verify."""
    with Exchange(tmp_path) as exchange:
        client = Client(exchange.state)
        headers = client.signature("GET", BALANCE, salt_length=20)
        assert client.request("/portfolio/balance", headers=headers).status == 401


@pytest.mark.parametrize(
    ("scopes", "path", "status"),
    [
        (("read::portfolio_balance",), "/portfolio/balance", 200),
        (("read::portfolio_balance",), "/portfolio/orders", 403),
        (("read",), "/portfolio/orders", 200),
        (("write::transfer",), "/portfolio/balance", 403),
    ],
)
def test_scopes_open_their_endpoints(
    tmp_path: Path, scopes: tuple[str, ...], path: str, status: int
) -> None:
    """A child scope opens its endpoint alone; what is not granted is 403 with JSON."""
    with Exchange(tmp_path) as exchange:
        key = Ed25519PrivateKey.generate()
        key_id = exchange.register(key.public_key(), scopes=scopes)
        headers = sign(key, key_id, "GET", f"/trade-api/v2{path}")
        answer = Client(exchange.state).request(path, headers=headers)
    assert answer.status == status
    assert isinstance(answer.document, dict)


def test_read_only_key_cannot_write(tmp_path: Path) -> None:
    """A write with a read-only key is 403."""
    path = "/portfolio/events/orders"
    with Exchange(tmp_path) as exchange:
        key = Ed25519PrivateKey.generate()
        key_id = exchange.register(key.public_key(), scopes=("read",))
        headers = sign(key, key_id, "POST", f"/trade-api/v2{path}")
        answer = Client(exchange.state).request(path, method="POST", headers=headers)
    assert answer.status == 403


def test_restricted_key_may_not_list_keys(tmp_path: Path) -> None:
    """A sub-account's key reads the balance and gets 401 on the list of keys."""
    with Exchange(tmp_path) as exchange:
        key = Ed25519PrivateKey.generate()
        scopes = ("read", "write::trade")
        key_id = exchange.register(key.public_key(), scopes=scopes, subaccount=0)
        statuses = [
            Client(exchange.state)
            .request(path, headers=sign(key, key_id, "GET", f"/trade-api/v2{path}"))
            .status
            for path in ("/portfolio/balance", "/api_keys")
        ]
    assert statuses == [200, 401]


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("POST", "/portfolio/events/orders", {"ticker": "T", "count": "1"}, 400),
        ("DELETE", "/portfolio/events/orders/x", None, 404),
        ("POST", "/portfolio/orders", {}, 410),
        ("DELETE", "/portfolio/orders/x", None, 410),
        ("POST", "/portfolio/subaccounts/transfer", {}, 503),
        ("PUT", "/portfolio/order_groups/x/limit", {}, 403),
        ("POST", "/api_keys/generate", {}, 403),
        ("POST", "/login", {}, 404),
    ],
)
def test_no_write_succeeds_and_every_write_is_counted(
    tmp_path: Path, method: str, path: str, body: object, status: int
) -> None:
    """A signed write is refused, changes nothing, and is counted as state changing."""
    with Exchange(tmp_path) as exchange:
        client = Client(exchange.state)
        before = client.signed("/portfolio/orders").body
        assert exchange.ledger.state_changing == 0
        answer = client.signed(
            path,
            method=method,
            body=json.dumps(body).encode(),
            headers={"Content-Type": "application/json"},
        )
        assert answer.status == status
        assert exchange.ledger.state_changing == 1
        assert len(client.signed("/portfolio/orders").body) == len(before)


@pytest.mark.parametrize(
    ("fault", "status"), [("trading-paused", 409), ("exchange-paused", 409)]
)
def test_order_while_paused_is_a_conflict(
    tmp_path: Path, fault: str, status: int
) -> None:
    """An order during a pause is answered 409."""
    with Exchange(tmp_path, faults=[fault]) as exchange:
        answer = Client(exchange.state).signed(
            "/portfolio/events/orders",
            method="POST",
            body=b"{}",
            headers={"Content-Type": "application/json"},
        )
    assert answer.status == status


def test_connection_is_kept_alive(tmp_path: Path) -> None:
    """Two requests go over one connection; pipelined bytes are not lost."""
    request = b"GET /trade-api/v2/exchange/status HTTP/1.1\r\nHost: localhost\r\n\r\n"
    with (
        Exchange(tmp_path) as exchange,
        Client(exchange.state).tls() as secured,
    ):
        secured.sendall(request * 2)
        received = b""
        while received.count(b"HTTP/1.1 200 OK") < 2:
            chunk = secured.recv(65536)
            assert chunk
            received += chunk
        assert exchange.ledger.connections("web") == 1
        assert exchange.ledger.count("rest") == 2


def test_what_is_no_http_is_answered_400(tmp_path: Path) -> None:
    """Noise above TLS is answered with 400 and the connection ends."""
    with (
        Exchange(tmp_path) as exchange,
        Client(exchange.state).tls() as secured,
    ):
        secured.sendall(b"\x00\x01 noise\r\n\r\n")
        received = b""
        while chunk := secured.recv(65536):
            received += chunk
    assert received.startswith(b"HTTP/1.1 400 ")


def test_data_are_unavailable_while_the_exchange_is_down(tmp_path: Path) -> None:
    """During an exchange pause market data answer 503 and the status answers 200."""
    with Exchange(tmp_path, faults=["exchange-paused"]) as exchange:
        client = Client(exchange.state)
        assert client.request("/markets").status == 503
        assert client.request("/exchange/status").status == 200
