"""A database with ten million orders, inspected: time and memory, printed.

python -m benchmarks.engine [--rows 10000000]
"""

import argparse
import json
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

ROWS = 10_000_000
RUNS = 5
_MEASURE = """
import json, resource, sys, time
from pathlib import Path
from kalshi_preflight.engine.database import inspect
from kalshi_preflight.engine.profile import SCALPER_V8
path = Path(sys.argv[1])
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
times = []
for _ in range(int(sys.argv[2])):
    started = time.perf_counter()
    facts = inspect(path, SCALPER_V8)
    times.append((time.perf_counter() - started) * 1000)
after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
assert "refused" not in facts, facts
print(json.dumps({"times_ms": times, "more_kib": after - before}))
"""


def build(path: Path, rows: int) -> None:
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


def main(arguments: Sequence[str] | None = None) -> int:
    """Build, measure in a fresh process, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=ROWS)
    wishes = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "scalper_v8.db"
        build(path, wishes.rows)
        measured = subprocess.run(
            [sys.executable, "-c", _MEASURE, str(path), str(RUNS)],
            check=True,
            capture_output=True,
            encoding="utf-8",
        )
        result = json.loads(measured.stdout)
        size_mib = path.stat().st_size >> 20
    times = ", ".join(f"{taken:.1f}" for taken in result["times_ms"])
    sys.stdout.write(
        f"{wishes.rows:,} orders, {size_mib} MiB\n"
        f"inspected in ms: {times}\n"
        f"more memory: {result['more_kib'] / 1024:.1f} MiB\n"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
