"""The engine's database and log, inspected while they grow: time and memory.

python -m benchmarks.engine
"""

import json
import sqlite3
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from benchmarks.tables import table

#: Orders in the database: that of a real engine, and what it may become.
ROWS = (7_700, 1_000_000, 10_000_000)
LOG_BYTES = 1 << 30
_LOG_LINES = 50_000
RUNS = 5
_MEASURE = """
import json, resource, sys, time
from pathlib import Path
from kalshi_preflight.engine import database, log
from kalshi_preflight.engine.profile import SCALPER_V8

path = Path(sys.argv[1])
if path.suffix == ".db":
    inspect = lambda: database.inspect(path, SCALPER_V8)
else:
    now = time.time()
    inspect = lambda: log.inspect(path, SCALPER_V8, now_unix=now, offset_seconds=0.0)
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
times = []
for _ in range(int(sys.argv[2])):
    started = time.perf_counter()
    facts = inspect()
    times.append((time.perf_counter() - started) * 1000)
after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
assert "refused" not in facts and facts["state"] == "file", facts
print(json.dumps({"times_ms": times, "more_kib": after - before}))
"""


def build_database(path: Path, rows: int) -> None:
    """Make the database: ``rows`` orders and 6,000 snapshots."""
    base = sqlite3.connect(path)
    base.execute("PRAGMA synchronous=OFF")
    base.execute(
        "CREATE TABLE orders (order_id TEXT, ticker TEXT, status TEXT, count INTEGER,"
        " price_cents INTEGER, created_at TEXT)"
    )
    base.execute("CREATE TABLE fills (ticker TEXT, created_at TEXT)")
    base.execute("CREATE TABLE positions (ticker TEXT, side TEXT, count INTEGER)")
    base.execute(
        "CREATE TABLE pnl_snapshots (timestamp TEXT, balance_cents INTEGER,"
        " total_pnl_cents INTEGER)"
    )
    numbers = (
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)"
    )
    base.execute(
        numbers + " INSERT INTO orders SELECT 'order-' || i, 'KX-' || (i % 500),"
        " 'resting', 3, 41, datetime('now', '-1 hour') FROM n",
        [rows],
    )
    base.execute(
        numbers + " INSERT INTO pnl_snapshots"
        " SELECT datetime('now', ((i - 6000) * 30) || ' seconds'), 7800 + i, 12 FROM n",
        [6000],
    )
    base.commit()
    base.close()


def build_log(path: Path, size_bytes: int) -> None:
    """Make a log of this size: a hole, and lines of just now at its end."""
    stamp = datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S")
    line = f"{stamp},123 INFO scalper: loop took 0.4 s, 18 positions\n"
    with path.open("wb") as file:
        file.seek(size_bytes - len(line) * _LOG_LINES)
        file.write(line.encode() * _LOG_LINES)


def measured(name: str, path: Path, build: Callable[[Path], None]) -> tuple[str, ...]:
    """Build, inspect in a fresh process; one row of the table."""
    build(path)
    told = subprocess.run(
        [sys.executable, "-c", _MEASURE, str(path), str(RUNS)],
        check=True,
        capture_output=True,
        encoding="utf-8",
    )
    result = json.loads(told.stdout)
    size_mib = path.stat().st_size / (1 << 20)
    path.unlink()
    times = result["times_ms"]
    more = f"{result['more_kib'] / 1024:.1f}"
    first, middle = f"{times[0]:.1f}", f"{statistics.median(times):.1f}"
    return name, f"{size_mib:,.0f}", first, middle, more


def engine_table() -> str:
    """(e) Every size, as a table."""
    with tempfile.TemporaryDirectory() as folder:
        base, log = Path(folder) / "scalper_v8.db", Path(folder) / "scalper_v8.log"
        rows = [
            measured(f"{n:,} orders", base, partial(build_database, rows=n))
            for n in ROWS
        ]
        growing = partial(build_log, size_bytes=LOG_BYTES)
        rows.append(measured("log of 1 GiB", log, growing))
    head = ("engine inspected", "MiB", "first ms", "median ms", "more MiB")
    return table(head, rows)


def main() -> int:
    """Measure and print."""
    sys.stdout.write(engine_table())
    return 0


if __name__ == "__main__":
    sys.exit(main())
