"""Write the seeds: ``python -m tests.fuzz.generate``. None of them holds a key.

A seed is what a healthy peer says, small. Where it depends on what the client sent
(ids, accept values), the target fills that in.
"""

import gzip
import zlib
from collections.abc import Mapping

import dns.edns
import dns.flags
import dns.message
import dns.rcode
import dns.rrset
from simplefix import FixMessage

from tests.fuzz.campaign import CORPUS
from tests.fuzz.climbing import COMP_ID
from tests.fuzz.parsers.environments import SECRET
from tests.selftest.signing.material import KEY_ID

_STATUS = (
    b'{"exchange_active":true,"trading_active":true,'
    b'"exchange_estimated_resume_time":null,"exchange_index_statuses":'
    b'[{"exchange_index":0,"description":"x","exchange_active":true,'
    b'"trading_active":true}]}'
)
_PAUSED = b'{"exchange_active":false,"trading_active":false}'
_HEAD = (
    b"Content-Type: application/json\r\nDate: Sun, 22 Nov 2026 04:00:00 GMT\r\n"
    b"Server: awselb/2.0\r\n"
)
_UPGRADED = (
    b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
    b"Connection: Upgrade\r\nSec-WebSocket-Accept: {accept}\r\n\r\n"
)


def _answer(status: bytes, body: bytes, *more: bytes) -> bytes:
    length = b"Content-Length: %d\r\n" % len(body)
    head = b"HTTP/1.1 " + status + b"\r\n" + _HEAD + b"".join(more) + length
    return head + b"\r\n" + body


def _chunked(body: bytes) -> bytes:
    chunks = b"".join(
        b"%x\r\n%b\r\n" % (len(piece), piece) for piece in (body[:9], body[9:])
    )
    head = b"HTTP/1.1 200 OK\r\n" + _HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
    return head + chunks + b"0\r\nX-Trailer: y\r\n\r\n"


def _http() -> Mapping[str, bytes]:
    packed = gzip.compress(_STATUS, mtime=0)
    return {
        "good": _answer(b"200 OK", _STATUS),
        "paused": _answer(b"503 Service Unavailable", _PAUSED),
        "chunked": _chunked(_STATUS),
        "gzip": _answer(b"200 OK", packed, b"Content-Encoding: gzip\r\n"),
        "deflate": _answer(
            b"200 OK", zlib.compress(_STATUS), b"Content-Encoding: deflate\r\n"
        ),
        "page": _answer(b"403 Forbidden", b"<html><body>403 Forbidden</body></html>"),
        "redirect": _answer(
            b"302 Found", b"", b"Location: https://other.test/login?a=b\r\n"
        ),
        "limited": _answer(b"429 Too Many", b"{}", b"Retry-After: 3\r\n"),
        "cached": _answer(b"200 OK", _STATUS, b"Age: 3600\r\nX-Cache: Hit from x\r\n"),
        # Found by damage, and mended:
        "found-date": _answer(b"200 OK", _STATUS).replace(
            b"22 Nov", b"9" * 22 + b" Nov"
        ),
        "found-port": _answer(b"302 Found", b"", b"Location: https://x.test:y/\r\n"),
        "found-bracket": _answer(b"302 Found", b"", b"Location: http://[::1\r\n"),
        "found-escape": _answer(b"302 Found", b"", b"Location: \x1bhttps://x/\r\n"),
        "interim": b"HTTP/1.1 103 Early Hints\r\nLink: <x>\r\n\r\n"
        + _answer(b"200 OK", _STATUS),
    }


def _refusal(code: bytes) -> bytes:
    return b'{"error":{"code":"%b","message":"m","details":"d"}}' % code


def _auth() -> Mapping[str, bytes]:
    balance = _answer(b"200 OK", b'{"balance":1000,"portfolio_value":5}')
    refused = _answer(b"401 Unauthorized", _refusal(b"INCORRECT_API_KEY_SIGNATURE"))
    return {
        "good": balance + refused,
        "accepted": balance + balance,
        "unknown": _answer(b"401 Unauthorized", _refusal(b"NOT_FOUND")) + refused,
        "expired": _answer(b"401 Unauthorized", _refusal(b"header_timestamp_expired"))
        + refused,
        "scope": _answer(b"403 Forbidden", _refusal(b"insufficient_scope")) + refused,
        "gone": _answer(b"404 Not Found", b'{"code":"not_found","message":"m"}')
        + refused,
    }


def _text(message: bytes) -> bytes:
    return b"\x81" + bytes([len(message)]) + message


def _websocket() -> Mapping[str, bytes]:
    acknowledged = _text(
        b'{"id":1,"type":"subscribed","msg":{"channel":"ticker","sid":1}}'
    )
    pong = b"\x8a\x10kalshi-preflight"
    data = _text(b'{"type":"ticker","sid":1,"msg":{"market_ticker":"KX-1"}}')
    split = b"\x01\x05" + b'{"typ' + b"\x89\x00" + b"\x80\x10" + b'e":"subscribed"}'
    refused = _text(b'{"id":1,"type":"error","msg":{"code":9,"msg":"Auth required"}}')
    return {
        "good": _UPGRADED + acknowledged + pong,
        "data": _UPGRADED + data * 3 + acknowledged + pong,
        "split": _UPGRADED + split + pong,
        "refused": _UPGRADED + refused + pong,
        "closed": _UPGRADED + b"\x88\x06\x03\xf0gone",
        "forbidden": b"HTTP/1.1 403 Forbidden\r\nSec-WebSocket-Version: 13\r\n"
        b"Content-Length: 10\r\n\r\nForbidden\n",
        "unauthorized": _answer(b"401 Unauthorized", _refusal(b"NOT_FOUND")),
        # Found by damage, and mended:
        "found-reason": _UPGRADED + b"\x88\x04\x03\xf0\xff\xfe",
        "found-twice": _answer(b"403 Forbidden", b"", b"Via: 1.1 a\r\nVia: 1.1 b\r\n"),
        "found-behind": _UPGRADED + acknowledged + pong + b"\xff\xff",
        "found-fragments": _UPGRADED + b"\x01\x00" + b"\x00\x00" * 1000,
    }


