"""Workspaces as Scalper V8 leaves them, generated: healthy unless told otherwise."""

import contextlib
import hashlib
import json
import os
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

from kalshi_preflight.engine.context import Context, Live
from kalshi_preflight.engine.inspection import Inspection, judge, look
from kalshi_preflight.engine.profile import SCALPER_V8, Profile, Thresholds
from kalshi_preflight.model.account import Account, Holding, RestingOrder
from kalshi_preflight.model.expectation import Expectation
from tests.selftest.signing.material import KEY_ID, pem, rsa_key

Row = dict[str, Any]
COUNTERS = {
    "daily_pnl_cents": 120,
    "total_pnl_cents": 4210,
    "open_positions": 2,
    "total_orders": 40,
    "total_fills": 12,
    "win_count": 0,
    "loss_count": 0,
    "total_fees_cents": 31,
}
#: Neither a disk that happens to be full nor a machine that is busy decides a test.
LIMITS = Thresholds(
    disk_free_bytes=0,
    disk_free_share=0.0,
    busy_seconds=0.2,
    query_seconds=30.0,
    dashboard_page_seconds=20.0,
)
PROFILE = replace(SCALPER_V8, thresholds=LIMITS)
#: Sleeps until its standard input is closed: an engine that does nothing.
_MAIN = "import sys\nsys.stdin.read()\n"
_PAGE = {"status": "starting"}


def written(unix: float) -> str:
    """A time as the engine writes it: naive, UTC, to the second."""
    return f"{datetime.fromtimestamp(unix, UTC):%Y-%m-%d %H:%M:%S}"


def series(end: float, rows: int, *, extra: bool = True, cash: int = 7800) -> list[Row]:
    """A chain as one engine writes it: 30.2 s apart, an extra row every 10.8 min."""
    made = []
    for back in range(rows - 1, -1, -1):
        unix = end - back * 30.2
        moving = cash + (back % 40) * 3
        made.append({"unix": unix, "balance_cents": moving, **COUNTERS})
        if extra and back % 21 == 7:
            made.append({"unix": unix + 11, "balance_cents": moving, **COUNTERS})
    return made


