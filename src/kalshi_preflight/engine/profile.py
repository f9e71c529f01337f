"""Profiles: how an engine names its things, as data. Another engine is one more row."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

TIME = ("timestamp", "snapshot_ts", "ts", "time", "created_at", "created_time")


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """One table: its name, and for each role the column names that are accepted.

    The first name of a role is the usual one. ``required`` roles are those without
    which the engine's state cannot be told; ``optional`` tables may be missing without
    a word.
    """

    name: str
    columns: Mapping[str, tuple[str, ...]]
    required: tuple[str, ...] = ()
    expected: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Thresholds:
    """Where normal ends; ages and intervals in seconds."""

    snapshot_slow_seconds: float = 300
    snapshot_stalled_seconds: float = 3600
    future_seconds: float = 5
    interval_seconds: float = 30
    window_seconds: float = 600
    slow_rows: int = 15
    doubled_rows: int = 30
    gap_seconds: float = 300
    gap_history_seconds: float = 86_400
    newest_rows: int = 200
    gap_rows: int = 6000
    sampled_rows: int = 2000
    counted_rows: int = 10_000
    busy_seconds: float = 2.0
    query_seconds: float = 2.0
    check_bytes: int = 200 << 20
    copy_bytes: int = 32 << 20
    wal_bytes: int = 64 << 20
    disk_free_bytes: int = 1 << 30
    disk_free_share: float = 0.05
    log_tail_bytes: int = 1 << 20
    log_large_bytes: int = 100 << 20
    log_silent_seconds: float = 600
    log_current_seconds: float = 3600
    log_unstarted_seconds: float = 900
    lock_seconds: float = 180
    restarts: int = 3
    match_seconds: float = 600
    cash_warn_cents: int = 500
    cash_broken_cents: int = 2500
    positions_warn: int = 1
    positions_broken: int = 3
    status_sample: int = 20
    status_stale_share: float = 0.1
    dashboard_warn_seconds: float = 1200
    dashboard_broken_seconds: float = 2700
    dashboard_ahead_seconds: float = 60
    dashboard_page_seconds: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Dashboard:
    """The dashboard's side: its tables, and the port of its web server."""

    snapshots: str = "kalshi_snapshots"
    positions: str = "positions"
    audit: str = "sync_run_audit"
    totals: tuple[str, ...] = ("kalshi_trades", "kalshi_orders")
    time: tuple[str, ...] = ("snapshot_ts", "timestamp")
    audit_status: tuple[str, ...] = ("status",)
    audit_rows: tuple[str, ...] = ("rows", "row_count", "rows_synced", "records")
    audit_time: tuple[str, ...] = ("completed_at", "started_at")
    port: int = 8765
    health_path: str = "/api/health"


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """One engine: paths relative to its workspace, tables, process, log, thresholds.

    ``process_words`` are parts of a command line that is the engine's if the workspace
    is in it or is its working directory. ``reads_lines`` says that the engine reads its
    settings line by line, without a dotenv library; of Scalper V8 this is inferred from
    the scripts around it. ``tasks`` is the folder of scheduled tasks.
    """

    name: str
    database: str
    log: str
    snapshots: Table
    orders: Table
    fills: Table
    positions: Table
    counters: tuple[str, ...]
    process_words: tuple[str, ...]
    code_files: tuple[str, ...]
    start_script: str
    started: str
    stopped: str
    dotenv: str = ".env"
    halt_flag: str = "halt_trading.flag"
    lock_files: tuple[str, ...] = ("*.lock",)
    pid_files: tuple[str, ...] = ("*.pid",)
    reads_lines: bool = True
    tasks: str = r"%SystemRoot%\System32\Tasks"
    thresholds: Thresholds = field(default_factory=Thresholds)
    dashboard: Dashboard = field(default_factory=Dashboard)


SCALPER_V8 = Profile(
    name="Scalper V8",
    database="scalper_v8.db",
    log="logs/scalper_v8.log",
    snapshots=Table(
        name="pnl_snapshots",
        columns={
            "time": (*TIME, "updated_at"),
            "cash": ("balance_cents", "cash_cents", "balance_dollars", "balance"),
            "total_pnl": ("total_pnl_cents", "total_pnl"),
            "daily_pnl": ("daily_pnl_cents", "daily_pnl"),
        },
        required=("time", "cash"),
        expected=("total_pnl",),
    ),
    orders=Table(
        name="orders",
        columns={
            "status": ("status",),
            "id": ("order_id", "kalshi_order_id", "id"),
            "ticker": ("ticker", "market_ticker"),
            "size": ("count", "initial_count", "quantity"),
            "time": ("created_at", "created_time", "timestamp", "ts", "time"),
        },
        expected=("status",),
    ),
    fills=Table(
        name="fills",
        columns={
            "ticker": ("ticker", "market_ticker"),
            "pnl": ("pnl_cents", "result_cents"),
            "time": ("created_at", "created_time", "timestamp", "ts", "time"),
        },
        expected=("ticker",),
    ),
    positions=Table(
        name="positions",
        columns={
            "ticker": ("ticker", "market_ticker"),
            "side": ("side",),
            "size": (
                *("count", "quantity", "position", "position_fp"),
                *("size", "qty"),
            ),
        },
        expected=("ticker", "size"),
    ),
    counters=(
        *("total_pnl_cents", "daily_pnl_cents", "open_positions", "total_orders"),
        *("total_fills", "win_count", "loss_count", "total_fees_cents"),
        *("weather_pnl_cents", "crypto_pnl_cents", "econ_pnl_cents"),
        *("mm_pnl_cents", "lip_rewards_cents"),
    ),
    process_words=("main.py", "engine.py", "launch_v8"),
    code_files=("main.py", "engine.py", "config.py", "kalshi_api.py"),
    start_script="launch_v8.ps1",
    started=r"\b(?:engine|scalper\w*|v8|bot)\b.{0,40}\bstart(?:ed|ing)\b"
    r"|\bstart(?:ed|ing)\b.{0,40}\b(?:engine|scalper\w*|v8|bot)\b",
    stopped=r"\b(?:engine|scalper\w*|v8|bot)\b.{0,40}"
    r"\b(?:stopped|stopping|shut ?down)\b"
    r"|\bshutting down\b|\bshutdown complete\b",
)

#: Every engine that this suite knows, by the name of its profile. A workspace shows by
#: itself whose it is, so another engine is one more row, and nothing to be set.
PROFILES: Mapping[str, Profile] = {SCALPER_V8.name: SCALPER_V8}


def profile_of(home: Path, profiles: Mapping[str, Profile] = PROFILES) -> Profile:
    """The profile whose database, else whose log, lies in a workspace.

    The first one where nothing lies there: then what is missing is missing of that.
    """
    known = list(profiles.values())
    for name in ("database", "log"):
        for profile in known:
            if _lies(home / getattr(profile, name)):
                return profile
    return known[0]


def _lies(path: Path) -> bool:
    try:
        return path.exists()
    except OSError:
        return False  # what may not be looked at is for the collectors to tell
