"""The dashboard's database and web server, as far as they copy the engine's."""

import http.client
import json
from pathlib import Path
from typing import Any

from kalshi_preflight.engine.database_file import look_at
from kalshi_preflight.engine.profile import Profile
from kalshi_preflight.engine.reader import Reader, Unreadable, named, reading
from kalshi_preflight.engine.stamps import parse

Facts = dict[str, Any]
_COUNTED = 100_000


def inspect(path: Path, profile: Profile) -> Facts:
    """Read the dashboard's side; ``refused`` is the id of what keeps it from it."""
    looked = look_at(path)
    facts: Facts = {"path": str(path), "state": looked["state"]}
    facts["server"] = _server(profile)
    if looked["state"] != "file":
        return facts
    try:
        with reading(path, looked["journal_mode"], profile.thresholds) as reader:
            _read(reader, profile, facts)
    except Unreadable as refusal:
        facts["refused"] = refusal.cause
    except TimeoutError:
        facts["refused"] = "db-locked"
    return facts


def _read(reader: Reader, profile: Profile, facts: Facts) -> None:
    names = profile.dashboard
    columns = reader.columns(names.snapshots)
    time = next((name for name in names.time if name in columns), None)
    facts["has_snapshots"] = time is not None
    facts["has_positions"] = bool(reader.columns(names.positions))
    if time is not None:
        _snapshots(reader, names.snapshots, time, "id" in columns, facts)
    facts["totals"] = {
        name: _count(reader, name) for name in names.totals if reader.columns(name)
    }
    facts["audit"] = _audit(reader, profile)


def _count(reader: Reader, table: str) -> int:
    sql = f"SELECT count(*) FROM (SELECT 1 FROM {named(table)} LIMIT {_COUNTED})"
    return int(reader.rows(sql)[0][0])


def _snapshots(
    reader: Reader, table: str, time: str, has_id: bool, facts: Facts
) -> None:
    source, column = named(table), named(time)
    rows = reader.rows(
        f"SELECT {column} FROM {source} ORDER BY {column} DESC LIMIT 400"
    )
    times = [stamp.unix for (value,) in rows if (stamp := parse(value))]
    facts["times_unix"] = times
    facts["newest_unix"] = max(times, default=None)
    facts["rows"] = _count(reader, table)
    if has_id:
        facts["highest_id"] = reader.rows(f"SELECT MAX([id]) FROM {source}")[0][0]


def _audit(reader: Reader, profile: Profile) -> Facts | None:
    names = profile.dashboard
    columns = reader.columns(names.audit)
    status = next((name for name in names.audit_status if name in columns), None)
    if status is None:
        return None
    rows = next((name for name in names.audit_rows if name in columns), None)
    wanted = ", ".join([named(status), named(rows) if rows else "NULL"])
    sql = f"SELECT {wanted} FROM {named(names.audit)} ORDER BY rowid DESC LIMIT 1"
    newest = reader.rows(sql)
    if not newest:
        return None
    return {"status": str(newest[0][0])[:80], "rows": newest[0][1]}


def _server(profile: Profile) -> Facts:
    """What the dashboard's page says of itself: ``down``, ``live`` or ``other``."""
    names = profile.dashboard
    patience_seconds = profile.thresholds.dashboard_page_seconds
    connection = http.client.HTTPConnection(
        "127.0.0.1", names.port, timeout=patience_seconds
    )
    try:
        connection.request("GET", names.health_path)
        body = connection.getresponse().read(65536)
    except (OSError, http.client.HTTPException):
        return {"state": "down", "port": names.port}
    finally:
        connection.close()
    return {"state": "live" if _says_live(body) else "other", "port": names.port}


def _says_live(body: bytes) -> bool:
    try:
        said: Any = json.loads(body)
    except (ValueError, RecursionError):  # nested without end
        return False
    status = said.get("status") if isinstance(said, dict) else None
    return str(status).lower() in ("live", "ok", "healthy", "running")