@dataclass
class Workspace:
    """Everything about a workspace that a condition may want otherwise.

    ``later`` is run once the files are there, ``rights`` right before the inspection;
    ``seen`` is closed right after it and ``stack`` at the end.
    """

    home: Path
    now: float = field(default_factory=time.time)
    journal_mode: str = "delete"
    snapshots: list[Row] = field(default_factory=list)
    orders: list[Row] = field(default_factory=list)
    fills: list[Row] = field(default_factory=list)
    positions: list[Row] = field(default_factory=list)
    schema: dict[str, str] = field(default_factory=dict)
    log: list[str] = field(default_factory=list)
    log_encoding: str = "utf-8"
    dotenv: list[str] = field(default_factory=list)
    code: dict[str, str] = field(default_factory=lambda: {"main.py": _MAIN})
    engines: int = 1
    profile: Profile = PROFILE
    expect: Expectation = Expectation.RUNNING
    offset_seconds: float = 0.0
    variables: dict[str, str] = field(default_factory=dict)
    live: Live = field(default_factory=Live)
    account: Account | None = None
    no_account: str = "no environment was selected"
    dashboard: list[Row] | None = None
    dashboard_tables: dict[str, str] = field(default_factory=dict)
    page: dict[str, str] = field(default_factory=lambda: dict(_PAGE))
    page_is_down: bool = False
    later: list[Callable[[], object]] = field(default_factory=list)
    rights: list[Callable[[], object]] = field(default_factory=list)
    seen: contextlib.ExitStack = field(default_factory=contextlib.ExitStack)
    stack: contextlib.ExitStack = field(default_factory=contextlib.ExitStack)

    def __post_init__(self) -> None:
        self.home.mkdir(parents=True, exist_ok=True)
        self.key_file = self.home / "kalshi.pem"
        self.database = self.home / self.profile.database
        self.log_file = self.home / self.profile.log
        self.dotenv_file = self.home / self.profile.dotenv
        self.dashboard_file = self.home.parent / "dashboard" / "dashboard.db"
        self.profile = replace(self.profile, tasks=str(self.home.parent / "Tasks"))
        self.snapshots = series(self.now - 8, 320)
        made = written(self.now - 600)
        statuses = ("resting", "executed", "canceled", "resting")
        self.orders = [
            {"order_id": f"order-{n}", "ticker": f"KX-{n}", "status": status}
            | {"strategy": "mm", "category": "weather", "count": 3}
            | {"price_cents": 41, "created_at": made}
            for n, status in enumerate(statuses)
        ]
        self.fills = [
            {"ticker": "KX-1", "category": "weather", "pnl_cents": 12}
            | {"fee_cents": 1, "created_at": made}
        ]
        self.positions = [
            {"ticker": "KX-1", "side": "yes", "count": 3},
            {"ticker": "KX-2", "side": "no", "count": 5},
            {"ticker": "KX-9", "side": "yes", "count": 0},
        ]
        self.log = [
            self.line(7000, "INFO engine started"),
            *(self.line(age, "INFO loop took 0.4 s") for age in range(3000, 0, -30)),
        ]
        self.dotenv = [
            "# settings of the engine",
            "KALSHI_ENV=production",
            f"KALSHI_API_KEY_ID={KEY_ID}",
            f"KALSHI_PRIVATE_KEY_PATH={self.key_file}",
            "ENABLE_MARKET_MAKING=1",
        ]

    # --- small words for conditions ---------------------------------------------

    def line(self, age: float, text: str) -> str:
        """A line of the log, ``age`` seconds old, in the machine's local time."""
        stamp = datetime.fromtimestamp(self.now - age + self.offset_seconds, UTC)
        return f"{stamp:%Y-%m-%d %H:%M:%S},120 {text}"

    def logs(self, text: str, times: int = 1, age: float = 60) -> None:
        """Let the log say something, lately."""
        self.log += [self.line(age - n, text) for n in range(times)]

    def limits(self, **changes: Any) -> None:
        """Change thresholds of the profile."""
        made = replace(self.profile.thresholds, **changes)
        self.profile = replace(self.profile, thresholds=made)

    def shift(self, seconds: float) -> None:
        """Make the newest snapshot this much older."""
        for row in self.snapshots:
            row["unix"] -= seconds

    def silence(self, seconds: float) -> None:
        """Make the log's newest line, and the file, this much older."""
        self.log = [self.line(seconds + 60, "INFO engine started")]
        self.log += [self.line(seconds, "INFO loop took 0.4 s")]
        self.later.append(lambda: _touch(self.log_file, self.now - seconds))

    def setting(self, name: str, value: str) -> None:
        """Set a variable of the settings file, in its place or at its end."""
        lines = [line for line in self.dotenv if not line.startswith(f"{name}=")]
        self.dotenv = [*lines, f"{name}={value}"]

    def without(self, name: str) -> None:
        """Leave a variable out of the settings file."""
        self.dotenv = [line for line in self.dotenv if not line.startswith(name)]

    def has_account(self, **changes: Any) -> None:
        """Give it an account that agrees with the books, but for these changes."""
        cash = max(self.snapshots, key=lambda row: float(row["unix"]))["balance_cents"]
        given: dict[str, Any] = {
            "environment": "production",
            "read_unix": self.now,
            "cash_cents": int(cash),
            "portfolio_value_cents": 900,
            "holdings": (
                Holding(ticker="KX-1", size=Decimal(3), exposure_dollars=Decimal(2)),
                Holding(ticker="KX-2", size=Decimal(-5), exposure_dollars=Decimal(3)),
            ),
            "resting": tuple(
                RestingOrder(order_id=f"order-{n}", ticker=f"KX-{n}") for n in (0, 3)
            ),
            "fills": 1,
        }
        self.account = Account(**{**given, **changes})

    # --- files ------------------------------------------------------------------

    def write(self) -> None:
        """Put everything on disk, then do what was to be done later."""
        for name, text in self.code.items():
            (self.home / name).write_text(text, encoding="utf-8")
        if not self.key_file.exists():
            self.key_file.write_text(pem(rsa_key()), encoding="ascii")
        self.key_file.chmod(0o600)
        self._write_database()
        self.log_file.parent.mkdir(exist_ok=True)
        text = "".join(f"{line}\n" for line in self.log)
        self.log_file.write_bytes(text.encode(self.log_encoding))
        settings = "".join(f"{line}\n" for line in self.dotenv)
        self.dotenv_file.write_text(settings, encoding="utf-8")
        self.dotenv_file.chmod(0o600)
        if self.dashboard is not None:
            self._write_dashboard(self.dashboard)
        for action in self.later:
            action()

    def _write_database(self) -> None:
        with contextlib.closing(sqlite3.connect(self.database)) as base:
            base.execute(f"PRAGMA journal_mode={self.journal_mode}")
            rows = [
                {"timestamp": row.get("written", written(float(row["unix"]))), **row}
                for row in self.snapshots
            ]
            for row in rows:
                row.pop("unix", None)
                row.pop("written", None)
            tables = {
                "pnl_snapshots": (rows, "timestamp TEXT, balance_cents INTEGER"),
                "orders": (self.orders, "status TEXT"),
                "fills": (self.fills, "ticker TEXT, created_at TEXT"),
                "positions": (self.positions, "ticker TEXT, side TEXT, count INTEGER"),
            }
            for name, (content, columns) in tables.items():
                fill_table(base, name, content, self.schema.get(name, columns))
            base.commit()

    def _write_dashboard(self, rows: list[Row]) -> None:
        self.dashboard_file.parent.mkdir(exist_ok=True)
        tables = {
            "kalshi_snapshots": "id INTEGER PRIMARY KEY, snapshot_ts TEXT UNIQUE",
            "positions": "ticker TEXT",
            **self.dashboard_tables,
        }
        with contextlib.closing(sqlite3.connect(self.dashboard_file)) as base:
            for name, columns in tables.items():
                if columns:
                    base.execute(f"CREATE TABLE {name} ({columns})")
            for row in rows:
                place = row.get("table", "kalshi_snapshots")
                content = {k: v for k, v in row.items() if k != "table"}
                marks = ", ".join("?" * len(content))
                names = ", ".join(content)
                sql = f"INSERT INTO {place} ({names}) VALUES ({marks})"
                base.execute(sql, list(content.values()))
            base.commit()

    # --- judgement --------------------------------------------------------------

    def context(self) -> Context:
        """The circumstances, as the plugin would give them."""
        return Context(
            home=self.home,
            now_unix=self.now,
            offset_seconds=self.offset_seconds,
            profile=self.profile,
            expect=self.expect,
            dashboard=self.dashboard_file if self.dashboard is not None else None,
            variables=self.variables,
            live=self.live,
            account=self.account,
            no_account=self.no_account,
        )

    def start_engines(self) -> None:
        """Start as many engines as there are to be: real processes that wait."""
        for _ in range(self.engines):
            self.stack.enter_context(
                running_engine(self.home, str(self.home / "main.py"))
            )

    def inspect(self) -> Inspection:
        """Write it, start its engines and its dashboard's page, and inspect it."""
        with self.stack:
            self.write()
            self.start_engines()
            if self.dashboard is not None:
                port = self.stack.enter_context(page(self.page))
                if self.page_is_down:
                    port = closed_port()
                board = replace(self.profile.dashboard, port=port)
                self.profile = replace(self.profile, dashboard=board)
            before = fingerprint(self.home)
            context = self.context()
            with self.seen:
                for action in self.rights:
                    action()
                inspection = judge(look(context), context)
            assert fingerprint(self.home) == before, "the workspace was touched"
        return inspection


