"""Which of a profile's tables and columns a database really has."""

from dataclasses import dataclass
from typing import Any

from kalshi_preflight.engine.profile import Profile, Table
from kalshi_preflight.engine.reader import Reader, Unreadable, named


@dataclass(frozen=True, slots=True)
class Found:
    """A table as found: all its columns, and the column that plays each role."""

    table: Table
    columns: tuple[str, ...]
    roles: dict[str, str]
    rowid: str | None

    def column(self, role: str) -> str | None:
        """The column of a role, quoted for SQL."""
        name = self.roles.get(role)
        return None if name is None else named(name)

    @property
    def source(self) -> str:
        """The table, quoted for SQL."""
        return named(self.table.name)

    def newest_first(self) -> str:
        """The ``ORDER BY`` that gives the newest rows without a scan.

        Without a rowid the time column has to do, which an index may or may not help.
        """
        key = self.rowid or self.column("time")
        return f" ORDER BY {key} DESC" if key else ""


def tables_of(reader: Reader) -> list[str]:
    """The names of all tables."""
    sql = "SELECT name FROM sqlite_master WHERE type IN ('table', 'view')"
    return sorted(str(row[0]) for row in reader.rows(sql))


def find(reader: Reader, table: Table) -> Found | None:
    """The table with its roles filled, or ``None`` if it is not there."""
    columns = reader.columns(table.name)
    if not columns:
        return None
    lower = {name.lower(): name for name in columns}
    roles = {}
    for role, accepted in table.columns.items():
        name = next((lower[a] for a in accepted if a in lower), None)
        if name is not None:
            roles[role] = name
    return Found(table, tuple(columns), roles, _rowid(reader, table, set(lower)))


def _rowid(reader: Reader, table: Table, columns: set[str]) -> str | None:
    """The name under which the rowid is seen; a column of that name hides it."""
    for name in ("rowid", "_rowid_", "oid"):
        if name not in columns:
            try:
                reader.rows(f"SELECT {name} FROM {named(table.name)} LIMIT 0")
            except Unreadable:
                return None  # WITHOUT ROWID
            return name
    return None


def schema_facts(profile: Profile, found: dict[str, Found | None]) -> dict[str, Any]:
    """What is missing, and what goes by another name than usual."""
    facts: dict[str, Any] = {"tables_missing": [], "columns_missing": [], "aliases": []}
    tables = {t.name: t for t in (profile.snapshots, *books(profile))}
    for name, table in tables.items():
        here = found.get(name)
        if here is None:
            facts["tables_missing"].append(name)
            continue
        for role in (*table.required, *table.expected):
            if role not in here.roles:
                facts["columns_missing"].append(
                    {
                        "table": name,
                        "role": role,
                        "accepted": list(table.columns[role]),
                        "columns": list(here.columns),
                    }
                )
        for role, column in here.roles.items():
            usual = table.columns[role][0]
            matters = role in (*table.required, *table.expected)
            if matters and column.lower() != usual:
                facts["aliases"].append(
                    {"table": name, "column": column, "usual": usual}
                )
    return facts


def books(profile: Profile) -> tuple[Table, ...]:
    """The tables that hold what was traded."""
    return profile.orders, profile.fills, profile.positions
