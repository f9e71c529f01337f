"""Tables and columns."""

from kalshi_preflight.engine.row import EngineRow, both, by_hand
from kalshi_preflight.model.cause import Blame, Severity

_KNOWN = "test_tables_and_columns_are_known"
_SCHEMA = both("sqlite3 -readonly {path} .schema")

ROWS = (
    EngineRow(
        id="table-missing",
        question=_KNOWN,
        summary="{path} has no table {table} (it has: {tables}).",
        why="It was written by another version of the engine, its first start was not"
        " completed, or it is another file.",
        check=_SCHEMA,
        fix=by_hand("compare the engine's version; map its names in the profile"),
    ),
    EngineRow(
        id="column-missing",
        question=_KNOWN,
        summary="Table {table} has no column for {role} (accepted: {accepted}; it has:"
        " {columns}).",
        why="Another version of the engine names it differently. Nothing is concluded"
        " from a column that is not there.",
        check=_SCHEMA,
        fix=by_hand("add the name to the profile's list of accepted columns"),
    ),
    EngineRow(
        id="column-alias-used",
        question=_KNOWN,
        severity=Severity.NOTE,
        summary="Table {table} calls {usual} by the name {column}.",
        why="A difference of versions; it is read all the same.",
        check=_SCHEMA,
        fix=by_hand("nothing is to be done"),
    ),
    EngineRow(
        id="column-type-unexpected",
        question=_KNOWN,
        severity=Severity.WARNING,
        summary="Snapshots hold NULL or text where numbers belong ({columns}).",
        why="SQLite stores whatever it is given; sums pass over such rows without a"
        " word.",
        check=_SCHEMA,
        fix=by_hand("mend the program that writes these columns"),
    ),
    EngineRow(
        id="unit-ambiguous",
        question=_KNOWN,
        severity=Severity.WARNING,
        blame=Blame.CONFIG,
        summary="Cash is in a column named {column}, which says neither cents nor"
        " dollars.",
        why="The unit is never guessed from the amount, so cash is not compared.",
        check=_SCHEMA,
        fix=by_hand("say the unit in the profile: balance_cents or balance_dollars"),
    ),
    EngineRow(
        id="table-empty",
        question=_KNOWN,
        severity=Severity.NOTE,
        summary="Table {table} has no rows.",
        why="It was never written, or nothing happened: the database alone cannot tell"
        " these apart. The exchange can.",
        check=_SCHEMA,
        fix=by_hand("select an environment beside v8, so that both books are compared"),
    ),
    EngineRow(
        id="status-spelling-unknown",
        question=_KNOWN,
        severity=Severity.WARNING,
        summary="Orders have statuses that nobody knows: {spellings}.",
        why="The exchange says resting, canceled and executed. What counts another"
        " spelling counts nothing.",
        check=both(
            "sqlite3 -readonly {path} 'SELECT status, count(*) FROM orders GROUP BY 1'"
        ),
        fix=by_hand("add the spelling to the suite's map, or mend the writer"),
    ),
)
