"""The engine's books against the exchange's."""

from kalshi_preflight.engine.row import EngineRow, both, by_hand
from kalshi_preflight.model.cause import Severity

_ASK = both("pytest -m '{environment} or v8' --v8-home={home}")
_DOCS = "https://docs.kalshi.com/api-reference/portfolio/"

ROWS = (
    EngineRow(
        id="db-api-environment-mismatch",
        question="test_same_environment_on_both_sides",
        summary="The engine's database and the account of {environment} are not of one"
        " environment (the engine names: {engine_environment}).",
        why="They have no market in common, or KALSHI_ENV names another environment"
        " than the one whose account was read. Nothing else is compared.",
        check=_ASK,
        fix=by_hand("select the environment that KALSHI_ENV names in {dotenv}"),
    ),
    EngineRow(
        id="fills-not-recorded",
        question="test_fills_are_recorded",
        summary="The engine's database has no fills; the exchange has {fills} (newest:"
        " {newest_fill}).",
        why="The engine never stores fills. '0 fills' says nothing about trading: do"
        " not"
        " change a strategy because of it.",
        check=_ASK,
        fix=by_hand(
            "use the exchange as the record; let the engine store fills (the fill"
            " channel of the WebSocket, or GET /portfolio/fills, all pages)",
        ),
        more=_DOCS + "get-fills",
    ),
    EngineRow(
        id="positions-not-recorded",
        question="test_positions_are_recorded",
        summary="The engine's database has {ours} open positions, the exchange"
        " {theirs} ({differ} differ, {exposure} at stake there).",
        why="The engine does not store positions as they are. Nothing was liquidated"
        " because a local table is empty.",
        check=_ASK,
        fix=by_hand(
            "use the exchange as the record; run no synchronisation that copies the"
            " local table",
        ),
        more=_DOCS + "get-positions",
    ),
    EngineRow(
        id="orders-not-recorded",
        question="test_orders_are_recorded",
        severity=Severity.WARNING,
        summary="{number} resting orders of the exchange are not in the engine's"
        " database ({tickers}).",
        why="They were placed by hand or by a second engine, or their rows were lost.",
        check=_ASK,
        fix=by_hand("compare by order id; find out who placed them"),
    ),
    EngineRow(
        id="orders-status-stale",
        question="test_orders_are_recorded",
        severity=Severity.WARNING,
        summary="{stale} of {sample} orders that the database calls resting no longer"
        " rest at the exchange ({claimed} claim to).",
        why="The status is written once and never brought up to date, so the database's"
        " counts by status mean nothing.",
        check=_ASK,
        fix=by_hand("have the engine refresh orders by their id"),
    ),
    EngineRow(
        id="cash-locked",
        question="test_cash_agrees",
        severity=Severity.WARNING,
        summary="Cash is {cash}, while {locked} are locked in {orders} resting orders"
        " and {positions} positions are worth {value}.",
        why="This is not a loss: resting orders to buy reserve cash, and positions are"
        " not cash.",
        check=_ASK,
        fix=by_hand("cancel by hand the orders that are not wanted, if any"),
    ),
    EngineRow(
        id="db-api-cash-mismatch",
        question="test_cash_agrees",
        summary="The engine wrote {ours} of cash, the exchange has {theirs}"
        " ({differ} apart).",
        why="The engine's rows are old or frozen, or it trades another subaccount,"
        " shard"
        " or key.",
        check=_ASK,
        fix=by_hand("compare key id, environment and subaccount of both"),
    ),
    EngineRow(
        id="totals-capped-at-page-limit",
        question="test_totals_are_whole",
        severity=Severity.WARNING,
        summary="A total of the database is exactly the length of a page: {totals}.",
        why="The first page of a listing was taken for all of it.",
        check=_ASK,
        fix=by_hand("have the program follow the cursor until it is empty"),
    ),
    EngineRow(
        id="history-beyond-cutoff",
        question="test_totals_are_whole",
        severity=Severity.NOTE,
        summary="The database begins before {cutoff}: older fills are only under"
        " /historical.",
        why="The live listings hold about three months. The comparison counts both.",
        check=_ASK,
        fix=by_hand("nothing is to be done here; other tools must ask /historical too"),
    ),
)