def fill_table(
    base: sqlite3.Connection, name: str, rows: list[Row], columns: str
) -> None:
    """Make a table of the columns that the rows have, or ``columns``; "" for none."""
    if not columns:
        return
    known = [part.split()[0] for part in columns.split(",") if part.strip()]
    names = list(dict.fromkeys([*known, *(key for row in rows for key in row)]))
    more = [f"[{key}]" for key in names if key not in known]
    base.execute(f"CREATE TABLE [{name}] ({', '.join([columns, *more])})")
    marks = ", ".join("?" * len(names))
    listed = ", ".join(f"[{key}]" for key in names)
    base.executemany(
        f"INSERT INTO [{name}] ({listed}) VALUES ({marks})",
        [[row.get(key) for key in names] for row in rows],
    )


@contextlib.contextmanager
def running_engine(
    home: Path, script: str = "main.py"
) -> Iterator[subprocess.Popen[bytes]]:
    """A process that looks like the engine, and ends with the block."""
    process = subprocess.Popen(
        [sys.executable, "-S", "-E", script], cwd=home, stdin=subprocess.PIPE
    )
    try:
        yield process
    finally:
        assert process.stdin is not None
        process.stdin.close()
        process.wait(60)


@contextlib.contextmanager
def page(said: dict[str, str]) -> Iterator[int]:
    """The dashboard's web server, which says this of itself; its port."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = json.dumps(said).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield server.server_address[1]
        finally:
            server.shutdown()
            thread.join()


def closed_port() -> int:
    """A port of this machine where nobody listens."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
    return port


def fingerprint(folder: Path) -> dict[str, tuple[int, int, str]]:
    """Every file below ``folder`` with size, time and SHA-256 of its content."""
    found = {}
    for path in sorted(folder.rglob("*")):
        status = path.lstat()
        digest = hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
        found[str(path)] = (status.st_size, status.st_mtime_ns, digest)
    return found


def _touch(path: Path, unix: float) -> None:
    os.utime(path, (unix, unix))
