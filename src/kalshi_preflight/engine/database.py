"""What the engine's database says, read in small, bounded pieces."""

import contextlib
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from kalshi_preflight.engine.columns import Found, find, schema_facts, tables_of
from kalshi_preflight.engine.database_file import look_at, sidecars
from kalshi_preflight.engine.profile import Profile, Thresholds
from kalshi_preflight.engine.reader import Reader, Unreadable, named, reading
from kalshi_preflight.engine.stamps import parse

Facts = dict[str, Any]
#: An amount of more digits is none: ``1e999999999``, written out, fills the memory.
_MOST_DIGITS = 30


def inspect(path: Path, profile: Profile) -> Facts:
    """Read the database; whatever keeps it from being read is a fact (``refused``)."""
    facts = _inspect(path, profile)
    if facts["state"] == "file" and _woke_up(path, facts):
        # Read as a file at rest, and meanwhile somebody began to write a WAL.
        return _inspect(path, profile)
    return facts


def _woke_up(path: Path, facts: Facts) -> bool:
    at_rest = facts["journal_mode"] == "wal" and not facts["sidecars"].get("wal")
    return at_rest and bool(sidecars(path).get("wal"))


def _inspect(path: Path, profile: Profile) -> Facts:
    facts = look_at(path)
    if facts["state"] != "file":
        return facts
    try:
        with reading(path, facts["journal_mode"], profile.thresholds) as reader:
            _read(reader, profile, facts)
    except Unreadable as refusal:
        facts["refused"] = refusal.cause
        facts["refusal"] = refusal.text
    except TimeoutError:
        facts["refused"] = "db-locked"
        facts["refusal"] = "a query did not end in its time"
    facts["path"] = str(path)
    return facts


def _read(reader: Reader, profile: Profile, facts: Facts) -> None:
    facts["tables"] = tables_of(reader)
    wanted = (profile.snapshots, profile.orders, profile.fills, profile.positions)
    found = {table.name: find(reader, table) for table in wanted}
    facts["schema"] = schema_facts(profile, found)
    thresholds = profile.thresholds
    _check(reader, thresholds, facts)
    if (snapshots := found[profile.snapshots.name]) is not None:
        facts["snapshots"] = _snapshots(reader, snapshots, profile)
    if (orders := found[profile.orders.name]) is not None:
        facts["orders"] = _orders(reader, orders, thresholds)
    if (fills := found[profile.fills.name]) is not None:
        facts["fills"] = _fills(reader, fills, thresholds)
    if (positions := found[profile.positions.name]) is not None:
        facts["positions"] = _positions(reader, positions, thresholds)


def _check(reader: Reader, thresholds: Thresholds, facts: Facts) -> None:
    """SQLite's own check of a file that is not too large for it."""
    if facts["size_bytes"] > thresholds.check_bytes:
        facts["integrity"] = "judged by the rows read: the file is large"
        return
    with contextlib.suppress(TimeoutError):
        said = [str(row[0]) for row in reader.rows("PRAGMA quick_check(1)")]
        facts["integrity"] = said[0][:300] if said else "ok"
        if facts["integrity"] != "ok":
            raise Unreadable("db-corrupt", facts["integrity"])


def _bounded_count(reader: Reader, table: Found, limit: int) -> int:
    """The number of rows; above ``limit`` it is ``limit + 1``, for "more than that"."""
    sql = f"SELECT count(*) FROM (SELECT 1 FROM {table.source} LIMIT {limit + 1})"
    return int(reader.rows(sql)[0][0])


# --- snapshots ------------------------------------------------------------------


def _snapshots(reader: Reader, table: Found, profile: Profile) -> Facts:
    thresholds = profile.thresholds
    time, cash = table.column("time"), table.column("cash")
    if time is None:
        return {"rows": []}
    counters = [name for name in profile.counters if name in table.columns]
    columns = [time, cash or "NULL", *map(named, counters)]
    newest = reader.rows(
        f"SELECT {', '.join(columns)} FROM {table.source}"
        f"{table.newest_first()} LIMIT {thresholds.newest_rows}"
    )
    history = reader.rows(
        f"SELECT {time} FROM {table.source}"
        f"{table.newest_first()} LIMIT {thresholds.gap_rows}"
    )
    name = table.roles.get("cash", "")
    return {
        "counters": counters,
        "time_column": table.roles["time"],
        "cash_column": name,
        "rows": [_snapshot(row, name, counters) for row in newest],
        "history_unix": [stamp.unix for (v,) in history if (stamp := parse(v))],
    }


