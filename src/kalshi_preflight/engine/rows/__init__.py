"""The rows of the engine's catalogue: data, one file a subject."""

from collections.abc import Mapping

from kalshi_preflight.engine.row import EngineRow
from kalshi_preflight.engine.rows import (
    account,
    dashboard,
    database,
    dotenv,
    dotenv_key,
    log,
    process,
    schema,
    snapshots,
)

ROWS: tuple[EngineRow, ...] = (
    *database.ROWS,
    *schema.ROWS,
    *snapshots.ROWS,
    *account.ROWS,
    *log.ROWS,
    *process.ROWS,
    *dotenv.ROWS,
    *dotenv_key.ROWS,
    *dashboard.ROWS,
)

#: The live test that each condition answers "no" to.
QUESTIONS: Mapping[str, str] = {row.id: row.question for row in ROWS}
