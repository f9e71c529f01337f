"""HTTP/1.1: heads, bodies, chunks, compression, dates."""

from kalshi_preflight.model.environment import EndpointKind
from kalshi_preflight.model.layer import Layer
from tests.fuzz.campaign import Target
from tests.fuzz.climbing import climb, outcome_of, wire_of


def attempt(data: bytes) -> str:
    """The cause found when ``data`` answers the request for the status."""
    return outcome_of(climb(EndpointKind.REST, Layer.HTTP, wire_of(data)))


WORDS = (
    b"\r\n",
    b"\r\n\r\n",
    b"HTTP/1.1 200 OK\r\n",
    b"HTTP/1.1 100 Continue\r\n\r\n",
    b"HTTP/1.1 101 Switching Protocols\r\n\r\n",
    b"HTTP/1.0 302 Found\r\nLocation: http://[::1\r\n",
    b"HTTP/2 200\r\n",
    b"Content-Length: 18446744073709551616\r\n",
    b"Content-Length: 5\r\n",
    b"Content-Encoding: gzip\r\n",
    b"Content-Encoding: deflate\r\n",
    b"Transfer-Encoding: chunked\r\n",
    b"ffffffffffffffff\r\n",
    b"0\r\n\r\n",
    b"Connection: close\r\n",
    b"Date: Sun, 31 Dec 9999 23:59:59 -2359\r\n",
    b"Date: Mon, 01 Jan 0001 00:00:00 +2359\r\n",
    b"Date: Sat, 22 Nov 99999 04:00:00 GMT\r\n",
    b"Retry-After: \xff\r\n",
    b"Age: 99999999999999999999\r\n",
    b'{"exchange_active":true,"trading_active":true}',
    b'{"exchange_active":[],"exchange_active":{}}',
    b'{"error":{"code":{"code":[]},"message":null}}',
    b"Infinity",
    b"1e99999",
    b"\\ud800",
    b"\xff\xfe",
)
TARGET = Target(
    name="http",
    modules=(
        "probes.http",
        "probes.exchange_client",
        "probes.transport",
        "probes.compression",
        "probes.documents",
        "causes.rules.http",
        "causes.rules.answers",
    ),
    attempt=attempt,
    short=1_000,
    whole=25_000,
    words=WORDS,
)