def _snapshot(row: tuple[Any, ...], cash: str, counters: list[str]) -> Facts:
    stamp = parse(row[0])
    return {
        "written": _shown(row[0]),
        "unix": stamp.unix if stamp else None,
        "form": stamp.form if stamp else None,
        "aware": stamp.aware if stamp else False,
        "cash_raw": row[1],
        "cash_cents": cents(row[1], cash),
        "set": [n for n, v in zip(counters, row[2:], strict=True) if number(v)],
        "odd": [
            n
            for n, v in zip(counters, row[2:], strict=True)
            if v is None or number(v) is None
        ],
        "values": dict(zip(counters, row[2:], strict=True)),
    }


def _shown(value: Any) -> str:
    return repr(value)[:80] if not isinstance(value, str) else value[:80]


def number(value: Any) -> Decimal | None:
    """A column's value as a number, whatever type it was stored with."""
    if value is None or isinstance(value, (bytes, bool)):
        return None
    try:
        made = Decimal(str(value).strip())
    except InvalidOperation:
        return None
    return made if made.is_finite() and made.adjusted() <= _MOST_DIGITS else None


def cents(value: Any, column: str) -> int | None:
    """An amount in cents, by the unit that the column's name gives; else ``None``."""
    amount = number(value)
    if amount is None:
        return None
    if column.endswith("_cents"):
        return int(amount)
    return int(amount * 100) if column.endswith("_dollars") else None


# --- orders, fills, positions ---------------------------------------------------


def _orders(reader: Reader, table: Found, thresholds: Thresholds) -> Facts:
    facts: Facts = {"count": _bounded_count(reader, table, thresholds.counted_rows)}
    roles = [role for role in ("status", "id", "ticker", "time") if role in table.roles]
    if not roles:
        return facts
    columns = ", ".join(table.column(role) or "" for role in roles)
    rows = reader.rows(
        f"SELECT {columns} FROM {table.source}"
        f"{table.newest_first()} LIMIT {thresholds.sampled_rows}"
    )
    sample = [dict(zip(roles, row, strict=True)) for row in rows]
    facts["statuses"] = _tally(row.get("status") for row in sample)
    facts["tickers"] = sorted({str(row["ticker"]) for row in sample if "ticker" in row})
    if "id" in roles:
        facts["ids"] = [str(row["id"]) for row in sample]
        facts["resting_ids"] = [
            str(row["id"])
            for row in sample
            if status_of(row.get("status")) == "resting"
        ]
    times = [s.unix for row in sample if (s := parse(row.get("time")))]
    if times:
        facts["oldest_sampled_unix"] = min(times)
    return facts


def _tally(values: Any) -> dict[str, int]:
    counts: dict[str, int] = {}
    for value in values:
        if value is not None:
            text = str(value)[:40]
            counts[text] = counts.get(text, 0) + 1
    return counts


#: Spellings of what an order can be, lower-cased; the first of a row is the exchange's.
STATUSES = {
    "resting": "resting open pending live active working partially_filled",
    "canceled": "canceled cancelled cancel",
    "executed": "executed filled complete completed",
    "ended": "expired rejected failed",
}
_SPELLINGS = {word: name for name, words in STATUSES.items() for word in words.split()}


def status_of(value: Any) -> str | None:
    """The status that a spelling means, ``None`` if nobody knows it."""
    return _SPELLINGS.get(str(value).strip().lower())


def _fills(reader: Reader, table: Found, thresholds: Thresholds) -> Facts:
    facts: Facts = {"count": _bounded_count(reader, table, thresholds.counted_rows)}
    time = table.column("time")
    if time is not None:
        rows = reader.rows(
            f"SELECT {time} FROM {table.source}{table.newest_first()} LIMIT 1"
        )
        stamp = parse(rows[0][0]) if rows else None
        facts["newest_unix"] = stamp.unix if stamp else None
    return facts


def _positions(reader: Reader, table: Found, thresholds: Thresholds) -> Facts:
    facts: Facts = {"count": _bounded_count(reader, table, thresholds.counted_rows)}
    size, ticker = table.column("size"), table.column("ticker")
    if size is None or ticker is None:
        return facts
    side = table.column("side") or "NULL"
    rows = reader.rows(
        f"SELECT {ticker}, {side}, {size} FROM {table.source}"
        f"{table.newest_first()} LIMIT {thresholds.sampled_rows}"
    )
    facts["open"] = [
        {"ticker": str(row[0])[:80], "size": _signed(row[1], made)}
        for row in rows
        if (made := number(row[2]))
    ]
    return facts


def _signed(side: Any, size: Decimal) -> str:
    """The size with the exchange's sign: a NO position is negative."""
    is_no = str(side).strip().lower() == "no" and size > 0
    return f"{(-size if is_no else size):f}"
