"""Compressed bodies: whole, cut, damaged, and larger than they look."""

import gzip
import tracemalloc
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kalshi_preflight.probes.compression import BrokenCompression, Unpacker
from kalshi_preflight.probes.wire import TooMuch

pytestmark = pytest.mark.selftest

LIMIT_BYTES = 1 << 20


@given(st.binary(max_size=5000), st.integers(1, 700), st.sampled_from(["gzip", ""]))
def test_a_whole_body_comes_back(body: bytes, size: int, encoding: str) -> None:
    """In whatever parts it comes, packed or not, the body is the same."""
    packed = gzip.compress(body) if encoding else body
    unpacker = Unpacker(encoding, LIMIT_BYTES)
    for i in range(0, len(packed), size):
        unpacker.feed(packed[i : i + size])
    assert unpacker.whole() == body


def test_deflate_is_understood() -> None:
    """``deflate`` is zlib's format (RFC 9110 §8.4.1.2)."""
    unpacker = Unpacker("deflate", LIMIT_BYTES)
    unpacker.feed(zlib.compress(b"status"))
    assert unpacker.whole() == b"status"


@pytest.mark.parametrize("kept", [1, 10, 20, -1])
def test_a_cut_body_is_broken(kept: int) -> None:
    """A stream that ends early is not taken for a whole one."""
    unpacker = Unpacker("gzip", LIMIT_BYTES)
    unpacker.feed(gzip.compress(b"a" * 500)[:kept])
    with pytest.raises(BrokenCompression):
        unpacker.whole()


def test_what_is_not_packed_is_broken() -> None:
    """A body that only says it is packed is refused at once."""
    with pytest.raises(BrokenCompression):
        Unpacker("gzip", LIMIT_BYTES).feed(b'{"exchange_active":true}')


def test_a_bomb_does_not_reach_the_memory() -> None:
    """One small part that unpacks to 256 MiB costs a few times the limit at most."""
    bomb = gzip.compress(b"\0" * (256 << 20), 9)
    unpacker = Unpacker("gzip", LIMIT_BYTES)
    tracemalloc.start()
    try:
        with pytest.raises(TooMuch):
            unpacker.feed(bomb)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 8 * LIMIT_BYTES
