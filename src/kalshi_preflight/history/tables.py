"""The tables, as the steps by which each version of them is made of the one before.

A new history takes all steps, an older one those it lacks; so there is one way only,
and every new history proves it. A step that was ever released is never changed. The SQL
is what SQLite and PostgreSQL both understand; times are UTC in ISO 8601, which sorts.
"""

_RUN = """
CREATE TABLE preflight_run (
    run_id TEXT PRIMARY KEY,
    started TEXT NOT NULL,
    suite TEXT NOT NULL,
    verdict TEXT NOT NULL,
    duration_ms DOUBLE PRECISION NOT NULL,
    engine TEXT NOT NULL
)"""
_DIAGNOSIS = """
CREATE TABLE preflight_diagnosis (
    run_id TEXT NOT NULL REFERENCES preflight_run (run_id) ON DELETE CASCADE,
    environment TEXT NOT NULL,
    verdict TEXT NOT NULL,
    cause TEXT,
    PRIMARY KEY (run_id, environment)
)"""
_STEP = """
CREATE TABLE preflight_step (
    run_id TEXT NOT NULL REFERENCES preflight_run (run_id) ON DELETE CASCADE,
    environment TEXT NOT NULL,
    endpoint TEXT NOT NULL,
    layer TEXT NOT NULL,
    status TEXT NOT NULL,
    elapsed_ms DOUBLE PRECISION NOT NULL,
    cause TEXT,
    PRIMARY KEY (run_id, environment, endpoint, layer)
)"""
# A history of before has runs of one machine, which it did not name.
_VANTAGE = "ALTER TABLE preflight_run ADD COLUMN vantage TEXT NOT NULL DEFAULT '?'"
_BY_VANTAGE = "CREATE INDEX preflight_run_seen ON preflight_run (vantage, started)"

#: Step ``n`` (counted from 1) makes version ``n``.
STEPS: tuple[tuple[str, ...], ...] = (
    (_RUN, _DIAGNOSIS, _STEP),
    (_VANTAGE, _BY_VANTAGE),
)
#: Holds one row for each step that was taken.
VERSIONS = "preflight_version"
CREATE_VERSIONS = "CREATE TABLE preflight_version (version INTEGER PRIMARY KEY)"
ADD_VERSION = "INSERT INTO preflight_version VALUES (:version)"
NEWEST_VERSION = "SELECT max(version) FROM preflight_version"
