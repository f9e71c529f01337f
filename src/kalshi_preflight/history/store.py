"""Remember a run: one row for it, one an environment, one a step; forget the oldest."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from kalshi_preflight.history.address import address_of
from kalshi_preflight.history.database import Database, opened
from kalshi_preflight.model.secret import Secret

Json = Mapping[str, Any]
#: What is older than this is forgotten, and of each vantage point all but so many runs.
KEPT_DAYS = 90
KEPT_RUNS = 20_000
#: So many runs are forgotten at once: nobody waits long for somebody who tidies up.
FORGOTTEN_AT_ONCE = 200
#: The document's form of a time, as far as seconds: enough to tell what is too old.
_FORMAT = "%Y-%m-%dT%H:%M:%S"

_ADD_RUN = """
INSERT INTO preflight_run
    (run_id, started, suite, verdict, duration_ms, engine, vantage)
VALUES (:run_id, :started, :suite, :verdict, :duration_ms, :engine, :vantage)"""
_ADD_DIAGNOSIS = """
INSERT INTO preflight_diagnosis (run_id, environment, verdict, cause)
VALUES (:run_id, :environment, :verdict, :cause)"""
_ADD_STEP = """
INSERT INTO preflight_step
    (run_id, environment, endpoint, layer, status, elapsed_ms, cause)
VALUES (:run_id, :environment, :endpoint, :layer, :status, :elapsed_ms, :cause)"""
_TOO_OLD = """
SELECT run_id FROM preflight_run WHERE vantage = :vantage AND started < :oldest
ORDER BY started LIMIT :most"""
_TOO_MANY = """
SELECT run_id FROM preflight_run WHERE vantage = :vantage
ORDER BY started DESC LIMIT :most OFFSET :kept"""
# Diagnoses and steps go with their run.
_FORGET = "DELETE FROM preflight_run WHERE run_id = :run_id"


def remember(url: Secret, document: Json, *, vantage: str) -> None:
    """Put a finished, redacted document into the history, then forget the oldest runs.

    ``vantage`` is where it looked from; a document of several vantage points becomes
    one run for each of them, under its own name. Raises
    :class:`~kalshi_preflight.history.errors.HistoryError`; then nothing was written.
    """
    address = address_of(url)
    if address.file is None and address.server is None:
        return
    seen = document.get("vantages") or [{**document, "vantage": vantage}]
    with opened(address) as database, database.transaction(writing=True):
        for part in seen:
            _add(database, {**document, **part}, str(part["vantage"]))
        for part in seen:
            _forget(database, str(part["vantage"]), datetime.now(UTC))


def _add(database: Database, document: Json, vantage: str) -> None:
    run_id = uuid4().hex
    run = {name: document[name] for name in ("started", "suite", "verdict")}
    run |= {"run_id": run_id, "vantage": vantage}
    run |= {"duration_ms": float(document["duration_ms"])}
    database.run(_ADD_RUN, {**run, "engine": document["engine"]["verdict"]})
    for environment in document["environments"]:
        place = {"run_id": run_id, "environment": environment["name"]}
        root = environment["root_cause"]
        database.run(
            _ADD_DIAGNOSIS,
            {
                **place,
                "verdict": environment["verdict"],
                "cause": root["id"] if root else None,
            },
        )
        steps = [{**place, **step} for step in _steps(environment)]
        if steps:
            database.run_many(_ADD_STEP, steps)


def _steps(environment: Json) -> Iterator[Json]:
    columns = ("layer", "status", "elapsed_ms", "cause")
    for journey in environment["journeys"]:
        for step in journey["steps"]:
            told = {column: step[column] for column in columns}
            told["cause"] = told["cause"] or step["blocked_by"]
            yield {**told, "endpoint": journey["endpoint"]}


def _forget(database: Database, vantage: str, now: datetime) -> None:
    """Forget some runs of a vantage point that are too old or too many.

    Where another run is at it already, that one is left to it.
    """
    if not database.alone_at_once():
        return
    oldest = now.astimezone(UTC) - timedelta(days=KEPT_DAYS)
    told = {"vantage": vantage, "most": FORGOTTEN_AT_ONCE}
    found = [
        *database.run(_TOO_OLD, {**told, "oldest": oldest.strftime(_FORMAT)}),
        *database.run(_TOO_MANY, {**told, "kept": KEPT_RUNS}),
    ]
    forgotten = [{"run_id": run_id} for run_id in {run_id for (run_id,) in found}]
    if forgotten:
        database.run_many(_FORGET, forgotten)