def _fix_message(kind: str, *fields: tuple[int, str]) -> bytes:
    message = FixMessage()
    message.append_pair(8, "FIXT.1.1")
    message.append_pair(35, kind)
    address = ((49, "Kalshi"), (56, KEY_ID), (34, "1"))
    for tag, value in (*address, (52, "20261122-04:00:00.000"), *fields):
        message.append_pair(tag, value)
    data: bytes = message.encode()
    return data


def _fix() -> Mapping[str, bytes]:
    logon = _fix_message("A", (98, "0"), (108, "30"), (1137, "9"))
    return {
        "logon": logon + _fix_message("0", (112, "x")) + _fix_message("1", (112, "y")),
        "logout": _fix_message("5", (58, "API usage level is not allowed for FIX")),
        "put-out": logon + _fix_message("5", (58, "bye")),
        "reject": _fix_message("3", (45, "1"), (371, "52"), (373, "10"), (58, "x")),
        "business": _fix_message("j", (380, "8"), (58, "rate limit exceeded")),
        "data": _fix_message("A", (95, "4"), (96, "abcd"), (108, "30")),
        "echo": logon.replace(KEY_ID.encode(), COMP_ID.encode()),
    }


def _connect() -> Mapping[str, bytes]:
    denied = b"Proxy-Authenticate: Basic realm=x\r\n"
    return {
        "good": b"HTTP/1.1 200 Connection established\r\n\r\n",
        "denied": _answer(b"407 Proxy Authentication Required", b"no", denied),
        "filtered": _answer(b"403 Forbidden", b"<html>blocked</html>"),
        "chunked": _chunked(b"blocked by policy").replace(b"200 OK", b"502 Bad"),
        "tls": b"\x15\x03\x03\x00\x02\x02\x28",
    }


def _dns() -> Mapping[str, bytes]:
    asked = dns.message.make_query("api.lab.test.", "A", use_edns=0, id=1)
    made = {}
    for name, records in _ANSWERS.items():
        reply = dns.message.make_response(asked)
        for record in records:
            owner, ttl, rest = record.split(" ", 2)
            rrset = dns.rrset.from_text_list(owner, int(ttl), "IN", *_typed(rest))
            reply.answer.append(rrset)
        made[name] = reply.to_wire()
    gone = dns.message.make_response(asked)
    gone.set_rcode(dns.rcode.NXDOMAIN)
    gone.use_edns(0, options=[dns.edns.EDEOption(dns.edns.EDECode.BLOCKED, "blocked")])
    cut = dns.message.make_response(asked)
    cut.flags |= dns.flags.TC
    return {**made, "gone": gone.to_wire(), "cut": cut.to_wire()}


def _typed(record: str) -> tuple[str, list[str]]:
    kind, _, data = record.partition(" ")
    return kind, [data]


_ANSWERS = {
    "good": ["api.lab.test. 5 A 127.0.0.1"],
    "six": ["api.lab.test. 5 AAAA ::1"],
    "alias": [
        "api.lab.test. 5 CNAME edge.lab.test.",
        "edge.lab.test. 5 A 127.0.0.1",
    ],
    "loop": [
        "api.lab.test. 5 CNAME edge.lab.test.",
        "edge.lab.test. 5 CNAME api.lab.test.",
    ],
    "text": ["api.lab.test. 5 TXT x"],
    "empty": [],
}


def _environments() -> Mapping[str, bytes]:
    rest = 'rest = "https://api.lab.test/trade-api/v2"\n'
    own = f'credentials = {{ key_id = "{SECRET}", private_key_file = "x.pem" }}\n'
    texts = {
        "small": f"[environments.lab]\n{rest}",
        "whole": f"[environments.lab]\n{rest}"
        'websocket = "wss://api.lab.test:8443/trade-api/ws/v2"\n'
        'fix = { host = "127.0.0.1", port = 8228, target_comp_id = "KalshiNR" }\n'
        'alternates = { rest = ["https://other.lab.test/trade-api/v2"] }\n'
        'resolver = "127.0.0.1:5353"\n'
        'connect_to = { "api.lab.test:443" = "127.0.0.1:8443" }\n'
        f"{own}"
        'controls = { hosts = ["127.0.0.1:1"], resolvers = ["127.0.0.1:2"] }\n'
        'sibling = "demo"\nrequired = ["rest", "websocket"]\n',
        "bent": f"[environments.demo]\n{own}\n[environments.two]\n{rest}",
    }
    return {name: text.encode() for name, text in texts.items()}


SEEDS = {
    "proxy": _connect,
    "dns": _dns,
    "environments": _environments,
    "http": _http,
    "auth": _auth,
    "websocket": _websocket,
    "fix": _fix,
}


def main() -> None:
    """Write them all."""
    for target, seeds in SEEDS.items():
        folder = CORPUS / target
        folder.mkdir(parents=True, exist_ok=True)
        for name, data in seeds().items():
            (folder / name).write_bytes(data)


if __name__ == "__main__":
    main()
