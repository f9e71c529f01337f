"""10,000 requests and 50,000 WebSocket messages through the exchange.

Prints resident memory and open descriptors of the exchange's process before, during
and after; ends with 1 if either has grown. Without ``--long`` it is a tenth, for CI.

    python -m benchmarks.exchange [--long]
"""

import argparse
import asyncio
import http.client
import json
import multiprocessing
import ssl
import sys
import tempfile
import time
from collections.abc import Sequence
from multiprocessing.connection import Connection
from pathlib import Path
from urllib.parse import urlsplit

import psutil
from websockets.asyncio.client import connect

from kalshi_preflight.exchange import Exchange
from tests.selftest.exchange.client import load_key, sign

REQUESTS = 10_000
MESSAGES = 50_000
CONNECTIONS = 500  # requests are spread over this many connections
STEPS = 10
# The first steps fill the ledger and the allocator's pools: growth counts after them.
WARM_STEPS = 3
ALLOWED_BYTES = 2 << 20
PATHS = (
    "/exchange/status",
    "/markets?limit=10",
    "/markets/trades?limit=10",
    "/events?limit=3",
    "/nowhere",
)


def serve(directory: str, pipe: Connection) -> None:
    """Run an exchange until the other side says so (in a process of its own)."""
    with Exchange(Path(directory), seed=1, moves_per_second=2000) as exchange:
        pipe.send(exchange.state.document())
        pipe.recv()


def request_all(state: dict[str, str], count: int) -> None:
    """Send requests over a number of kept-alive connections."""
    context = ssl.create_default_context(cafile=state["ca_file"])
    address = urlsplit(state["rest"])
    per_connection = max(count // CONNECTIONS, 1)
    sent = 0
    while sent < count:
        connection = http.client.HTTPSConnection(address.netloc, context=context)
        for _ in range(per_connection):
            path = PATHS[sent % len(PATHS)]
            connection.request("GET", address.path + path)
            connection.getresponse().read()
            sent += 1
        connection.close()


def signed(state: dict[str, str]) -> dict[str, str]:
    """Sign an upgrade."""
    key = load_key(Path(state["private_key_file"]).read_bytes())
    return sign(key, state["key_id"], "GET", "/trade-api/ws/v2")


async def receive_all(
    state: dict[str, str], headers: dict[str, str], count: int
) -> None:
    """Receive data messages over one WebSocket."""
    context = ssl.create_default_context(cafile=state["ca_file"])
    subscribe = {
        "id": 1,
        "cmd": "subscribe",
        "params": {"channels": ["ticker", "trade"]},
    }
    async with connect(
        state["websocket"], ssl=context, additional_headers=headers, proxy=None
    ) as websocket:
        await websocket.send(json.dumps(subscribe))
        for _ in range(count):
            await websocket.recv()


def measure(requests: int, messages: int) -> bool:
    """Run and print; True if nothing has grown."""
    pipe, far = multiprocessing.Pipe()
    with tempfile.TemporaryDirectory() as directory:
        child = multiprocessing.Process(target=serve, args=(directory, far))
        child.start()
        state = pipe.recv()
        process = psutil.Process(child.pid)
        rows = [row(process, 0, 0)]
        for step in range(1, STEPS + 1):
            request_all(state, requests // STEPS)
            asyncio.run(receive_all(state, signed(state), messages // STEPS))
            rows.append(
                row(process, step * requests // STEPS, step * messages // STEPS)
            )
        pipe.send("stop")
        child.join(20)
    warm, last = rows[WARM_STEPS], rows[-1]
    grown = last[0] - warm[0]
    say(f"memory since step {WARM_STEPS}: {grown / 1024:+.0f} KiB")
    say(f"descriptors since step {WARM_STEPS}: {last[1] - warm[1]:+d}")
    return grown <= ALLOWED_BYTES and last[1] <= warm[1]


def row(process: psutil.Process, requests: int, messages: int) -> tuple[int, int]:
    """Print one line; returns resident bytes and descriptors."""
    settle(process)
    resident, open_now = process.memory_info().rss, descriptors(process)
    say(
        f"{requests:6d} requests {messages:6d} messages: "
        f"{resident / 1024 / 1024:6.1f} MiB, {open_now} descriptors"
    )
    return resident, open_now


def settle(process: psutil.Process) -> None:
    """Wait until the exchange has noticed that our connections are closed."""
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        states = {c.status for c in process.net_connections("tcp")}
        if states <= {"LISTEN", "NONE"}:
            return
        time.sleep(0.05)


def descriptors(process: psutil.Process) -> int:
    """Count open descriptors (handles on Windows)."""
    if sys.platform == "win32":
        return process.num_handles()
    return process.num_fds()


def say(line: str) -> None:
    """Print at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main(arguments: Sequence[str] | None = None) -> int:
    """Run; returns the exit code."""
    parser = argparse.ArgumentParser("python -m benchmarks.exchange")
    parser.add_argument("--long", action="store_true", help="ten times the load")
    share = 1 if parser.parse_args(arguments).long else 10
    began = time.perf_counter()
    sound = measure(REQUESTS // share, MESSAGES // share)
    say(f"{'no growth' if sound else 'GROWN'}, {time.perf_counter() - began:.1f} s")
    return 0 if sound else 1


if __name__ == "__main__":
    sys.exit(main())
